import type { SmartcardRefusalReason } from '../account/refusal-reason.ts'
import type { Instant } from '../kernel/instant.ts'
import type { RuleId } from '../kernel/rule-id.ts'

/**
 * Refusals of sign-in, enrolment and self-service.
 *
 * @rule LOCK-05
 * @rule LOCK-06
 * @rule LOCK-11
 */
export type SignInRefusal =
  /** The one answer to a refused sign-in, whatever the reason. */
  | { readonly code: 'sign-in-refused'; readonly rule: 'LOCK-11' }
  /** The code is wrong, replayed or outdated. A sign-in's challenge is still open; another code may be tried. */
  | { readonly code: 'code-refused'; readonly rule: 'LOCK-06' }
  /** The challenge is not open (any more): back to the sign-in page. */
  | { readonly code: 'challenge-ended'; readonly rule: 'LOCK-05' }
  /** No further code is sent before `retryAt`. */
  | { readonly code: 'too-many-codes'; readonly rule: 'OTP-07'; readonly retryAt: Instant }
  /** The email was not delivered; it costs no attempt. `retry` is false where the address itself was refused. */
  | { readonly code: 'delivery-failed'; readonly rule: 'OTP-07'; readonly retry: boolean }
  /** No further enrolment code is accepted before `retryAt`. */
  | { readonly code: 'too-many-attempts'; readonly rule: 'LOCK-10'; readonly retryAt: Instant }
  /** Codes of an authenticator app are not sent. */
  | { readonly code: 'not-an-email-user'; readonly rule: 'OTP-03' }
  /** A channel must be chosen before its code is entered. */
  | { readonly code: 'no-channel-chosen'; readonly rule: 'OTP-04' }
  /** Email OTP needs a registered email. */
  | { readonly code: 'no-registered-email'; readonly rule: 'ACC-02' }
  /** The current password given with Change Password is not right; it counts as a failed sign-in. */
  | { readonly code: 'current-password-refused'; readonly rule: 'PW-14' }
  /** Change of device is for accounts that use an authenticator app. */
  | { readonly code: 'no-authenticator-app'; readonly rule: 'OTP-09' }
  /** The smartcard is not accepted here and now; disclosed to the host alone, whose flow has admitted it. */
  | { readonly code: 'smartcard-refused'; readonly rule: RuleId; readonly reason: SmartcardRefusalReason }
