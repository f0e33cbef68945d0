/**
 * Storage in SQLite, in a file or in memory, over whichever driver the host brings: `better-sqlite3`,
 * `libsql` and `node:sqlite` fit as they are.
 *
 * @module
 */
import type {
  Commit,
  NewNotice,
  NoticeClaim,
  RecordKey,
  RecordWrite,
  StoragePort,
  StoredRecord,
  TrailEntry,
  UnchangedRecord,
} from '../ports/storage.ts'
import { type SqliteDatabase, type SqliteStatement, transaction } from './sqlite/database.ts'
import { migrate } from './sqlite/schema.ts'

export type { SqliteDatabase, SqliteStatement }

interface RecordRow {
  readonly version: number
  readonly state: string
  readonly vault: string
  readonly head: string
}

const recordOf = ({ version, state, vault, head }: RecordRow): StoredRecord => ({
  version,
  state: JSON.parse(state),
  vault: JSON.parse(vault),
  head,
})

const prepareAll = (db: SqliteDatabase) => ({
  load: db.prepare(
    'SELECT version, state, vault, head FROM record WHERE participant = ? AND kind = ? AND id = ?',
  ),
  version: db.prepare('SELECT version FROM record WHERE participant = ? AND kind = ? AND id = ?'),
  list: db.prepare(
    'SELECT id, version, state, vault, head FROM record WHERE participant = ? AND kind = ? AND id > ? ORDER BY id LIMIT ?',
  ),
  // Many rows as one value: calling the driver for each of them would cost more than writing it.
  insert: db.prepare(
    `INSERT INTO record (participant, kind, id, version, state, vault, head)
     SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6 FROM json_each(?)
     WHERE true ON CONFLICT DO NOTHING`,
  ),
  update: db.prepare(
    'UPDATE record SET version = ?, state = ?, vault = ?, head = ? WHERE participant = ? AND kind = ? AND id = ? AND version = ?',
  ),
  append: db.prepare(
    `INSERT INTO trail (participant, kind, id, seq, entry)
     SELECT value->>0, value->>1, value->>2, value->>3, value->>4 FROM json_each(?)`,
  ),
  trail: db.prepare(
    'SELECT entry FROM trail WHERE participant = ? AND kind = ? AND id = ? AND seq > ? ORDER BY seq LIMIT ?',
  ),
  addNotice: db.prepare('INSERT INTO notice (participant, id, notice) VALUES (?, ?, ?)'),
  participants: db.prepare(
    'SELECT DISTINCT participant FROM record WHERE participant > ? ORDER BY participant LIMIT ?',
  ),
  free: db.prepare(
    'SELECT participant, id, notice FROM notice WHERE claimed_until <= ? ORDER BY ordinal LIMIT ?',
  ),
  claim: db.prepare('UPDATE notice SET claimed_until = ? WHERE id = ?'),
  settle: db.prepare('DELETE FROM notice WHERE id = ?'),
})

type Statements = ReturnType<typeof prepareAll>

const columns = ({ participant, kind, id }: RecordKey) => [participant, kind, id] as const

/** Records that must not be there yet: whether none of them was. */
const insertAll = ({ insert }: Statements, writes: readonly RecordWrite[]): boolean => {
  const rows = writes.map(({ key, record: { version, state, vault, head } }) => [
    ...columns(key),
    ...[version, JSON.stringify(state), JSON.stringify(vault), head],
  ])
  return rows.length === 0 || Number(insert.run(JSON.stringify(rows)).changes) === rows.length
}

/** A record that must be at its expected version: whether it was. */
const updateOne = ({ update }: Statements, { key, expectedVersion, record }: RecordWrite): boolean => {
  const { version, state, vault, head } = record
  const values = [version, JSON.stringify(state), JSON.stringify(vault), head]
  return Number(update.run(...values, ...columns(key), expectedVersion).changes) === 1
}

const isFresh = ({ expectedVersion }: RecordWrite) => expectedVersion === 0

/** Thrown to undo what was written before the record that had moved on. */
class Conflict extends Error {}

const isAt = (statements: Statements, { key, version }: UnchangedRecord): boolean => {
  const row = statements.version.get(...columns(key)) as { readonly version: number } | undefined
  return (row?.version ?? 0) === version
}

const commitAll = (db: SqliteDatabase, statements: Statements, { writes, notices, unchanged }: Commit) => {
  transaction(db, () => {
    for (const each of unchanged ?? []) if (!isAt(statements, each)) throw new Conflict()
    const [fresh, known] = [writes.filter(isFresh), writes.filter((each) => !isFresh(each))]
    if (!insertAll(statements, fresh)) throw new Conflict()
    for (const each of known) if (!updateOne(statements, each)) throw new Conflict()
    const entries = writes.flatMap(({ key, entries: own }) =>
      own.map((entry) => [...columns(key), entry.seq, JSON.stringify(entry)]),
    )
    statements.append.run(JSON.stringify(entries))
    for (const { participant, id, notice } of notices)
      statements.addNotice.run(participant, id, JSON.stringify(notice))
  })
}

const claimAll = (db: SqliteDatabase, statements: Statements, { now, until, limit }: NoticeClaim) =>
  transaction(db, () => {
    const rows = statements.free.all(now, limit) as (Omit<NewNotice, 'notice'> & { notice: string })[]
    for (const { id } of rows) statements.claim.run(until, id)
    return rows.map(({ participant, id, notice }) => ({ participant, id, notice: JSON.parse(notice) }))
  })

/**
 * Storage in SQLite (3.38 or later). Its tables are made, or brought to this release's form, at the first
 * use. Several processes may share a file: the host opens it with a busy time-out, and in WAL mode if readers
 * must not wait.
 *
 * @param db - an open database; it stays the host's to close.
 * @rule LOCK-09
 */
export const sqliteStorage = (db: SqliteDatabase): StoragePort => {
  let prepared: Statements | undefined
  const statements = (): Statements => {
    if (prepared === undefined) {
      migrate(db)
      prepared = prepareAll(db)
    }
    return prepared
  }

  return {
    load: async (keys) => {
      const one = (key: RecordKey): StoredRecord | undefined => {
        const row = statements().load.get(...columns(key)) as RecordRow | undefined
        return row && recordOf(row)
      }
      const [first] = keys
      if (keys.length === 1 && first !== undefined) return [one(first)]
      // Several are read as of one instant, whatever another process writes meanwhile.
      statements()
      return transaction(db, () => keys.map(one), 'DEFERRED')
    },

    list: async (participant, kind, { after, limit }) => {
      const rows = statements().list.all(participant, kind, after, limit) as (RecordRow & {
        readonly id: string
      })[]
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
      const rows = statements().trail.all(...columns(key), after, limit) as { readonly entry: string }[]
      return rows.map(({ entry }) => JSON.parse(entry) as TrailEntry)
    },

    participants: async ({ after, limit }) => {
      const rows = statements().participants.all(after, limit) as { readonly participant: string }[]
      return rows.map(({ participant }) => participant)
    },

    claimNotices: async (claim) => claimAll(db, statements(), claim),

    settleNotice: async ({ id }) => {
      statements().settle.run(id)
    },
  }
}
