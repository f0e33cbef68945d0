import type { Refusal, RefusalCode } from '../../refusals.ts'

/**
 * The suggested HTTP status of each refusal code, 400–503. It does not compile if a code has no status.
 *
 * @category Messages
 */
export const httpStatuses = {
  'malformed-input': 400,
  'malformed-user-id': 400,
  'looks-like-administrator': 422,
  'user-ids-exhausted': 409,
  'password-refused': 422,
  'passwords-differ': 422,
  'policy-invalid': 500,
  'timeline-invalid': 500,
  'rate-limited': 429,
  'sign-in-refused': 401,
  'code-refused': 401,
  'malformed-code': 400,
  'challenge-ended': 401,
  'too-many-codes': 429,
  'delivery-failed': 502,
  'too-many-attempts': 429,
  'not-an-email-user': 409,
  'no-channel-chosen': 409,
  'no-registered-email': 409,
  'current-password-refused': 403,
  'no-authenticator-app': 409,
  'session-ended': 401,
  'smartcard-refused': 403,
  'smartcard-session-not-allowed': 403,
  'no-timeline': 500,
  'listing-interrupted': 500,
  'not-authorised': 403,
  'request-not-open': 409,
  'maker-as-checker': 403,
  'authorisation-refused': 403,
  'form-refused': 409,
  'quota-exceeded': 409,
  'dates-reversed': 422,
  'unknown-account': 404,
  'user-id-taken': 409,
  busy: 503,
  'port-failed': 503,
  'internal-error': 500,
} as const satisfies Readonly<Record<RefusalCode, number>>

/**
 * An HTTP status of a refusal.
 *
 * @category Messages
 */
export type RefusalStatus = (typeof httpStatuses)[RefusalCode]

/**
 * Returns the suggested HTTP status of a refusal.
 *
 * @category Messages
 */
export const httpStatusOf = ({ code }: Refusal): RefusalStatus => httpStatuses[code]

/**
 * Returns the value of the `Retry-After` header for a refusal, in whole seconds, at least 1, or `undefined`
 * if waiting does not help.
 *
 * @param now - epoch milliseconds, by the clock of the service.
 * @category Messages
 */
export const retryAfterOf = (refusal: Refusal, now: number): number | undefined => {
  switch (refusal.code) {
    case 'rate-limited':
      return Math.max(1, Math.ceil(refusal.retryAfterSeconds))
    case 'too-many-codes':
    case 'too-many-attempts':
      return Math.max(1, Math.ceil((refusal.retryAt - now) / 1_000))
    case 'delivery-failed':
      return refusal.retry ? 30 : undefined
    case 'busy':
      return 1
    case 'port-failed':
      return 5
    default:
      return undefined
  }
}
