import { checkOptionNames } from '../../adapters/support/known-options.ts'
import { distributedTrail } from './citus.ts'
import { clientOf, type PostgresClient, run, type UnsafeSqlClient } from './client.ts'
import { type Tables, tablesOf } from './tables.ts'

/**
 * Options of {@link migratePostgres} and {@link postgresMigration}.
 *
 * @category Storage
 */
export interface PostgresMigrationOptions {
  /**
   * The schema that holds the tables. It is created if missing. Default: `ccass_2fa`. Allowed: 1–63 small
   * letters, digits and `_`.
   */
  readonly schema?: string
  /**
   * The number of partitions (2–1,024), by participant, of each table when it is created. Default: no
   * partitions. Existing tables are not changed.
   */
  readonly partitions?: number
}

/** What a step depends on. */
interface SchemaLayout {
  readonly tables: Tables
  readonly partitions: number | undefined
}

/**
 * Creates a table, with its partitions if any. Record pages keep free space, so that an update stays on its
 * page.
 */
const table = (
  { tables, partitions }: SchemaLayout,
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

/** Compares texts byte by byte, regardless of the database's locale. */
const key = 'text COLLATE "C" NOT NULL'

const first = (layout: SchemaLayout): string => `
${table(
  layout,
  'record',
  `participant ${key}, kind ${key}, id ${key}, version bigint NOT NULL, state json NOT NULL, vault json NOT NULL,
  head text NOT NULL, PRIMARY KEY (participant, kind, id)`,
)}
${table(
  layout,
  'trail',
  `participant ${key}, kind ${key}, id ${key}, seq bigint NOT NULL, entry json NOT NULL,
  personal json, transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
  PRIMARY KEY (participant, kind, id, seq)`,
)}
CREATE INDEX ON ${layout.tables.trail} (transaction);
${table(
  layout,
  'notice',
  `participant ${key}, id ${key}, waiting_since timestamptz NOT NULL DEFAULT now(), ordinal bigserial,
  notice json NOT NULL, claimed_until bigint NOT NULL DEFAULT 0, PRIMARY KEY (participant, id)`,
)}
CREATE INDEX ON ${layout.tables.notice} (waiting_since, ordinal);
COMMENT ON TABLE ${layout.tables.record} IS
  'One row per record: its current state, replayed from its trail. Version 0: no record; a commit relied on its absence.';
COMMENT ON TABLE ${layout.tables.trail} IS
  'What happened to each record. Hashes chain the entries from the first to the head of the record. Append-only.';
COMMENT ON COLUMN ${layout.tables.trail}.personal IS
  'Salts and values of personal data, by kind. Not part of the hashes. Erased when their retention period ends.';
COMMENT ON COLUMN ${layout.tables.trail}.transaction IS
  'The transaction that wrote the entry; orders the feed. 0 for entries that were restored from another server.';
COMMENT ON TABLE ${layout.tables.notice} IS
  'Mails that are waiting to be sent. claimed_until (epoch milliseconds): until then only the process that claimed it sends it.';
`

/**
 * Claiming finds free notices without reading claimed ones. A page of the feed needs no sorting of what one
 * transaction wrote, which is the whole trail after a restore.
 */
const orderedIndexes = ({ tables }: SchemaLayout): string => `
CREATE INDEX trail_feed ON ${tables.trail} (transaction, participant, kind, id, seq);
DROP INDEX IF EXISTS ${tables.schema}.trail_transaction_idx;
CREATE INDEX notice_free ON ${tables.notice} (claimed_until, waiting_since, ordinal);
DROP INDEX IF EXISTS ${tables.schema}.notice_waiting_since_ordinal_idx;
`

/**
 * The steps that migrate a schema from each version to the next, starting from nothing. Published steps never
 * change.
 */
const steps: readonly ((layout: SchemaLayout) => string)[] = [first, orderedIndexes]

/** Formats a text as an SQL literal. */
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`

/**
 * Returns the statement that {@link migratePostgres} runs. A database administrator can read it, or run it
 * with `psql` under a role with more rights than the service has. It is a single block and does nothing if
 * the schema is up to date.
 *
 * @throws RangeError for an option outside its bounds. TypeError for an unknown option.
 * @category Storage
 */
export const postgresMigration = (options: PostgresMigrationOptions = {}): string => {
  checkOptionNames('postgresMigration', options, ['schema', 'partitions'])
  const { schema, partitions } = options
  const tables = tablesOf(schema)
  if (partitions !== undefined && !(Number.isInteger(partitions) && partitions >= 2 && partitions <= 1_024))
    throw new RangeError('partitions must be a whole number from 2 to 1,024')
  const layout = { tables, partitions }
  const name = literal(tables.schema.slice(1, -1))
  const upgrades = steps.map(
    (step, i) => `
IF present < ${i + 1} THEN
${step(layout)}
INSERT INTO ${tables.migration} (version) VALUES (${i + 1});
END IF;`,
  )
  // The block is one transaction, and the lock ends with it. The next migration then sees the result of this
  // one.
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
  RAISE EXCEPTION 'schema % was created by a later release', present;
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
 * Creates or migrates the tables. Call it at every start. Any number of processes may call it at the same
 * time: each step runs once, completely or not at all, and a process that finds the schema up to date changes
 * nothing. It works through PgBouncer in transaction mode.
 *
 * @param client - a pool, or any other client that runs statements.
 * @throws Error if the schema belongs to a later release, the database is not encoded in UTF8, or the role
 * lacks the rights to create what is missing. Nothing is changed then. RangeError for an option outside its
 * bounds.
 * @category Storage
 */
export const migratePostgres = async (
  client: PostgresClient | UnsafeSqlClient,
  options: PostgresMigrationOptions = {},
): Promise<void> => {
  await run(clientOf(client), { text: postgresMigration(options), values: [] })
}
