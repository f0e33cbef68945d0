import type { PostgresClient } from 'ccass-2fa/postgres'
import { type ClientBase, Pool } from 'pg'

/** A client of PostgreSQL with all its connections. */
export interface Database extends PostgresClient {
  /** Lets the statements under way end, and closes every connection. */
  close(): Promise<void>
}

/**
 * What a server answers that is no primary (any more), or is about to go: read only, shutting down, crashed,
 * starting up. What has no SQLSTATE at all broke on the line.
 */
const elsewhere = (error: unknown): boolean => {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  return !/^(?=.*\d)[0-9A-Z]{5}$/.test(code) || /^(08|57P|25006|53300)/.test(code)
}

/** Refuses a server that follows another: what it answers may be out of date. */
const primaryOnly = async (connection: ClientBase): Promise<void> => {
  const { rows } = await connection.query('SELECT pg_is_in_recovery() AS follows')
  if (rows[0]?.follows !== false) throw new Error('no primary')
}

/**
 * A client over the addresses of one PostgreSQL: the primary, and the replicas of which one may be promoted. Where no
 * connection to a primary can be made, nothing was sent, and the next address is tried. A statement that fails
 * once it was sent is *not* sent again: it may have taken effect. It rejects, and the library finds out from the
 * trail what became of it.
 */
export const openDatabase = (addresses: readonly string[], connections = 10): Database => {
  const pools = addresses.map((connectionString) => {
    const pool = new Pool({
      connectionString,
      max: connections,
      connectionTimeoutMillis: 5_000,
      // No one waits longer for an answer; the server's own limit is set there, for the role.
      query_timeout: 15_000,
      keepAlive: true,
      // A replica answers reads too, perhaps with what was; only a primary is asked anything.
      verify: (connection, done) => {
        primaryOnly(connection).then(() => done(), done)
      },
    })
    // A connection that breaks is replaced at the next use; its statement, if there is one, rejects by itself.
    pool.on('error', () => {})
    pool.on('connect', (connection) => connection.on('error', () => {}))
    return pool
  })
  let present = 0
  /** Anyone who comes first moves on; those who asked the same address meanwhile find it done. */
  const leave = (asked: number) => {
    if (present === asked) present = (asked + 1) % pools.length
  }
  const connect = async () => {
    for (let tries = 1; ; tries++) {
      const asked = present
      const pool = pools[asked]
      if (pool === undefined) throw new Error('no address of a database')
      try {
        return { asked, connection: await pool.connect() }
      } catch (error) {
        leave(asked)
        if (tries >= pools.length) throw error
      }
    }
  }
  return {
    query: async (text, values) => {
      const { asked, connection } = await connect()
      try {
        const answer = await connection.query(text, values)
        connection.release()
        return answer
      } catch (error) {
        connection.release(true)
        if (elsewhere(error)) leave(asked)
        throw error
      }
    },
    close: async () => {
      await Promise.all(pools.map((pool) => pool.end()))
    },
  }
}
