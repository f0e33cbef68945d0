import { defaultPolicy, type Policy } from '../policy/policy.ts'

/**
 * An account's unsuccessful attempts since its last complete login or unlock, whichever login and system
 * they fell in.
 *
 * @rule LOCK-03
 * @rule LOCK-08
 */
export interface Attempts {
  /** Wrong passwords, whole numbers from 0. */
  readonly passwords: number
  /** Wrong OTPs, whole numbers from 0. */
  readonly otps: number
}

type LockoutPolicy = Pick<Policy, 'lockout'>

/** No unsuccessful attempt: how an account begins, and what a complete login or an unlock goes back to. */
export const noAttempts: Attempts = /* @__PURE__ */ Object.freeze({ passwords: 0, otps: 0 })

/**
 * One more wrong password.
 *
 * @rule LOCK-01
 */
export const withWrongPassword = (attempts: Attempts): Attempts => ({
  passwords: attempts.passwords + 1,
  otps: attempts.otps,
})

/**
 * One more wrong OTP.
 *
 * @rule LOCK-02
 */
export const withWrongOtp = (attempts: Attempts): Attempts => ({
  passwords: attempts.passwords,
  otps: attempts.otps + 1,
})

/**
 * Unsuccessful logins: the wrong passwords, and one for each full three wrong OTPs.
 *
 * @rule LOCK-02
 * @rule LOCK-04
 */
export const failedLogins = (attempts: Attempts, { lockout }: LockoutPolicy = defaultPolicy): number =>
  attempts.passwords + Math.floor(attempts.otps / lockout.missesPerFailedLogin)

/**
 * Whether so many attempts lock the account: exactly when p + ⌊o/3⌋ ≥ 5.
 *
 * @rule LOCK-01
 * @rule LOCK-04
 */
export const locks = (attempts: Attempts, policy: LockoutPolicy = defaultPolicy): boolean =>
  failedLogins(attempts, policy) >= policy.lockout.failedLogins

/**
 * Whether the last wrong OTP completed a failed login, and with it ended the challenge in which it fell.
 *
 * @rule LOCK-02
 * @rule LOCK-05
 */
export const completesFailedLogin = (
  attempts: Attempts,
  { lockout }: LockoutPolicy = defaultPolicy,
): boolean => attempts.otps > 0 && attempts.otps % lockout.missesPerFailedLogin === 0
