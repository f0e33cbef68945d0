import type { SqliteTables } from './tables.ts'

/**
 * What brings a database from each version to the next, the first from nothing. The version is kept in a table
 * of its own: `PRAGMA user_version` is the host's. Published steps are never changed: databases rely on them.
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

/** The version of the schema that this release works on. */
export const schemaVersion = schemaSteps.length

/** Makes the table that holds the version; one row for each step that was made. */
export const createSchemaTable = ({ schema }: SqliteTables): string =>
  `CREATE TABLE IF NOT EXISTS ${schema} (version INTEGER PRIMARY KEY) STRICT`

/** Whether the table that holds the version is there. */
export const schemaTableQuery =
  "SELECT count(*) AS found FROM sqlite_master WHERE type = 'table' AND name = ?"

/** The present version; 0 for an empty table. */
export const schemaVersionQuery = ({ schema }: SqliteTables): string =>
  `SELECT coalesce(max(version), 0) AS version FROM ${schema}`

/** Refuses what a later release has made: its rules are not known here. */
export const checkVersion = (version: number): void => {
  if (version > schemaVersion)
    throw new Error(
      `the SQLite schema has version ${version}, made by a later release; this release works on ${schemaVersion}`,
    )
}
