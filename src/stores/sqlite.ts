/**
 * Storage in SQLite, in a file or in memory, over the driver that the host brings: `better-sqlite3`,
 * `libsql`, `node:sqlite` and `bun:sqlite` work unchanged.
 *
 * @module ccass-2fa/sqlite
 */

import { checkOptionNames } from '../adapters/support/known-options.ts'
import type {
  Commit,
  NoticeClaim,
  RecordKey,
  RecordWrite,
  StoragePort,
  StoredRecord,
  UnchangedRecord,
} from '../ports/storage.ts'
import { prepare, type SqliteDatabase, type SqliteStatement, transaction } from './sqlite/database.ts'
import { migrate } from './sqlite/migrate.ts'
import {
  appendStatement,
  entryOf,
  erasedRows,
  eraseStatement,
  freeNotices,
  type JournalRow,
  journalEntryOf,
  journalStatement,
  keyColumns,
  type ListedRow,
  type NoticeRow,
  noticeOf,
  ordinalOf,
  type RecordRow,
  recordColumns,
  recordOf,
  type TrailRow,
  type TrailsRow,
  trailColumns,
  trailsOf,
  trailsStatement,
} from './sqlite/rows.ts'
import { type SqliteStorageOptions, type SqliteTables, sqliteTables } from './sqlite/tables.ts'

export type { SqliteDatabase, SqliteStatement, SqliteStorageOptions }

const prepareAll = (db: SqliteDatabase, { record, trail, notice }: SqliteTables) => ({
  load: prepare<RecordRow>(
    db,
    `SELECT version, state, vault, head FROM ${record} WHERE participant = ? AND kind = ? AND id = ?`,
  ),
  version: prepare<Pick<RecordRow, 'version'>>(
    db,
    `SELECT version FROM ${record} WHERE participant = ? AND kind = ? AND id = ?`,
  ),
  list: prepare<ListedRow>(
    db,
    `SELECT id, version, state, vault, head FROM ${record}
     WHERE participant = ? AND kind = ? AND id > ? ORDER BY id LIMIT ?`,
  ),
  // Passes many rows as one JSON value. Calling the driver once per row would cost more than the writing.
  insert: prepare(
    db,
    `INSERT INTO ${record} (participant, kind, id, version, state, vault, head)
     SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6 FROM json_each(?)
     WHERE true ON CONFLICT DO NOTHING`,
  ),
  update: prepare(
    db,
    `UPDATE ${record} SET version = ?, state = ?, vault = ?, head = ?
     WHERE participant = ? AND kind = ? AND id = ? AND version = ?`,
  ),
  append: prepare(db, appendStatement(trail)),
  journal: prepare<JournalRow>(db, journalStatement(trail)),
  erase: prepare(db, eraseStatement(trail)),
  trail: prepare<TrailRow>(
    db,
    `SELECT entry, personal FROM ${trail} WHERE participant = ? AND kind = ? AND id = ? AND seq > ? ORDER BY seq LIMIT ?`,
  ),
  trails: prepare<TrailsRow>(db, trailsStatement(trail)),
  addNotice: prepare(db, `INSERT INTO ${notice} (participant, id, notice) VALUES (?, ?, ?)`),
  participants: prepare<{ readonly participant: string }>(
    db,
    `SELECT DISTINCT participant FROM ${record} WHERE participant > ? ORDER BY participant LIMIT ?`,
  ),
  free: prepare<NoticeRow>(
    db,
    `SELECT participant, id, notice FROM ${notice} WHERE ordinal IN (${freeNotices(notice)}) ORDER BY ordinal`,
  ),
  claim: prepare(db, `UPDATE ${notice} SET claimed_until = ? WHERE id = ?`),
  settle: prepare(db, `DELETE FROM ${notice} WHERE id = ?`),
})

type Statements = ReturnType<typeof prepareAll>

/** Inserts records that must not exist yet. Returns whether none of them existed. */
const insertAll = ({ insert }: Statements, writes: readonly RecordWrite[]): boolean => {
  const rows = writes.map(recordColumns)
  return rows.length === 0 || Number(insert.run(JSON.stringify(rows)).changes) === rows.length
}

/** Updates a record that must be at its expected version. Returns whether it was. */
const updateOne = ({ update }: Statements, { key, expectedVersion, record }: RecordWrite): boolean => {
  const { version, state, vault, head } = record
  const values = [version, JSON.stringify(state), JSON.stringify(vault), head]
  return Number(update.run(...values, ...keyColumns(key), expectedVersion).changes) === 1
}

