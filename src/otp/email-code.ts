import { type Instant, SECOND } from '../kernel/instant.ts'
import { defaultPolicy, type Policy } from '../policy/policy.ts'
import { numericCode } from './code.ts'

/**
 * The purpose of an emailed code. A code is valid for one purpose only.
 *
 * @category One-time codes
 */
export type CodePurpose = 'sign-in' | 'password' | 'enrolment'

/**
 * The number of digits of an emailed code for a purpose. A code that sets a password or a channel has more,
 * because an attacker can guess such codes for many accounts at once.
 *
 * @rule OTP-06
 * @rule LOCK-15
 */
const emailCodeDigits = (
  purpose: CodePurpose,
  { emailCode, enrolment }: Pick<Policy, 'emailCode' | 'enrolment'> = defaultPolicy,
): number => (purpose === 'sign-in' ? emailCode.digits : enrolment.codeDigits)

/**
 * Generates an emailed code for a purpose from random bytes; all codes are equally likely.
 *
 * @param bytes - at least 8 random bytes; the bias of the division is below 2⁻³⁷.
 * @rule OTP-06
 * @category One-time codes
 */
export const emailCodeFrom = (
  bytes: Uint8Array,
  policy: Pick<Policy, 'emailCode' | 'enrolment'> = defaultPolicy,
  purpose: CodePurpose = 'sign-in',
): string => numericCode(bytes, emailCodeDigits(purpose, policy))

/**
 * Returns the first instant at which a code issued now is no longer valid.
 *
 * @rule OTP-06
 * @category One-time codes
 */
export const emailCodeExpiry = (
  issuedAt: Instant,
  { emailCode }: Pick<Policy, 'emailCode'> = defaultPolicy,
): Instant => issuedAt + emailCode.validSeconds * SECOND

/**
 * Returns the text of a code's keyed hash, which binds the code to its account and purpose.
 *
 * @rule OTP-06
 * @category One-time codes
 */
export const emailCodeMessage = (userId: string, purpose: CodePurpose, code: string): string =>
  `email-code:${userId}:${purpose}:${code}`
