import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { PostgresClient } from './client.ts'

/**
 * What prepares statements by name, once on each connection: `pg`'s Pool fits.
 *
 * @category Storage
 */
export interface PreparingClient {
  /** Carries out one statement; a connection that has met its name before does not parse it again. */
  query(statement: {
    readonly name?: string
    readonly text: string
    readonly values: string[]
  }): Promise<{ readonly rows: readonly unknown[] }>
}

/** Texts that are longer are of commits with many records: of many lengths, and seldom the same again. */
const longest = 4_000
/** How many names there are at most: each is kept by every connection, on both sides. */
const mostNames = 256

/**
 * A client whose statements are prepared once on each connection: sign-ins send few texts, and parsing and
 * planning them takes longer than carrying them out. Not for PgBouncer before 1.21 in transaction mode, which
 * loses the names between transactions.
 *
 * @param client - a pool; it stays the host's to close.
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
    if (known !== undefined || text.length > longest || names.size >= mostNames) return known
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
