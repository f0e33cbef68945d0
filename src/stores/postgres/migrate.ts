import { checkOptionNames } from '../../adapters/support/known-options.ts'
import { distributedTrail } from './citus.ts'
import { clientOf, type PostgresClient, run, type UnsafeSqlClient } from './client.ts'
import { type Tables, tablesOf } from './tables.ts'

/**
 * How the tables are made.
 *
 * @category Storage
 */
export interface PostgresMigrationOptions {
  /**
   * The schema that holds the tables; made if it is not there. `ccass_2fa` unless given; 1–63 small letters,
   * digits and `_`.
   */
  readonly schema?: string
  /**
   * Into how many partitions, by participant, the tables are divided when they are made (2–1,024); one whole
   * each unless given. Tables that are there stay as they are.
   */
  readonly partitions?: number
}

/** What a step needs to know. */
interface Ground {
  readonly tables: Tables
  readonly partitions: number | undefined
}

/** A table, or a table and its partitions. The records' pages keep room, so that a change stays on its page. */
const table = (
  { tables, partitions }: Ground,
  name: 'record' | 'trail' | 'notice',
  columns: string,
): string => {
  const storage = name === 'record' ? ' WITH (fillfactor = 80)' : ''
  const whole = `CREATE TABLE ${tables[name]} (${columns})`
  if (partitions === undefined) return `${whole}${storage};`
  const parts = Array.from(
    { length: partitions },
    (_, i) =>
      `CREATE TABLE ${tables.schema}.${name}_${i} PARTITION OF ${tables[name]} FOR VALUES WITH (MODULUS ${partitions}, REMAINDER ${i})${storage};`,
  )
  return [`${whole} PARTITION BY HASH (participant);`, ...parts].join('\n')
}

/** Texts compare byte by byte, in any language the database speaks. */
const key = 'text COLLATE "C" NOT NULL'

const first = (ground: Ground): string => `
${table(
  ground,
  'record',
  `participant ${key}, kind ${key}, id ${key}, version bigint NOT NULL, state json NOT NULL, vault json NOT NULL,
  head text NOT NULL, PRIMARY KEY (participant, kind, id)`,
)}
${table(
  ground,
  'trail',
  `participant ${key}, kind ${key}, id ${key}, seq bigint NOT NULL, entry json NOT NULL,
  personal json, transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
  PRIMARY KEY (participant, kind, id, seq)`,
)}
CREATE INDEX ON ${ground.tables.trail} (transaction);
${table(
  ground,
  'notice',
  `participant ${key}, id ${key}, waiting_since timestamptz NOT NULL DEFAULT now(), ordinal bigserial,
  notice json NOT NULL, claimed_until bigint NOT NULL DEFAULT 0, PRIMARY KEY (participant, id)`,
)}
CREATE INDEX ON ${ground.tables.notice} (waiting_since, ordinal);
COMMENT ON TABLE ${ground.tables.record} IS
  'One row per record, as it is now: the fold of its trail. Version 0: there is none, and someone relied on it.';
COMMENT ON TABLE ${ground.tables.trail} IS
  'What happened to each record, chained by hashes from the first entry to the head of the record. Never changed.';
COMMENT ON COLUMN ${ground.tables.trail}.personal IS
  'Salts and values of personal data, by kind. No part of the hashes; erased when their time is over.';
COMMENT ON COLUMN ${ground.tables.trail}.transaction IS
  'Who wrote it: the order of the feed. 0 for entries that were restored from another server.';
COMMENT ON TABLE ${ground.tables.notice} IS
  'Mails that must be sent yet. claimed_until, in epoch milliseconds: until then anyone who claimed one sends it.';
`

/** What brings a schema from each version to the next, the first from nothing. Published steps are never changed. */
const steps: readonly ((ground: Ground) => string)[] = [first]

/** A text as a literal of SQL. */
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`

/**
 * The statement that {@link migratePostgres} carries out, for a database administrator to read, or to run by
 * `psql` under a role of more rights than the service has. It is a single block, and does nothing where the
 * schema is up to date.
 *
 * @throws RangeError for options out of their bounds; TypeError for an unknown one.
 * @category Storage
 */
export const postgresMigration = (options: PostgresMigrationOptions = {}): string => {
  checkOptionNames('postgresMigration', options, ['schema', 'partitions'])
  const { schema, partitions } = options
  const tables = tablesOf(schema)
  if (partitions !== undefined && !(Number.isInteger(partitions) && partitions >= 2 && partitions <= 1_024))
    throw new RangeError('there may be 2–1,024 partitions')
  const ground = { tables, partitions }
  const name = literal(tables.schema.slice(1, -1))
  const upgrades = steps.map(
    (step, i) => `
IF present < ${i + 1} THEN
${step(ground)}
INSERT INTO ${tables.migration} (version) VALUES (${i + 1});
END IF;`,
  )
  // The lock ends with the transaction, which the block is; what follows it sees what the one before did.
  return `DO $migration$
DECLARE present integer;
BEGIN
PERFORM pg_advisory_xact_lock(hashtext('ccass-2fa'), hashtext(${name}));
IF current_setting('server_encoding') <> 'UTF8' THEN
  RAISE EXCEPTION 'the database must be encoded in UTF8';
END IF;
IF to_regnamespace(${literal(tables.schema)}) IS NULL THEN
  CREATE SCHEMA ${tables.schema};
END IF;
IF to_regclass(${literal(tables.migration)}) IS NULL THEN
  CREATE TABLE ${tables.migration} (version integer PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());
END IF;
SELECT coalesce(max(version), 0) INTO present FROM ${tables.migration};
IF present > ${steps.length} THEN
  RAISE EXCEPTION 'schema % is of a later release than this', present;
END IF;
${upgrades.join('')}
-- Restored from a server that had counted further: its numbers would stand before those that are drawn now.
-- On a trail distributed by Citus the numbers order nothing, and nothing reads them.
IF NOT EXISTS (${distributedTrail(`'${tables.trail}'::regclass`)}) THEN
  IF EXISTS (SELECT FROM ${tables.trail} WHERE transaction >= pg_snapshot_xmax(pg_current_snapshot())) THEN
    UPDATE ${tables.trail} SET transaction = '0';
  END IF;
END IF;
END
$migration$`
}

/**
 * Makes the tables, or brings them to this release's form. To be called at every start: any number of processes
 * may do so at once, each step is made once, wholly or not at all, and one that finds everything in order changes
 * nothing. Works through PgBouncer in transaction mode.
 *
 * @param client - a pool, or anything else that runs statements.
 * @throws if the schema is of a later release, the database is not encoded in UTF8, or the role may not make
 * what is missing; nothing is changed then. RangeError for options out of their bounds.
 * @category Storage
 */
export const migratePostgres = async (
  client: PostgresClient | UnsafeSqlClient,
  options: PostgresMigrationOptions = {},
): Promise<void> => {
  await run(clientOf(client), { text: postgresMigration(options), values: [] })
}
