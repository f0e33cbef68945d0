/**
 * A rate limiter by source, based on `rate-limiter-flexible` (an optional peer dependency: install it
 * alongside this package), in the memory of the process or on any store that this library supports.
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
 * The part of a `rate-limiter-flexible` limiter that is used here. All of its limiters have it.
 *
 * @category Adapters
 */
export interface Limiter {
  /** Consumes a point of a key. Rejects with the time of the next point, or with an `Error`. */
  consume(key: string): Promise<unknown>
}

/**
 * Options of {@link rateLimiter}: how many attempts a source may make, and what counts as one source.
 *
 * @category Adapters
 */
export interface RateLimiterOptions {
  /**
   * Attempts admitted within `seconds`, 1–1,000,000,000. Default: 60. A sign-in takes two attempts, a first
   * set-up six. An office behind one address is one source.
   */
  readonly attempts?: number
  /**
   * The length of the window in whole seconds, starting with the first attempt, 1–2,147,483 (24 days, the
   * maximum of a timer). Default: 60.
   */
  readonly seconds?: number
  /**
   * How many sources are remembered, 1–10,000,000. The least recently seen source is forgotten and starts
   * again with a full budget. This limits the memory, and no source is charged for others. Default: 100,000,
   * about 50 MB.
   */
  readonly maxSources?: number
  /**
   * Your own limiter, on a store that several processes share, or a union of several limiters. It defines the
   * numbers, and its store removes old sources, so `attempts`, `seconds` and `maxSources` must be absent.
   */
  readonly limiter?: Limiter
  /**
   * Maps a source to the key under which it is counted. Default: {@link networkOf}, which ignores ports,
   * counts an IPv6 network as one source, and counts all texts that are not addresses as one source.
   */
  readonly keyOf?: (source: string) => string
}

const optionNames = ['attempts', 'seconds', 'maxSources', 'limiter', 'keyOf'] as const

/** The maximum of a timer. Above 2^31 - 1 ms, a timer fires at once, and nothing would be limited. */
const maxSeconds = 2_147_483

/** Creates a limiter in this process, which forgets the least recently seen sources. */
const inProcess = ({ attempts = 60, seconds = 60, maxSources = 100_000 }: RateLimiterOptions): Limiter => {
  const limiter = new RateLimiterMemory({
    points: wholeNumber('attempts', attempts, 1, 1_000_000_000),
    duration: wholeNumber('seconds', seconds, 1, maxSeconds),
  })
  const maximum = wholeNumber('maxSources', maxSources, 1, 10_000_000)
  const seen = recentKeys(maximum, (key) => void limiter.delete(key))
  return {
    consume: (key) => {
      seen(key)
      return limiter.consume(key)
    },
  }
}

/**
 * Checks your limiter as far as possible. In-process limiters use timers, so their times have the same
 * maximum.
 */
const checkLimiter = (options: RateLimiterOptions, limiter: Limiter): Limiter => {
  for (const name of ['attempts', 'seconds', 'maxSources'] as const)
    if (options[name] !== undefined)
      throw new TypeError(
        `rateLimiter: ${name} has no effect together with limiter, which has its own numbers`,
      )
  if (typeof limiter?.consume !== 'function')
    throw new TypeError('rateLimiter: limiter must be a limiter of rate-limiter-flexible')
  if (limiter instanceof RateLimiterMemory)
    for (const name of ['duration', 'blockDuration'] as const)
      if (limiter[name] > maxSeconds)
        throw new RangeError(`rateLimiter: limiter.${name} must be at most ${maxSeconds} seconds`)
  return limiter
}

/** When the next attempt will be admitted, if a limiter rejected with that. A union rejects with several. */
const waitOf = (rejection: unknown): number | undefined => {
  if (typeof rejection !== 'object' || rejection === null || rejection instanceof Error) return undefined
  if ('msBeforeNext' in rejection && typeof rejection.msBeforeNext === 'number') return rejection.msBeforeNext
  const rejections = Object.values(rejection)
  const waits = rejections.map(waitOf).filter((wait) => wait !== undefined)
  return waits.length === 0 || waits.length < rejections.length ? undefined : Math.max(...waits)
}

/**
 * Creates a rate limiter that counts all attempts of a source together, including those that are not
 * admitted.
 *
 * If the store fails, the limiter rejects and the attempt is refused. To continue without the store, give
 * your limiter an `insuranceLimiter`.
 *
 * @throws RangeError for a number outside its bounds. TypeError for an unknown option, or for numbers
 * together with a `limiter`.
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
        // -1 or 0 mean that a key never expires, or expires at this moment.
        return { allowed: false, retryAfterSeconds: Math.max(1, Math.ceil(wait / 1_000)) }
      }
    },
  }
}
