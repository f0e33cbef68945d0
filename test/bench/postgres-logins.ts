/**
 * A full sign-in, password and one-time code, on one PostgreSQL with one and the same hasher that costs nothing:
 * by this library, by better-auth with its twoFactor plugin, and as the four bare statements that any sign-in
 * with compare-and-set comes to.
 */
import type { Pool, PoolClient } from 'pg'

/** Someone who can sign in, again and again. */
export type LogIn = () => Promise<void>

/** One way to sign in, over one pool. */
export interface Contestant {
  readonly name: string
  /** So many people, each with a sign-in of their own. */
  prepare(people: number): Promise<readonly LogIn[]>
}

/** Counts the statements that go through a pool. */
export const counting = (pool: Pool) => {
  const seen = { statements: 0 }
  const count = <T extends Pool | PoolClient>(target: T): T => {
    const query = target.query.bind(target) as (...args: readonly unknown[]) => unknown
    const counted = (...args: readonly unknown[]) => {
      seen.statements++
      return query(...args)
    }
    return Object.assign(target, { query: counted })
  }
  const wrapped = new WeakSet<object>()
  pool.on('connect', (client) => {
    if (wrapped.has(client)) return
    wrapped.add(client)
    count(client)
  })
  return seen
}

/** Both factors are stubs alike: nothing is hashed. */
export const password = 'Correct-Horse#Staple9'
