/**
 * A rateLimiter by source, on `rate-limiter-flexible` (an optional peer: install it beside this package): in the
 * process, or on any store that library knows.
 *
 * @module
 */
import { RateLimiterMemory } from 'rate-limiter-flexible'
import type { RateLimiter } from '../ports/rate-limiter.ts'
import { networkOf } from './rate-limiter/network.ts'
import { recentKeys } from './rate-limiter/recent.ts'

export { networkOf }

/** As much of a limiter of `rate-limiter-flexible` as is used here: every one of them has it. */
export interface Limiter {
  /** Takes a point from a key; rejects with when the next will be there, or with an `Error`. */
  consume(key: string): Promise<unknown>
}

/** How much a source may attempt, and what a source is. */
export interface RateLimiterOptions {
  /**
   * Attempts that are admitted in `seconds`, from 1 on. Default: 60. A login takes two, a first set-up six; an
   * office behind one address is one source.
   */
  readonly attempts?: number
  /** The time for which they are counted, from the first of them on, whole seconds from 1 on. Default: 60. */
  readonly seconds?: number
  /**
   * How many sources are remembered, from 1 on. The one longest not seen gives way, and begins anew: so the
   * memory is bounded, and no source pays for the others. Default: 100,000, some 50 MB.
   */
  readonly mostSources?: number
  /**
   * A limiter of the host's own, on a store that several processes share, or a union of several. It has the
   * numbers then, and the store forgets.
   */
  readonly limiter?: Limiter
  /**
   * Under which name a source is counted. Default: {@link networkOf}, which takes the addresses of one IPv6
   * network for one.
   */
  readonly keyOf?: (source: string) => string
}

const wholeFrom1 = (name: string, value: number) => {
  if (!Number.isSafeInteger(value) || value < 1)
    throw new RangeError(`${name} must be a whole number from 1 on`)
  return value
}

/** The limiter of this process, which forgets whom it has not seen for long. */
const inProcess = ({ attempts = 60, seconds = 60, mostSources = 100_000 }: RateLimiterOptions): Limiter => {
  const limiter = new RateLimiterMemory({
    points: wholeFrom1('attempts', attempts),
    duration: wholeFrom1('seconds', seconds),
  })
  const seen = recentKeys(wholeFrom1('mostSources', mostSources), (key) => void limiter.delete(key))
  return {
    consume: (key) => {
      seen(key)
      return limiter.consume(key)
    },
  }
}

/** When the next attempt will be admitted, if that is what a limiter rejected with; several may have. */
const waitOf = (rejection: unknown): number | undefined => {
  if (typeof rejection !== 'object' || rejection === null || rejection instanceof Error) return undefined
  const { msBeforeNext } = rejection as { readonly msBeforeNext?: unknown }
  if (typeof msBeforeNext === 'number') return msBeforeNext
  const waits = Object.values(rejection).map(waitOf)
  return waits.length === 0 || waits.includes(undefined) ? undefined : Math.max(...(waits as number[]))
}

/**
 * A rateLimiter that counts all attempts of a source together, admitted ones and others.
 *
 * A store that fails makes it reject, and the attempt is refused: to go on without the store, give the
 * limiter an `insuranceLimiter`.
 *
 * @throws RangeError - for numbers that are none of these.
 * @example
 * ```ts
 * rateLimiter() // 60 attempts a minute, in this process
 * rateLimiter({ limiter: new RateLimiterRedis({ storeClient, points: 60, duration: 60, insuranceLimiter }) })
 * ```
 * @rule LOCK-14
 */
export const rateLimiter = (options: RateLimiterOptions = {}): RateLimiter => {
  const { keyOf = networkOf, limiter = inProcess(options) } = options
  return {
    admit: async ({ source }) => {
      try {
        await limiter.consume(keyOf(source))
        return { allowed: true }
      } catch (rejection) {
        const wait = waitOf(rejection)
        if (wait === undefined) throw rejection
        // A key that never expires, or that expires just now, says so with -1 or 0.
        return { allowed: false, retryAfterSeconds: Math.max(1, Math.ceil(wait / 1_000)) }
      }
    },
  }
}
