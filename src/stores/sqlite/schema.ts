import type { SqliteTables } from './tables.ts'

/** Makes a table again in another form, with the rows that it has. */
const remade = (table: string, form: string, columns: string, order: string): readonly string[] => [
  `ALTER TABLE ${table} RENAME TO ${table}_former`,
  `CREATE TABLE ${table} (${form}) STRICT`,
  `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM ${table}_former ORDER BY ${order}`,
  `DROP TABLE ${table}_former`,
]

/**
 * The steps that migrate a database from each version to the next, starting with an empty database. The
 * version is in a separate table, because `PRAGMA user_version` belongs to the host. A published step never
 * changes, because existing databases rely on it.
 */
export const schemaSteps: readonly ((tables: SqliteTables) => readonly string[])[] = [
  ({ record, trail, notice, conflict }) => [
    `CREATE TABLE ${record} (
      participant TEXT NOT NULL,
      kind TEXT NOT NULL,
      id TEXT NOT NULL,
      version INTEGER NOT NULL,
      state TEXT NOT NULL,
      vault TEXT NOT NULL,
      head TEXT NOT NULL,
      PRIMARY KEY (participant, kind, id)
    ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE ${trail} (
      participant TEXT NOT NULL,
      kind TEXT NOT NULL,
      id TEXT NOT NULL,
      seq INTEGER NOT NULL,
      entry TEXT NOT NULL,
      personal TEXT,
      ordinal INTEGER NOT NULL UNIQUE,
      PRIMARY KEY (participant, kind, id, seq)
    ) STRICT, WITHOUT ROWID`,
    // claimed_until: epoch milliseconds.
    `CREATE TABLE ${notice} (
      ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
      participant TEXT NOT NULL,
      id TEXT NOT NULL UNIQUE,
      notice TEXT NOT NULL,
      claimed_until INTEGER NOT NULL DEFAULT 0
    ) STRICT`,
    `CREATE TABLE ${conflict} (id INTEGER, CONSTRAINT ${conflict} CHECK (id IS NULL)) STRICT`,
  ],
  // Rows of a kilobyte and more made the trees of a table WITHOUT ROWID deep and the file three times as large: keys are
  // in an index of their own now. Free notices are found without passing those that are claimed.
  ({ record, trail, notice }) => [
    ...remade(
      record,
      `participant TEXT NOT NULL,
      kind TEXT NOT NULL,
      id TEXT NOT NULL,
      version INTEGER NOT NULL,
      state TEXT NOT NULL,
      vault TEXT NOT NULL,
      head TEXT NOT NULL,
      PRIMARY KEY (participant, kind, id)`,
      'participant, kind, id, version, state, vault, head',
      'participant, kind, id',
    ),
    ...remade(
      trail,
      `participant TEXT NOT NULL,
      kind TEXT NOT NULL,
      id TEXT NOT NULL,
      seq INTEGER NOT NULL,
      entry TEXT NOT NULL,
      personal TEXT,
      ordinal INTEGER PRIMARY KEY,
      UNIQUE (participant, kind, id, seq)`,
      'participant, kind, id, seq, entry, personal, ordinal',
      'ordinal',
    ),
    `CREATE INDEX ${notice}_free ON ${notice} (claimed_until, ordinal)`,
  ],
]

/** The schema version that this release requires. */
export const schemaVersion = schemaSteps.length

/** Creates the table of schema versions. It has one row for each completed step. */
export const createSchemaTable = ({ schema }: SqliteTables): string =>
  `CREATE TABLE IF NOT EXISTS ${schema} (version INTEGER PRIMARY KEY) STRICT`

/** Whether the table of schema versions exists. */
export const schemaTableQuery =
  "SELECT count(*) AS found FROM sqlite_master WHERE type = 'table' AND name = ?"

/** The current version, or 0 if the table is empty. */
export const schemaVersionQuery = ({ schema }: SqliteTables): string =>
  `SELECT coalesce(max(version), 0) AS version FROM ${schema}`

/** Refuses a schema of a later release, because this release does not know its rules. */
export const checkVersion = (version: number): void => {
  if (version > schemaVersion)
    throw new Error(
      `the SQLite schema has version ${version}, made by a later release; this release works on ${schemaVersion}`,
    )
}
