import type { Instant } from './instant.ts'
import type { RuleId } from './rule-id.ts'

/** What an unmet rule of the password policy is called. */
export type PasswordRuleCode =
  | 'too-short'
  | 'too-long'
  | 'no-number'
  | 'no-lower-case-letter'
  | 'no-capital-letter'
  | 'no-special-character'
  | 'not-well-formed'
  | 'used-before'
  | 'changed-too-recently'
  | 'known-password'

/** One rule that a password does not meet, fit to be shown beside the field while someone types. */
export interface UnmetPasswordRule {
  readonly code: PasswordRuleCode
  readonly rule: 'PW-01' | 'PW-02' | 'PW-03' | 'PW-06' | 'PW-08' | 'PW-16'
}

/** A port, as refusals and faults name it; `manifest` is what a host gives to, or takes from, a checkpoint. */
export type PortName =
  | 'storage'
  | 'clock'
  | 'mailer'
  | 'passwordHasher'
  | 'passwordBlocklist'
  | 'rateLimiter'
  | 'random'
  | 'secretBox'
  | 'observer'
  | 'manifest'

/**
 * Everything that the library can refuse, as its caller may see it: data with a stable `code`, the
 * number of the rule, and facts. The union is closed, so that a `switch` over `code` can be exhausted.
 * What is not the caller's to know (was the user unknown, the password wrong, the account locked?) is
 * not in here: it stands in the audit trail as a {@link AccountDenialReason}.
 *
 * @rule LOCK-11
 */
