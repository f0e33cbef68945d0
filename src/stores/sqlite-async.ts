/**
 * Storage in SQLite over an asynchronous client: `@libsql/client` (a file, or a server over HTTP) and
 * Cloudflare D1 work unchanged.
 *
 * @module ccass-2fa/sqlite-async
 */

import { checkOptionNames } from '../adapters/support/known-options.ts'
import type { StoragePort } from '../ports/storage.ts'
import { asyncSqliteOf, type D1Client, type LibsqlClient } from './sqlite/async-client.ts'
import { commitBatch, isConflict } from './sqlite/async-commit.ts'
import { migrateAsync } from './sqlite/async-migrate.ts'
import {
  entryOf,
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
  recordOf,
  type TrailRow,
  type TrailsRow,
  trailsOf,
  trailsStatement,
} from './sqlite/rows.ts'
import { type SqliteStorageOptions, sqliteTables } from './sqlite/tables.ts'

export type { AsyncStatement, D1Client, D1Statement, LibsqlClient } from './sqlite/async-client.ts'
export type { SqliteStorageOptions }

/**
 * Creates a storage in SQLite (3.38 or later) over an asynchronous client.
 *
 * - A load is one statement. A commit is one batch, which the client runs as one transaction: its first
 *   statement fails if a record has changed since it was loaded, which undoes the whole batch.
 * - The tables are created on first use. They have a prefix and a schema version of their own, and are the
 *   same as those of `ccass-2fa/sqlite`.
 * - Whether the bytes of a destroyed secret are overwritten depends on the server (`secure_delete`). See
 *   `docs/storage.md`.
 *
 * @param client - a client of `@libsql/client`, or a D1 database, which the host closes.
 * @throws TypeError for any other client or an unknown option. RangeError for an invalid prefix.
 * @example
 * ```ts
 * const onLibsql = sqliteAsyncStorage(createClient({ url: 'file:accounts.db' })) // @libsql/client
 * const onD1 = sqliteAsyncStorage(env.DB) // Cloudflare D1
 * ```
 * @rule LOCK-09
 * @category Storage
 */
export const sqliteAsyncStorage = (
  client: LibsqlClient | D1Client,
  options: SqliteStorageOptions = {},
): StoragePort => {
  checkOptionNames('sqliteAsyncStorage', options, ['tablePrefix'])
  const tables = sqliteTables(options.tablePrefix)
  const { record, trail, notice } = tables
  const db = asyncSqliteOf(client)
  let migration: Promise<void> | undefined
  const ready = async (): Promise<void> => {
    migration ??= migrateAsync(db, tables)
    const migrating = migration
    try {
      await migrating
    } catch (error) {
      // The next call tries again, because the server may only have been unavailable.
      if (migration === migrating) migration = undefined
      throw error
    }
  }
  const all = async <Row = never>(sql: string, ...args: (string | number)[]): Promise<readonly Row[]> => {
    await ready()
    // The clients give a row as an object by column, and a migration has tested that they do.
    return (await db.all({ sql, args })) as readonly Row[]
  }

  return {
    load: async (keys) => {
      if (keys.length === 0) return []
      const rows = await all<RecordRow & { readonly place: number | bigint | string }>(
        `SELECT wanted.key AS place, version, state, vault, head FROM json_each(?) AS wanted JOIN ${record} AS present
         ON present.participant = wanted.value->>0 AND present.kind = wanted.value->>1
         AND present.id = wanted.value->>2`,
        JSON.stringify(keys.map(keyColumns)),
      )
      const found = new Map(rows.map((row) => [Number(row.place), recordOf(row)]))
      return keys.map((_, i) => found.get(i))
    },

    list: async (participant, kind, { after, limit }) => {
      const rows = await all<ListedRow>(
        `SELECT id, version, state, vault, head FROM ${record}
         WHERE participant = ? AND kind = ? AND id > ? ORDER BY id LIMIT ?`,
        ...[participant, kind, after, limit],
      )
      return rows.map((row) => ({ id: row.id, record: recordOf(row) }))
    },

    commit: async (commit) => {
      await ready()
      const statements = commitBatch(tables, commit)
      if (statements.length === 0) return 'committed'
      try {
        await db.batch(statements)
        return 'committed'
      } catch (error) {
        if (isConflict(error, tables)) return 'conflict'
        throw error
      }
    },

    trail: async (key, { after, limit }) => {
      const rows = await all<TrailRow>(
        `SELECT entry, personal FROM ${trail} WHERE participant = ? AND kind = ? AND id = ? AND seq > ? ORDER BY seq LIMIT ?`,
        ...[...keyColumns(key), after, limit],
      )
      return rows.map(entryOf)
    },

    trails: async (keys, limit) => {
      const rows = await all<TrailsRow>(trailsStatement(trail), JSON.stringify(keys.map(keyColumns)), limit)
      return trailsOf(rows, keys.length)
    },

    journal: async ({ from, limit }) => {
      const rows = await all<JournalRow>(journalStatement(trail), ordinalOf(from), limit)
      return rows.map(journalEntryOf)
    },

    participants: async ({ after, limit }) => {
      const rows = await all<{ readonly participant: string }>(
        `SELECT DISTINCT participant FROM ${record} WHERE participant > ? ORDER BY participant LIMIT ?`,
        ...[after, limit],
      )
      return rows.map(({ participant }) => participant)
    },

    claimNotices: async ({ now, until, limit }) => {
      const rows = await all<NoticeRow & { readonly ordinal: number | bigint | string }>(
        `UPDATE ${notice} SET claimed_until = ? WHERE ordinal IN (${freeNotices(notice)})
         RETURNING ordinal, participant, id, notice`,
        ...[until, now, limit],
      )
      // RETURNING guarantees no order.
      return rows.toSorted((a, b) => Number(a.ordinal) - Number(b.ordinal)).map(noticeOf)
    },

    settleNotice: async ({ id }) => {
      await all(`DELETE FROM ${notice} WHERE id = ?`, id)
    },
  }
}
