import type { RefusalCode } from '../../kernel/refusal.ts'

/** What a host does with a refusal: an HTTP status to answer, and what to show the user, in English. */
export interface RefusalGuide {
  /** Suggested HTTP status, 400–503. */
  readonly status: number
  /** A sentence for the user; it reveals nothing that the refusal does not say. */
  readonly show: string
}

const again = 'The service is busy. Please try again.'
const unavailable = 'The service is not available at the moment. Please try again later.'

/**
 * The guide of every refusal code.
 *
 * @rule LOCK-11
 */
export const refusalGuides: Readonly<Record<RefusalCode, RefusalGuide>> = {
  'malformed-input': { status: 400, show: 'Please check the highlighted field.' },
  'malformed-user-id': { status: 400, show: 'Please enter a User ID of 8 letters and digits.' },
  'looks-like-administrator': {
    status: 422,
    show: 'This ending is reserved for Delegated Administrators. Please choose another User ID.',
  },
  'user-ids-exhausted': { status: 409, show: 'No User ID is available.' },
  'password-refused': {
    status: 422,
    show: 'The new password does not meet these rules: (the list in `unmet`).',
  },
  'passwords-differ': { status: 422, show: 'The two passwords are not the same.' },
  'policy-invalid': { status: 500, show: 'For the host only: correct the fields in `problems`.' },
  'timeline-invalid': { status: 500, show: 'For the host only: correct the dates in `problems`.' },
  'rate-limited': {
    status: 429,
    show: 'Too many attempts. Please wait and try again. (`retryAfterSeconds` is the Retry-After header.)',
  },
  'sign-in-refused': {
    status: 401,
    show: 'Sign-in failed. Check your User ID and password, or contact your Delegated Administrator.',
  },
  'code-refused': { status: 401, show: 'The code is not correct. Please enter the current code.' },
  'malformed-code': { status: 400, show: 'Please enter the digits of the code only.' },
  'challenge-ended': { status: 401, show: 'This sign-in has ended. Please start again.' },
  'too-many-codes': { status: 429, show: 'No further code can be sent before (`retryAt`).' },
  'delivery-failed': {
    status: 502,
    show: 'The email could not be sent. Try again, or, if `retry` is false, have your email address corrected.',
  },
  'too-many-attempts': { status: 429, show: 'Too many wrong codes. Please try again after (`retryAt`).' },
  'not-an-email-user': { status: 409, show: 'Your codes come from your authenticator app.' },
  'no-channel-chosen': { status: 409, show: 'Please choose how to receive your codes first.' },
  'no-registered-email': {
    status: 409,
    show: 'No email is registered for your account. Please contact your Delegated Administrator.',
  },
  'current-password-refused': { status: 403, show: 'The current password is not correct.' },
  'no-authenticator-app': { status: 409, show: 'Your account does not use an authenticator app.' },
  'session-ended': { status: 401, show: 'Your session has ended. Please sign in again.' },
  'smartcard-refused': {
    status: 403,
    show: 'This smartcard cannot be used here. (`reason` is for the host.)',
  },
  'smartcard-session-not-allowed': {
    status: 403,
    show: 'This function needs a sign-in with password and one-time code.',
  },
  'no-timeline': { status: 500, show: 'For the host only: pass a `timeline` to `createAuthentication`.' },
  'listing-interrupted': {
    status: 500,
    show: 'The listing could not be read beyond this line. Please start again; what was imported stays.',
  },
  'not-authorised': { status: 403, show: 'You are not authorised to do this.' },
  'request-not-open': { status: 409, show: 'This request cannot be confirmed any more. Please reload it.' },
  'maker-as-checker': { status: 403, show: 'The maker of a request cannot check it.' },
  'authorisation-refused': { status: 403, show: 'Checker ID or Authorisation Code is not correct.' },
  'form-refused': { status: 409, show: 'The form cannot take this step: (`reason`).' },
  'quota-exceeded': { status: 409, show: 'All accounts of your participant are in use.' },
  'dates-reversed': { status: 422, show: 'Enable From must not be after Disable After.' },
  'unknown-account': { status: 404, show: 'There is no account with this User ID.' },
  'user-id-taken': { status: 409, show: 'This User ID has been assigned before. Please choose another.' },
  busy: { status: 503, show: again },
  'port-failed': { status: 503, show: unavailable },
  'internal-fault': { status: 500, show: unavailable },
}
