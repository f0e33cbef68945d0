import { defaultPolicy, type Policy } from '../policy/policy.ts'

/**
 * An account's unsuccessful attempts since its last complete sign-in or unlock, whichever sign-in and system
 * they fell in.
 *
 * @rule LOCK-03
 * @rule LOCK-08
 * @category Lockout
 */
export interface FailedAttempts {
  /** Wrong passwords, whole numbers from 0. */
  readonly passwords: number
  /** Wrong OTPs, whole numbers from 0. */
  readonly otps: number
}

type LockoutPolicy = Pick<Policy, 'lockout'>

/**
 * No unsuccessful attempt: how an account begins, and what a complete sign-in or an unlock goes back to.
 *
 * @category Lockout
 */
export const noFailedAttempts: FailedAttempts = /* @__PURE__ */ Object.freeze({ passwords: 0, otps: 0 })

/**
 * One more wrong password.
 *
 * @rule LOCK-01
 * @category Lockout
 */
export const withWrongPassword = (attempts: FailedAttempts): FailedAttempts => ({
  passwords: attempts.passwords + 1,
  otps: attempts.otps,
})

/**
 * One more wrong OTP.
 *
 * @rule LOCK-02
 * @category Lockout
 */
export const withWrongOtp = (attempts: FailedAttempts): FailedAttempts => ({
  passwords: attempts.passwords,
  otps: attempts.otps + 1,
})

/**
 * Unsuccessful sign-ins: the wrong passwords, and one for each full three wrong OTPs.
 *
 * @rule LOCK-02
 * @rule LOCK-04
 * @category Lockout
 */
export const countFailedSignIns = (
  attempts: FailedAttempts,
  { lockout }: LockoutPolicy = defaultPolicy,
): number => attempts.passwords + Math.floor(attempts.otps / lockout.otpFailuresPerFailedSignIn)

/**
 * Whether this many attempts lock the account: exactly when p + ⌊o/3⌋ ≥ 5.
 *
 * @rule LOCK-01
 * @rule LOCK-04
 * @category Lockout
 */
export const reachesLockout = (attempts: FailedAttempts, policy: LockoutPolicy = defaultPolicy): boolean =>
  countFailedSignIns(attempts, policy) >= policy.lockout.failedSignIns

/**
 * Whether the last wrong OTP completed a failed sign-in, and with it ended the challenge in which it fell.
 *
 * @rule LOCK-02
 * @rule LOCK-05
 * @category Lockout
 */
export const completesFailedSignIn = (
  attempts: FailedAttempts,
  { lockout }: LockoutPolicy = defaultPolicy,
): boolean => attempts.otps > 0 && attempts.otps % lockout.otpFailuresPerFailedSignIn === 0
