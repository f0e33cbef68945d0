import { DAY, type Instant } from '../kernel/instant.ts'
import { defaultPolicy, type Policy } from '../policy/policy.ts'

/**
 * The age status of a password.
 *
 * @category Passwords
 */
export type PasswordExpiry =
  | {
      readonly status: 'valid'
      /** The first instant at which it has expired. */
      readonly expiresAt: Instant
      /**
       * The days of 24 hours that remain, including the current one: 1 to 90 (more if the clock has gone
       * back).
       */
      readonly daysLeft: number
    }
  | {
      readonly status: 'expired'
      /** The first instant at which it had expired. */
      readonly expiredAt: Instant
    }

/**
 * Returns whether a password is still valid. It expires at the instant 90 × 24 hours after it was set. Days
 * have 24 hours and do not depend on a time zone.
 *
 * @param at - `changedAt`: when it was set; `now`: both in epoch milliseconds.
 * @returns `valid` with `daysLeft` and `expiresAt`, or `expired` with `expiredAt`.
 * @example
 * ```ts
 * passwordExpiry({ changedAt, now: changedAt + 87.5 * DAY }) // valid, daysLeft 3
 * ```
 * @rule PW-09
 * @rule PW-10
 * @category Passwords
 */
export const passwordExpiry = (
  at: { readonly changedAt: Instant; readonly now: Instant },
  { password: { maximumAgeDays } }: Pick<Policy, 'password'> = defaultPolicy,
): PasswordExpiry => {
  const end = at.changedAt + maximumAgeDays * DAY
  // With this comparison, an invalid instant counts as expired.
  return at.now < end
    ? { status: 'valid', expiresAt: end, daysLeft: Math.ceil((end - at.now) / DAY) }
    : { status: 'expired', expiredAt: end }
}
