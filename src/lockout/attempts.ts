import { defaultPolicy, type Policy } from '../policy/policy.ts'

/**
 * The failed attempts of an account since its last complete sign-in or unlock, over all sign-ins and systems.
 *
 * @rule LOCK-03
 * @rule LOCK-08
 * @category Lockout
 */
export interface FailedAttempts {
  /** The number of wrong passwords. */
  readonly passwords: number
  /** The number of wrong OTPs. */
  readonly otps: number
}

type LockoutPolicy = Pick<Policy, 'lockout'>

/**
 * No failed attempts: the counters of a new account, and after a complete sign-in or an unlock.
 *
 * @category Lockout
 */
export const noFailedAttempts: FailedAttempts = /* @__PURE__ */ Object.freeze({ passwords: 0, otps: 0 })

/**
 * Counts one more wrong password.
 *
 * @rule LOCK-01
 * @category Lockout
 */
export const withWrongPassword = (attempts: FailedAttempts): FailedAttempts => ({
  passwords: attempts.passwords + 1,
  otps: attempts.otps,
})

/**
 * Counts one more wrong OTP.
 *
 * @rule LOCK-02
 * @category Lockout
 */
export const withWrongOtp = (attempts: FailedAttempts): FailedAttempts => ({
  passwords: attempts.passwords,
  otps: attempts.otps + 1,
})

/**
 * Counts the failed sign-ins: each wrong password is one, and so are three wrong OTPs.
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
 * Whether the attempts lock the account: exactly if p + ⌊o/3⌋ ≥ 5.
 *
 * @rule LOCK-01
 * @rule LOCK-04
 * @category Lockout
 */
export const reachesLockout = (attempts: FailedAttempts, policy: LockoutPolicy = defaultPolicy): boolean =>
  countFailedSignIns(attempts, policy) >= policy.lockout.failedSignIns

/**
 * Whether the last wrong OTP completed a failed sign-in, which ends its challenge.
 *
 * @rule LOCK-02
 * @rule LOCK-05
 * @category Lockout
 */
export const completesFailedSignIn = (
  attempts: FailedAttempts,
  { lockout }: LockoutPolicy = defaultPolicy,
): boolean => attempts.otps > 0 && attempts.otps % lockout.otpFailuresPerFailedSignIn === 0
