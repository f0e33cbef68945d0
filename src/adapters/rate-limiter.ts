/**
 * A rate limiter by source, on `rate-limiter-flexible` (an optional peer: install it beside this package): in the
 * process, or on any store that library knows.
 *
 * @module ccass-2fa/rate-limiter
 */
import { RateLimiterMemory } from 'rate-limiter-flexible'
import type { RateLimiter } from '../ports/rate-limiter.ts'
import { networkOf } from './rate-limiter/network.ts'
import { recentKeys } from './rate-limiter/recent.ts'
import { checkOptionNames, wholeNumber } from './support/known-options.ts'

export { networkOf }

/**
 * As much of a limiter of `rate-limiter-flexible` as is used here: every one of them has it.
 *
 * @category Adapters
 */
export interface Limiter {
  /** Takes a point from a key; rejects with when the next will be there, or with an `Error`. */
  consume(key: string): Promise<unknown>
}

/**
 * How many operations a source may attempt, and what counts as one source.
 *
 * @category Adapters
 */
export interface RateLimiterOptions {
  /**
   * Attempts that are admitted in `seconds`; 1–1,000,000,000. Default: 60. A sign-in takes two, a first set-up
   * six; an office behind one address is one source.
   */
  readonly attempts?: number
  /**
   * The time for which attempts are counted, from the first of them; whole seconds, 1–2,147,483 (24 days: a timer
   * holds no more milliseconds). Default: 60.
   */
  readonly seconds?: number
  /**
   * How many sources are remembered; 1–10,000,000. The one seen least recently is forgotten and starts with a
   * full budget: so the memory is bounded, and no source pays for the others. Default: 100,000, some 50 MB.
   */
  readonly maxSources?: number
  /**
   * A limiter of the host's own, on a store that several processes share, or a union of several. It has the
   * numbers then, and the store forgets: `attempts`, `seconds` and `maxSources` must be absent.
   */
  readonly limiter?: Limiter
  /**
   * Under which name a source is counted. Default: {@link networkOf}, which ignores ports, counts an IPv6 network
   * as one source, and all texts that are not addresses as one.
   */
  readonly keyOf?: (source: string) => string
}

const optionNames = ['attempts', 'seconds', 'maxSources', 'limiter', 'keyOf'] as const

/** The longest time that a timer holds: above 2^31 - 1 ms it fires at once, and nothing would be limited. */
const maxSeconds = 2_147_483

/** The limiter of this process, which forgets the sources that it has not seen for longest. */
const inProcess = ({ attempts = 60, seconds = 60, maxSources = 100_000 }: RateLimiterOptions): Limiter => {
  const limiter = new RateLimiterMemory({
    points: wholeNumber('attempts', attempts, 1, 1_000_000_000),
    duration: wholeNumber('seconds', seconds, 1, maxSeconds),
  })
  const most = wholeNumber('maxSources', maxSources, 1, 10_000_000)
  const seen = recentKeys(most, (key) => void limiter.delete(key))
  return {
    consume: (key) => {
      seen(key)
      return limiter.consume(key)
    },
  }
}

/** The host's limiter, as far as it can be checked: in the process, its times are timers too. */
const checkLimiter = (options: RateLimiterOptions, limiter: Limiter): Limiter => {
  for (const name of ['attempts', 'seconds', 'maxSources'] as const)
    if (options[name] !== undefined)
      throw new TypeError(`rateLimiter: ${name} has no effect beside limiter, which has its own numbers`)
  if (typeof limiter?.consume !== 'function')
    throw new TypeError('rateLimiter: limiter must be a limiter of rate-limiter-flexible')
  if (limiter instanceof RateLimiterMemory)
    for (const name of ['duration', 'blockDuration'] as const)
      if (limiter[name] > maxSeconds)
        throw new RangeError(`rateLimiter: limiter.${name} must be at most ${maxSeconds} seconds`)
  return limiter
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
 * A rate limiter that counts all attempts of a source together, admitted ones and others.
 *
 * A store that fails makes it reject, and the attempt is refused: to go on without the store, give the
 * limiter an `insuranceLimiter`.
 *
 * @throws RangeError for a number out of its bounds; TypeError for an unknown option, or for numbers beside a
 * `limiter`.
 * @example
 * ```ts
 * rateLimiter() // 60 attempts a minute, in this process
 * rateLimiter({ limiter: new RateLimiterRedis({ storeClient, points: 60, duration: 60, insuranceLimiter }) })
 * ```
 * @rule LOCK-14
 * @category Adapters
 */
export const rateLimiter = (options: RateLimiterOptions = {}): RateLimiter => {
  checkOptionNames('rateLimiter', options, optionNames)
  const { keyOf = networkOf } = options
  if (typeof keyOf !== 'function') throw new TypeError('rateLimiter: keyOf must be a function')
  const limiter = options.limiter === undefined ? inProcess(options) : checkLimiter(options, options.limiter)
  return {
    consume: async ({ source }) => {
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
