/**
 * Refusals of a one-time code because of its form.
 *
 * @rule LOCK-06
 */
export type OtpRefusal =
  /** The text cannot be a code (length or digits); nothing was counted. */
  { readonly code: 'malformed-code'; readonly rule: 'LOCK-06' }
