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
      /** The first instant at which it is expired. */
      readonly expiresAt: Instant
      /** Times 24 hours still to go, the begun one included: 1 to 90 (more if the clock has gone back). */
      readonly daysLeft: number
    }
  | {
      readonly status: 'expired'
      /** The instant from which it is expired. */
      readonly expiredAt: Instant
    }

/**
 * Whether a password is still valid: from the instant at which 90 × 24 h have passed since it was set, it is
 * expired. Days are 24 hours; no time zone has a say.
 *
 * @param at - `changedAt`, when it was set, and `now`: epoch milliseconds.
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
  // With this comparison, an invalid instant leaves the password expired.
  return at.now < end
    ? { status: 'valid', expiresAt: end, daysLeft: Math.ceil((end - at.now) / DAY) }
    : { status: 'expired', expiredAt: end }
}
