/**
 * Storage in PostgreSQL 13 or later, over whichever client the host brings: `pg`'s Pool, PGlite, postgres.js
 * and Bun.SQL fit as they are, straight or through PgBouncer in transaction mode.
 *
 * @module ccass-2fa/postgres
 */

import { checkOptionNames } from '../adapters/support/known-options.ts'
import type { StoragePort } from '../ports/storage.ts'
import { clientOf, type PostgresClient, run, sqlState, type UnsafeSqlClient } from './postgres/client.ts'
import { commitStatement } from './postgres/commit.ts'
import { claimNotices, settleNotice } from './postgres/notices.ts'
import { journal, list, load, participants, trail } from './postgres/read.ts'
import { tablesOf } from './postgres/tables.ts'

export type { PostgresClient, UnsafeSqlClient } from './postgres/client.ts'
export { migratePostgres, type PostgresMigrationOptions, postgresMigration } from './postgres/migrate.ts'
export { type PreparingClient, preparedStatements } from './postgres/prepared.ts'

/**
 * Where the storage is.
 *
 * @category Storage
 */
export interface PostgresStorageOptions {
  /** The schema that holds the tables; `ccass_2fa` unless given. */
  readonly schema?: string
}

/** SQLSTATE of a division by zero: how a commit undoes itself. */
const divisionByZero = '22012'

/**
 * Storage in PostgreSQL. The tables are made by {@link migratePostgres}, which is to be called before.
 *
 * A load is one statement, a commit too, regardless of its size; each is a transaction of its own. There is no
 * session state, no prepared statement by name, and no lock that outlives its statement, so that any pool
 * between will do. It holds under READ COMMITTED, PostgreSQL's default, and under what is stricter.
 *
 * Keys and heads that are not well-formed Unicode, or hold NUL, are refused by a RangeError.
 *
 * @param client - a pool; it stays the host's to close. Not a connection inside a transaction.
 * @throws RangeError if the schema is not a plain identifier; TypeError for an unknown option, or for what is no
 * client.
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
    journal: async (page) => journal(sql, tables, page),
    participants: async (page) => participants(sql, tables, page),
    claimNotices: async (claim) => claimNotices(sql, tables, claim),
    settleNotice: async (notice) => settleNotice(sql, tables, notice),

    commit: async (commit) => {
      const statement = commitStatement(tables, commit)
      if (statement === undefined) return 'conflict'
      try {
        const [row] = (await run(sql, statement)) as { readonly outcome: string }[]
        return row?.outcome === '1' ? 'committed' : 'conflict'
      } catch (error) {
        if (sqlState(error) === divisionByZero) return 'conflict'
        throw error
      }
    },
  }
}
