/**
 * Storage in PostgreSQL 13 or later, over the client that the host brings: `pg`'s Pool, PGlite, postgres.js
 * and Bun.SQL work unchanged, directly or through PgBouncer in transaction mode.
 *
 * @module ccass-2fa/postgres
 */

import { checkOptionNames } from '../adapters/support/known-options.ts'
import type { StoragePort } from '../ports/storage.ts'
import { clientOf, type PostgresClient, run, sqlState, type UnsafeSqlClient } from './postgres/client.ts'
import { commitStatement } from './postgres/commit.ts'
import { claimNotices, settleNotice } from './postgres/notices.ts'
import { journal, list, load, participants, trail, trails } from './postgres/read.ts'
import { tablesOf } from './postgres/tables.ts'

export type { PostgresClient, UnsafeSqlClient } from './postgres/client.ts'
export { migratePostgres, type PostgresMigrationOptions, postgresMigration } from './postgres/migrate.ts'
export { type PreparingClient, preparedStatements } from './postgres/prepared.ts'

/**
 * Options of {@link postgresStorage}.
 *
 * @category Storage
 */
export interface PostgresStorageOptions {
  /** The schema that holds the tables. Default: `ccass_2fa`. */
  readonly schema?: string
}

/** SQLSTATE of a division by zero. A commit provokes this error to undo itself. */
const divisionByZero = '22012'

/**
 * Creates a storage in PostgreSQL. Call {@link migratePostgres} first: it makes the tables.
 *
 * - A load is one statement, and so is a commit of any size. Each statement is its own transaction.
 * - There is no session state, no named prepared statement, and no lock that outlives its statement, so any
 *   connection pooler works.
 * - It is correct under READ COMMITTED, PostgreSQL's default, and under stricter isolation levels.
 * - A RangeError refuses keys and heads that are not well-formed Unicode or contain NUL.
 *
 * @param client - a pool, which the host closes. A connection inside a transaction does not work.
 * @throws RangeError if the schema is not a plain identifier. TypeError for an unknown option or an
 * unsuitable client.
 * @example
 * ```ts
 * const pool = new Pool({ connectionString })
 * await migratePostgres(pool)
 * const auth = createAuthentication({ ...ports, storage: postgresStorage(pool) })
 * ```
 * @rule LOCK-09
 * @category Storage
 */
export const postgresStorage = (
  client: PostgresClient | UnsafeSqlClient,
  options: PostgresStorageOptions = {},
): StoragePort => {
  checkOptionNames('postgresStorage', options, ['schema'])
  const tables = tablesOf(options.schema)
  const sql = clientOf(client)
  return {
    load: async (keys) => load(sql, tables, keys),
    list: async (participant, kind, page) => list(sql, tables, participant, kind, page),
    trail: async (key, page) => trail(sql, tables, key, page),
    trails: async (keys, limit) => trails(sql, tables, keys, limit),
    journal: async (page) => journal(sql, tables, page),
    participants: async (page) => participants(sql, tables, page),
    claimNotices: async (claim) => claimNotices(sql, tables, claim),
    settleNotice: async (notice) => settleNotice(sql, tables, notice),

    commit: async (commit) => {
      const statement = commitStatement(tables, commit)
      if (statement === undefined) return 'conflict'
      try {
        const [row] = await run<{ readonly outcome: string }>(sql, statement)
        return row?.outcome === '1' ? 'committed' : 'conflict'
      } catch (error) {
        if (sqlState(error) === divisionByZero) return 'conflict'
        throw error
      }
    },
  }
}
