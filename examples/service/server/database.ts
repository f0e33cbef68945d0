import type { PostgresClient } from 'ccass-2fa/postgres'
import { type ClientBase, Pool } from 'pg'

/** A PostgreSQL client with all of its connections. */
export interface Database extends PostgresClient {
  /** Waits for running statements and closes every connection. */
  close(): Promise<void>
}

/**
 * Whether an error comes from a server that is not (or no longer) the primary, or is about to stop: read
 * only, shutting down, crashed, starting up. An error without an SQLSTATE is a broken connection.
 */
const elsewhere = (error: unknown): boolean => {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  return !/^(?=.*\d)[0-9A-Z]{5}$/.test(code) || /^(08|57P|25006|53300)/.test(code)
}

/** Refuses a replica, because its answers may be out of date. */
const primaryOnly = async (connection: ClientBase): Promise<void> => {
  const { rows } = await connection.query('SELECT pg_is_in_recovery() AS follows')
  if (rows[0]?.follows !== false) throw new Error('no primary server')
}

/**
 * A client for the addresses of one PostgreSQL cluster: the primary, and the replicas that may be promoted.
 * If no connection to a primary can be made, nothing was sent, and the next address is tried. A statement
 * that fails after it was sent is *not* repeated, because it may have taken effect. It rejects, and the
 * library finds out from the trail whether it did.
 */
export const openDatabase = (addresses: readonly string[], connections = 10): Database => {
  const pools = addresses.map((connectionString) => {
    const pool = new Pool({
      connectionString,
      max: connections,
      connectionTimeoutMillis: 5_000,
      // The maximum time that a caller waits for an answer. The server's own limit is set in the database,
      // for the role.
      query_timeout: 15_000,
      keepAlive: true,
      // A replica also answers reads, possibly with old data, so only a primary is used.
      verify: (connection, done) => {
        primaryOnly(connection).then(() => done(), done)
      },
    })
    // A broken connection is replaced at the next use. Its statement, if any, rejects separately.
    pool.on('error', () => {})
    pool.on('connect', (connection) => connection.on('error', () => {}))
    return pool
  })
  let present = 0
  /**
   * The first caller moves on to the next address. Others that used the same address find that already done.
   */
  const discard = (index: number) => {
    if (present === index) present = (index + 1) % pools.length
  }
  const connect = async () => {
    for (let tries = 1; ; tries++) {
      const index = present
      const pool = pools[index]
      if (pool === undefined) throw new Error('no database address is configured')
      try {
        return { index, connection: await pool.connect() }
      } catch (error) {
        discard(index)
        if (tries >= pools.length) throw error
      }
    }
  }
  return {
    query: async (text, values) => {
      const { index, connection } = await connect()
      try {
        const answer = await connection.query(text, values)
        connection.release()
        return answer
      } catch (error) {
        connection.release(true)
        if (elsewhere(error)) discard(index)
        throw error
      }
    },
    close: async () => {
      await Promise.all(pools.map((pool) => pool.end()))
    },
  }
}
