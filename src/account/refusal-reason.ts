import { type SignInDenial, smartcardDenials } from '../access-control/denials.ts'

/**
 * The reasons to refuse a smartcard that the host's existing flow has admitted: the access table's and the
 * account's.
 *
 * @rule MIG-15
 * @rule MIG-19
 * @category Accounts
 */
export const smartcardRefusalReasons = [
  ...smartcardDenials,
  'another-smartcard',
  'locked',
  'disabled',
  'not-yet-enabled',
  'no-longer-enabled',
] as const

/**
 * A reason to refuse a smartcard, from {@link smartcardRefusalReasons}.
 *
 * @category Accounts
 */
export type SmartcardRefusalReason = (typeof smartcardRefusalReasons)[number]

/** Whether a reason is one of {@link smartcardRefusalReasons}. */
export const isSmartcardRefusalReason = (reason: string): reason is SmartcardRefusalReason =>
  smartcardRefusalReasons.some((each) => each === reason)

/**
 * Why an operation on an account was refused, as the audit trail records it. The caller gets a `Refusal`,
 * which may be less specific.
 *
 * @rule AUD-03
 * @category Accounts
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
  | 'session-of-former-epoch'
  | 'smartcard-session'
  | 'not-initialised'
  | 'dates-reversed'
  | 'password-lapsed'
  | 'instant-from-the-future'
  | 'password-used-before'
  | 'password-changed-too-recently'
