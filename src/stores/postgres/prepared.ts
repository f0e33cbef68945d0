import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { PostgresClient } from './client.ts'

/**
 * A client that prepares named statements once per connection, such as `pg`'s Pool.
 *
 * @category Storage
 */
export interface PreparingClient {
  /** Runs one statement. A connection that has already seen its name does not parse it again. */
  query(statement: {
    readonly name?: string
    readonly text: string
    readonly values: string[]
  }): Promise<{ readonly rows: readonly unknown[] }>
}

/** Longer texts belong to commits of many records. Their lengths vary, and they seldom repeat. */
const longest = 4_000
/** The maximum number of names. Each connection keeps every name, on both sides. */
const maxNames = 256

/**
 * Wraps a pool so that each connection prepares its statements once. Sign-ins use few different statements,
 * and parsing and planning them takes longer than running them. Do not use it with PgBouncer before 1.21 in
 * transaction mode, which loses the names between transactions.
 *
 * @param client - a pool, which the host closes.
 * @example
 * ```ts
 * const storage = postgresStorage(preparedStatements(pool))
 * ```
 * @category Storage
 */
export const preparedStatements = (client: PreparingClient): PostgresClient => {
  const names = new Map<string, string>()
  const nameOf = (text: string): string | undefined => {
    const known = names.get(text)
    if (known !== undefined || text.length > longest || names.size >= maxNames) return known
    const name = `ccass_2fa_${bytesToHex(sha256(utf8ToBytes(text))).slice(0, 32)}`
    names.set(text, name)
    return name
  }
  return {
    query: async (text, values) => {
      const name = nameOf(text)
      return client.query(name === undefined ? { text, values } : { name, text, values })
    },
  }
}