export type Refusal =
  /** An argument has not the documented shape; nothing was loaded, hashed or recorded. */
  | {
      readonly code: 'malformed-input'
      readonly rule: 'API-01'
      readonly field: string
      readonly problem: string
    }
  /** Not a User ID: its length, its characters, or its shape. */
  | {
      readonly code: 'malformed-user-id'
      readonly rule: 'ID-01' | 'ID-07' | 'ID-08'
      readonly problem: 'length' | 'characters' | 'shape'
    }
  /** A new user's ending may not look like a Delegated Administrator's. */
  | { readonly code: 'looks-like-administrator'; readonly rule: 'ID-09' }
  /** No ending is free any more. */
  | { readonly code: 'user-ids-exhausted'; readonly rule: 'ID-12' }
  /** A new password does not meet the policy: every unmet rule at once. */
  | {
      readonly code: 'password-refused'
      readonly rule: 'PW-05'
      readonly unmet: readonly UnmetPasswordRule[]
    }
  /** The new password and its confirmation differ. */
  | { readonly code: 'passwords-differ'; readonly rule: 'PW-04' }
  /** A policy that may not be: every field that is wrong. */
  | {
      readonly code: 'policy-invalid'
      readonly rule: 'AUD-04'
      readonly problems: readonly { readonly path: string; readonly problem: string }[]
    }
  /** Dates of the transition that contradict each other, or are none: every one that is wrong. */
  | {
      readonly code: 'timeline-invalid'
      readonly rule: 'MIG-02'
      readonly problems: readonly { readonly path: string; readonly problem: string }[]
    }
  /** Too much from one source: nothing was loaded, counted or recorded. The host's limit, not the account's. */
  | { readonly code: 'rate-limited'; readonly rule: 'LOCK-14'; readonly retryAfterSeconds: number }
  /** The one answer to a refused sign-in, for every reason. */
  | { readonly code: 'sign-in-refused'; readonly rule: 'LOCK-11' }
  /** The code is wrong, replayed or outdated. A sign-in's challenge is still open; another code may be tried. */
  | { readonly code: 'code-refused'; readonly rule: 'LOCK-06' }
  /** Not a code at all (length, digits): nothing was counted. */
  | { readonly code: 'malformed-code'; readonly rule: 'LOCK-06' }
  /** The challenge is not open (any more): back to the sign-in page. */
  | { readonly code: 'challenge-ended'; readonly rule: 'LOCK-05' }
  /** No further code is sent before `retryAt`. */
  | { readonly code: 'too-many-codes'; readonly rule: 'OTP-07'; readonly retryAt: Instant }
  /** The mail was not delivered; it costs no attempt. `retry` is false where the address itself was refused. */
  | { readonly code: 'delivery-failed'; readonly rule: 'OTP-07'; readonly retry: boolean }
  /** No further set-up code is taken before `retryAt`. */
  | { readonly code: 'too-many-attempts'; readonly rule: 'LOCK-10'; readonly retryAt: Instant }
  /** Codes of a mobile app are not sent. */
  | { readonly code: 'not-an-email-user'; readonly rule: 'OTP-03' }
  /** A channel must be chosen before its code is given. */
  | { readonly code: 'no-channel-chosen'; readonly rule: 'OTP-04' }
  /** Email OTP needs a registered email. */
  | { readonly code: 'no-registered-email'; readonly rule: 'ACC-02' }
  /** The current password given with Change Password is not right; it counts as a failed sign-in. */
  | { readonly code: 'current-password-refused'; readonly rule: 'PW-14' }
  /** Change of device is for those who use a mobile app. */
  | { readonly code: 'no-authenticator-app'; readonly rule: 'OTP-09' }
  /** The session has lapsed, or its account has changed under it: sign in again. */
  | { readonly code: 'session-ended'; readonly rule: 'ACC-15' }
  /** The smartcard opens nothing here and now; said to the host alone, whose flow has admitted it. */
  | { readonly code: 'smartcard-refused'; readonly rule: RuleId; readonly reason: string }
  /** Open to a sign-in by password and OTP only. */
  | { readonly code: 'smartcard-session-not-allowed'; readonly rule: 'MIG-19' }
  /** No dates of the transition were given to the service. */
  | { readonly code: 'no-timeline'; readonly rule: 'MIG-02' }
  /** The host's listing broke off behind this line: what came before it is done. The host's `onFault` was told. */
  | { readonly code: 'listing-interrupted'; readonly rule: 'MIG-16'; readonly line: number }
  /** The caller may not do this for that account; `rule` is the rule that says so. */
  | { readonly code: 'not-authorised'; readonly rule: RuleId }
  /** The request is not, or no longer, there to be confirmed. */
  | {
      readonly code: 'request-not-open'
      readonly rule: 'DMS-05'
      readonly reason: 'unknown' | 'closed' | 'expired' | 'stale' | 'amended'
    }
  /** Maker and checker must be two persons. */
  | { readonly code: 'maker-as-checker'; readonly rule: 'DMS-02' }
  /** The Authorisation Code, or the checker who drew it, is not accepted. Which of them, the trail tells. */
  | { readonly code: 'authorisation-refused'; readonly rule: 'DMS-04' }
  /** An eService does not take the step; `reason` says which rule of the form stands against it. */
  | { readonly code: 'form-refused'; readonly rule: RuleId; readonly reason: string }
  /** The participant has no account left to give. */
  | { readonly code: 'quota-exceeded'; readonly rule: 'QTA-03' }
  /** Enable From would be after Disable After: the account could never be used. */
  | { readonly code: 'dates-reversed'; readonly rule: 'FLD-04' }
  /** There is no such account; disclosed only to the keeper of the accounts. */
  | { readonly code: 'unknown-account'; readonly rule: 'ID-12' }
  /** The User ID is given already, perhaps to an account deleted since. */
  | { readonly code: 'user-id-taken'; readonly rule: 'ID-12' }
  /** Too many others changed the same record at once; nothing was counted. Try again. */
  | { readonly code: 'busy'; readonly rule: 'LOCK-09' }
  /** A port failed; nothing is half done. Try again. */
  | { readonly code: 'port-failed'; readonly rule: 'API-02'; readonly port: PortName }
  /** A fault of the library itself; nothing is half done. The host's `onFault` was told. */
  | { readonly code: 'internal-fault'; readonly rule: 'API-02' }

/** The stable code of a refusal. */
export type RefusalCode = Refusal['code']

/** The refusal with a given code. */
export type RefusalOf<Code extends RefusalCode> = Extract<Refusal, { readonly code: Code }>
