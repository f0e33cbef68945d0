import type { SmartcardRefusalReason } from '../account/refusal-reason.ts'
import type { ChangeRefusal, CommitRefusal, UnauthenticatedRefusal } from '../engine/refusals.ts'
import type { IdentityRefusal } from '../identity/refusals.ts'
import type { WithCode } from '../kernel/coded.ts'
import type { Instant } from '../kernel/instant.ts'
import type { RuleId } from '../kernel/rule-id.ts'
import type { OtpRefusal } from '../otp/refusals.ts'
import type { PasswordRefusal } from '../password/refusals.ts'
import type { RecordsRefusal } from '../records/refusals.ts'
import type { SessionRefusal } from '../session/refusals.ts'

/**
 * Refusals of sign-in, enrolment and self-service.
 *
 * @rule LOCK-05
 * @rule LOCK-06
 * @rule LOCK-11
 */
export type SignInRefusal =
  /** The sign-in is refused; the answer is the same for every reason. */
  | { readonly code: 'sign-in-refused'; readonly rule: 'LOCK-11' }
  /**
   * The code is wrong, replayed or outdated. A sign-in's challenge remains open, and another code can be
   * tried.
   */
  | { readonly code: 'code-refused'; readonly rule: 'LOCK-06' }
  /** The challenge is not open, or no longer: return to the sign-in page. */
  | { readonly code: 'challenge-ended'; readonly rule: 'LOCK-05' }
  /** No further code is sent before `retryAt`. */
  | { readonly code: 'too-many-codes'; readonly rule: 'OTP-07'; readonly retryAt: Instant }
  /**
   * The email was not delivered; this costs no attempt. `retry` is false if the address itself was refused.
   */
  | { readonly code: 'delivery-failed'; readonly rule: 'OTP-07'; readonly retry: boolean }
  /** No further enrolment code is accepted before `retryAt`. */
  | { readonly code: 'too-many-attempts'; readonly rule: 'LOCK-10'; readonly retryAt: Instant }
  /** Codes of an authenticator app are not sent. */
  | { readonly code: 'not-an-email-user'; readonly rule: 'OTP-03' }
  /** A channel must be chosen before its code is entered. */
  | { readonly code: 'no-channel-chosen'; readonly rule: 'OTP-04' }
  /** Email OTP needs a registered email. */
  | { readonly code: 'no-registered-email'; readonly rule: 'ACC-02' }
  /** The current password entered for Change Password is wrong; it counts as a failed sign-in. */
  | { readonly code: 'current-password-refused'; readonly rule: 'PW-14' }
  /** Change of device is for accounts that use an authenticator app. */
  | { readonly code: 'no-authenticator-app'; readonly rule: 'OTP-09' }
  /**
   * The smartcard is not accepted at this time and place; disclosed only to the host, whose flow has admitted
   * it.
   */
  | { readonly code: 'smartcard-refused'; readonly rule: RuleId; readonly reason: SmartcardRefusalReason }

/** The refusals of sign-in with these codes. */
export type SignInRefusalOf<Code extends SignInRefusal['code']> = WithCode<SignInRefusal, Code>

/** The refusals of every change by an unauthenticated caller. */
type Unauthenticated = UnauthenticatedRefusal | CommitRefusal

type MalformedUserId = WithCode<IdentityRefusal, 'malformed-user-id'>

/** The refusals of each operation of sign-in. */
export interface SignInRefusals {
  readonly begin:
    | Unauthenticated
    | MalformedUserId
    | SignInRefusalOf<'sign-in-refused' | 'no-registered-email' | 'too-many-codes' | 'delivery-failed'>
  readonly confirmOtp: Unauthenticated | OtpRefusal | SignInRefusalOf<'challenge-ended' | 'code-refused'>
  readonly resendCode:
    | Unauthenticated
    | SignInRefusalOf<
        'challenge-ended' | 'not-an-email-user' | 'no-registered-email' | 'too-many-codes' | 'delivery-failed'
      >
  readonly cancel: Unauthenticated | SignInRefusalOf<'challenge-ended'>
}

/** The refusals of each operation of password set-up. */
export interface PasswordSetUpRefusals {
  readonly begin: Unauthenticated | MalformedUserId | SignInRefusalOf<'delivery-failed'>
  readonly confirmCode: Unauthenticated | OtpRefusal | SignInRefusalOf<'challenge-ended' | 'code-refused'>
  readonly complete: Unauthenticated | PasswordRefusal | SignInRefusalOf<'challenge-ended'>
}

/** The refusals of each operation of enrolment. */
export interface EnrolmentRefusals {
  readonly chooseChannel:
    | Unauthenticated
    | SignInRefusalOf<
        'challenge-ended' | 'no-registered-email' | 'too-many-codes' | 'too-many-attempts' | 'delivery-failed'
      >
  readonly confirm:
    | Unauthenticated
    | OtpRefusal
    | SignInRefusalOf<'challenge-ended' | 'code-refused' | 'no-registered-email' | 'no-channel-chosen'>
}

/** The refusals of each operation of self-service. */
export interface SelfServiceRefusals {
  readonly changePassword:
    | ChangeRefusal
    | PasswordRefusal
    | SessionRefusal
    | SignInRefusalOf<'current-password-refused'>
  readonly changeDevice: ChangeRefusal | SessionRefusal | SignInRefusalOf<'no-authenticator-app'>
}

/** The refusals of each operation of smartcards. */
export interface SmartcardRefusals {
  readonly signIn:
    | ChangeRefusal
    | MalformedUserId
    | WithCode<RecordsRefusal, 'unknown-account'>
    | SignInRefusalOf<'smartcard-refused'>
}
