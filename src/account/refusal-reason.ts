import type { SmartcardRefusalReason } from '../kernel/refusal.ts'
import type { SignInDenial } from './commands.ts'

/**
 * Why an act on an account was refused, as the audit trail holds it. The caller sees a `Refusal`, which
 * may say less.
 *
 * @rule AUD-03
 */
export type AccountDenialReason =
  | 'unknown-user'
  | 'deleted'
  | 'user-id-taken'
  | SignInDenial
  | SmartcardRefusalReason
  | 'no-password-set'
  | 'no-registered-email'
  | 'email-otp-user'
  | 'mobile-app-user'
  | 'too-many-codes'
  | 'too-many-enrolment-attempts'
  | 'no-such-challenge'
  | 'challenge-awaits-something-else'
  | 'challenge-expired'
  | 'no-channel-chosen'
  | 'principal-of-former-sessionEpoch'
  | 'smartcard-session'
  | 'not-initialised'
  | 'dates-reversed'
  | 'password-lapsed'
  | 'instant-from-the-future'
  | 'password-used-before'
  | 'password-changed-too-recently'
