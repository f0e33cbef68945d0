/**
 * A full sign-in, password and one-time code, on one PostgreSQL with the same free hasher: with this library,
 * with better-auth and its twoFactor plugin, and as the four bare statements that any sign-in with
 * compare-and-set needs.
 */
import type { Pool, PoolClient } from 'pg'

/** A user who can sign in repeatedly. */
export type LogIn = () => Promise<void>

/** One implementation of signing in, over one pool. */
export interface Contestant {
  readonly name: string
  /** Creates a number of users, each with a sign-in function. */
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

/** Both factors are stubs in all implementations: nothing is hashed. */
export const password = 'Correct-Horse#Staple9'
