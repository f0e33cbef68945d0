import { type Instant, isFromFuture, SECOND } from '../kernel/instant.ts'
import type { RateLimitPolicy } from '../policy/policy.ts'

/**
 * Uses counted within a period that starts with the first of them. Codes asked for and set-up codes
 * guessed are limited by it, apart from the count that locks.
 *
 * @rule OTP-07
 * @rule LOCK-10
 * @category Lockout
 */
export interface RateWindow {
  /** Uses since the period began, whole numbers from 0. */
  readonly used: number
  /** When the period began. */
  readonly since: Instant
}

/**
 * Nothing used.
 *
 * @category Lockout
 */
export const emptyRateWindow: RateWindow = /* @__PURE__ */ Object.freeze({ used: 0, since: 0 })

const endOf = (window: RateWindow, policy: RateLimitPolicy) => window.since + policy.perSeconds * SECOND

const isOver = (window: RateWindow, now: Instant, policy: RateLimitPolicy) =>
  // A window that begins in the future was opened by a clock that was wrong (API-03).
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
 * The allowance after one more use now.
 *
 * @rule OTP-07
 * @rule LOCK-10
 * @category Lockout
 */
export const consumeRateLimit = (window: RateWindow, now: Instant, policy: RateLimitPolicy): RateWindow =>
  isOver(window, now, policy) ? { used: 1, since: now } : { used: window.used + 1, since: window.since }

/**
 * One use given back, as of a code that was not delivered.
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
 * The first instant at which a spent allowance allows again.
 *
 * @rule OTP-07
 * @rule LOCK-10
 * @category Lockout
 */
export const rateLimitResetAt = (window: RateWindow, policy: RateLimitPolicy): Instant =>
  endOf(window, policy)
