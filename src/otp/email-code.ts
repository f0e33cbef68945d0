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
 * How many digits an emailed code of a purpose has: a code that sets a password or a channel has more, because
 * it can be guessed at for many accounts at once.
 *
 * @rule OTP-06
 * @rule LOCK-15
 */
const emailCodeDigits = (
  purpose: CodePurpose,
  { emailCode, enrolment }: Pick<Policy, 'emailCode' | 'enrolment'> = defaultPolicy,
): number => (purpose === 'sign-in' ? emailCode.digits : enrolment.codeDigits)

/**
 * A code of this many digits from random bytes, every code as likely as any other.
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
 * The first instant at which a code issued now is no longer valid.
 *
 * @rule OTP-06
 * @category One-time codes
 */
export const emailCodeExpiry = (
  issuedAt: Instant,
  { emailCode }: Pick<Policy, 'emailCode'> = defaultPolicy,
): Instant => issuedAt + emailCode.validSeconds * SECOND

/**
 * The text of which a code's keyed hash is made: bound to its account and its purpose.
 *
 * @rule OTP-06
 * @category One-time codes
 */
export const emailCodeMessage = (userId: string, purpose: CodePurpose, code: string): string =>
  `email-code:${userId}:${purpose}:${code}`
