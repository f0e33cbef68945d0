import { type Instant, SECOND } from '../kernel/instant.ts'
import { defaultPolicy, type Policy } from '../policy/policy.ts'
import { numericCode } from './code.ts'

/** What an emailed code is good for. A code of one purpose is none of another. */
export type CodePurpose = 'sign-in' | 'password' | 'enrolment'

/**
 * A code of so many digits from random bytes, every code as likely as any other.
 *
 * @param bytes - at least 8 random bytes; the bias of the division is below 2⁻³⁷.
 * @rule OTP-06
 */
export const emailCodeFrom = (
  bytes: Uint8Array,
  { emailCode }: Pick<Policy, 'emailCode'> = defaultPolicy,
): string => numericCode(bytes, emailCode.digits)

/**
 * The first instant at which a code issued now is no longer good.
 *
 * @rule OTP-06
 */
export const emailCodeExpiry = (
  issuedAt: Instant,
  { emailCode }: Pick<Policy, 'emailCode'> = defaultPolicy,
): Instant => issuedAt + emailCode.validSeconds * SECOND

/**
 * The text of which a code's keyed hash is made: bound to its account and its purpose.
 *
 * @rule OTP-06
 */
export const emailCodeMessage = (userId: string, purpose: CodePurpose, code: string): string =>
  `email-code:${userId}:${purpose}:${code}`