const isFresh = ({ expectedVersion }: RecordWrite) => expectedVersion === 0

/** Thrown when a record has changed since it was loaded, to undo the writes before it. */
class Conflict extends Error {}

const isAt = (statements: Statements, { key, version }: UnchangedRecord): boolean => {
  const row = statements.version.get(...keyColumns(key))
  return Number(row?.version ?? 0) === version
}

const commitAll = (db: SqliteDatabase, statements: Statements, { writes, notices, unchanged }: Commit) => {
  transaction(db, () => {
    for (const each of unchanged ?? []) if (!isAt(statements, each)) throw new Conflict()
    const [fresh, known] = [writes.filter(isFresh), writes.filter((each) => !isFresh(each))]
    if (!insertAll(statements, fresh)) throw new Conflict()
    for (const each of known) if (!updateOne(statements, each)) throw new Conflict()
    for (const values of writes.flatMap(erasedRows)) statements.erase.run(...values)
    statements.append.run(JSON.stringify(writes.flatMap(trailColumns)))
    for (const { participant, id, notice } of notices)
      statements.addNotice.run(participant, id, JSON.stringify(notice))
  })
}

const claimAll = (db: SqliteDatabase, statements: Statements, { now, until, limit }: NoticeClaim) =>
  transaction(db, () => {
    const rows = statements.free.all(now, limit)
    for (const { id } of rows) statements.claim.run(until, id)
    return rows.map(noticeOf)
  })

/**
 * Creates a storage in SQLite (3.38 or later).
 *
 * - The tables are created or migrated on first use. They have a prefix and a schema version of their own, so
 *   the file can also hold tables of the host.
 * - Several processes may share a file. The host opens it with a busy timeout, and in WAL mode if readers
 *   must not wait.
 * - The first use sets `PRAGMA secure_delete = ON` on the connection: bytes that a write frees are
 *   overwritten with zeros. A write-ahead log keeps older pages until it is truncated. See `docs/storage.md`.
 *
 * @param db - an open database, which the host closes. It must not be inside a transaction of the host.
 * @throws TypeError for an unknown option. RangeError for an invalid prefix.
 * @rule LOCK-09
 * @rule AUD-06
 * @category Storage
 */
export const sqliteStorage = (db: SqliteDatabase, options: SqliteStorageOptions = {}): StoragePort => {
  checkOptionNames('sqliteStorage', options, ['tablePrefix'])
  const tables = sqliteTables(options.tablePrefix)
  let prepared: Statements | undefined
  const statements = (): Statements => {
    if (prepared === undefined) {
      db.exec('PRAGMA secure_delete = ON')
      migrate(db, tables)
      prepared = prepareAll(db, tables)
    }
    return prepared
  }

  return {
    load: async (keys) => {
      const one = (key: RecordKey): StoredRecord | undefined => {
        const row = statements().load.get(...keyColumns(key))
        return row ? recordOf(row) : undefined
      }
      const [first] = keys
      if (keys.length === 1 && first !== undefined) return [one(first)]
      // A transaction reads several records as of the same instant, even if another process writes meanwhile.
      statements()
      return transaction(db, () => keys.map(one), 'DEFERRED')
    },

    list: async (participant, kind, { after, limit }) => {
      const rows = statements().list.all(participant, kind, after, limit)
      return rows.map((row) => ({ id: row.id, record: recordOf(row) }))
    },

    commit: async (commit) => {
      try {
        commitAll(db, statements(), commit)
        return 'committed'
      } catch (error) {
        if (error instanceof Conflict) return 'conflict'
        throw error
      }
    },

    trail: async (key, { after, limit }) => {
      const rows = statements().trail.all(...keyColumns(key), after, limit)
      return rows.map(entryOf)
    },

    trails: async (keys, limit) => {
      const rows = statements().trails.all(JSON.stringify(keys.map(keyColumns)), limit)
      return trailsOf(rows, keys.length)
    },

    journal: async ({ from, limit }) => {
      const rows = statements().journal.all(ordinalOf(from), limit)
      return rows.map(journalEntryOf)
    },

    participants: async ({ after, limit }) => {
      const rows = statements().participants.all(after, limit)
      return rows.map(({ participant }) => participant)
    },

    claimNotices: async (claim) => claimAll(db, statements(), claim),

    settleNotice: async ({ id }) => {
      statements().settle.run(id)
    },
  }
}
