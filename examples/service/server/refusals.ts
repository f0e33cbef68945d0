import type { Refusal } from 'ccass-2fa'

/** What a refusal is over HTTP. */
export interface HttpRefusal {
  readonly status: number
  /** When to come back, in whole seconds: the header `retry-after`. */
  readonly retryAfter?: number
}

const until = (retryAt: number, now: number) => Math.max(1, Math.ceil((retryAt - now) / 1_000))

/**
 * The status of a refusal. The switch has no default: a code that the library adds does not compile until
 * someone has thought of its status. The body is the refusal as it is: it holds what its caller may see.
 */
export const httpRefusal = (refusal: Refusal, now: number): HttpRefusal => {
  switch (refusal.code) {
    // What was sent is none: sending it again is idle.
    case 'malformed-input':
    case 'malformed-user-id':
    case 'malformed-code':
      return { status: 400 }
    // No one is logged in, or no longer; the login page is next.
    case 'sign-in-refused':
    case 'code-refused':
    case 'challenge-ended':
    case 'current-password-refused':
    case 'session-ended':
      return { status: 401 }
    // Someone is, and may not.
    case 'not-authorised':
    case 'smartcard-session-not-allowed':
    case 'smartcard-refused':
    case 'maker-as-checker':
    case 'authorisation-refused':
      return { status: 403 }
    case 'unknown-account':
      return { status: 404 }
    // It does not go with how things stand.
    case 'no-registered-email':
    case 'not-an-email-user':
    case 'no-channel-chosen':
    case 'no-authenticator-app':
    case 'request-not-open':
    case 'quota-exceeded':
    case 'user-id-taken':
    case 'user-ids-exhausted':
    case 'dates-reversed':
    case 'no-timeline':
      return { status: 409 }
    // Well-formed, and against a rule.
    case 'password-refused':
    case 'passwords-differ':
    case 'looks-like-administrator':
    case 'form-refused':
    case 'policy-invalid':
    case 'timeline-invalid':
    case 'listing-interrupted':
      return { status: 422 }
    case 'rate-limited':
      return { status: 429, retryAfter: Math.ceil(refusal.retryAfterSeconds) }
    case 'too-many-codes':
    case 'too-many-attempts':
      return { status: 429, retryAfter: until(refusal.retryAt, now) }
    case 'delivery-failed':
      return refusal.retry ? { status: 503, retryAfter: 30 } : { status: 422 }
    // Nothing was counted, or nothing is half done: the same request may be sent again.
    case 'busy':
      return { status: 503, retryAfter: 1 }
    case 'port-failed':
      return { status: 503, retryAfter: 5 }
    case 'internal-fault':
      return { status: 500 }
  }
}
