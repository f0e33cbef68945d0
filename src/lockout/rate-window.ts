import { type Instant, isFromFuture, SECOND } from '../kernel/instant.ts'
import type { RateLimitPolicy } from '../policy/policy.ts'

/**
 * The number of uses within a period that starts with the first of them. It limits requested codes and wrong
 * set-up codes, separately from the counters that lock an account.
 *
 * @rule OTP-07
 * @rule LOCK-10
 * @category Lockout
 */
export interface RateWindow {
  /** The number of uses since the period began. */
  readonly used: number
  /** The instant at which the period began. */
  readonly since: Instant
}

/**
 * A window without uses.
 *
 * @category Lockout
 */
export const emptyRateWindow: RateWindow = /* @__PURE__ */ Object.freeze({ used: 0, since: 0 })

const endOf = (window: RateWindow, policy: RateLimitPolicy) => window.since + policy.perSeconds * SECOND

const isOver = (window: RateWindow, now: Instant, policy: RateLimitPolicy) =>
  // A window from the future was opened by a wrong clock (API-03).
  window.used === 0 || now >= endOf(window, policy) || isFromFuture(window.since, now)

/**
 * Whether one more use is allowed now.
 *
 * @rule OTP-07
 * @rule LOCK-10
 * @category Lockout
 */
export const isWithinRateLimit = (window: RateWindow, now: Instant, policy: RateLimitPolicy): boolean =>
  isOver(window, now, policy) || window.used < policy.max

/**
 * Counts one more use now.
 *
 * @rule OTP-07
 * @rule LOCK-10
 * @category Lockout
 */
export const consumeRateLimit = (window: RateWindow, now: Instant, policy: RateLimitPolicy): RateWindow =>
  isOver(window, now, policy) ? { used: 1, since: now } : { used: window.used + 1, since: window.since }

/**
 * Refunds one use, for example of a code that was not delivered.
 *
 * @rule OTP-07
 * @rule LOCK-10
 * @category Lockout
 */
export const refundRateLimit = (window: RateWindow): RateWindow => ({
  used: Math.max(0, window.used - 1),
  since: window.since,
})

/**
 * Returns the first instant at which a full window allows uses again.
 *
 * @rule OTP-07
 * @rule LOCK-10
 * @category Lockout
 */
export const rateLimitResetAt = (window: RateWindow, policy: RateLimitPolicy): Instant =>
  endOf(window, policy)
