import type { SqliteTables } from './tables.ts'

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
