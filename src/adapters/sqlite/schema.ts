import { type SqliteDatabase, transaction } from './database.ts'

/**
 * What brings a database from each version to the next, the first from nothing. The version is kept in
 * `PRAGMA user_version`. Published steps are never changed: databases stand on them.
 */
const steps = [
  `
  CREATE TABLE record (
    participant TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    vault TEXT NOT NULL,
    head TEXT NOT NULL,
    PRIMARY KEY (participant, kind, id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE trail (
    participant TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    entry TEXT NOT NULL,
    PRIMARY KEY (participant, kind, id, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE notice (
    ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
    participant TEXT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    notice TEXT NOT NULL
  ) STRICT;
  `,
  // Until when a notice is claimed, in epoch milliseconds.
  'ALTER TABLE notice ADD COLUMN claimed_until INTEGER NOT NULL DEFAULT 0;',
]

const schemaVersion = steps.length

/** Brings a database to the present schema, once, however many processes open it at the same moment. */
export const migrate = (db: SqliteDatabase) => {
  const versionNow = () => (db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version
  if (versionNow() === schemaVersion) return
  transaction(db, () => {
    const version = versionNow()
    if (version > schemaVersion) throw new Error(`schema ${version} is of a later release than this`)
    for (const step of steps.slice(version)) db.exec(step)
    if (version < schemaVersion) db.exec(`PRAGMA user_version = ${schemaVersion}`)
  })
}
