/**
 * Refusals of a one-time code by its form alone.
 *
 * @rule LOCK-06
 */
export type OtpRefusal =
  /** Not a code at all (length, digits): nothing was counted. */
  { readonly code: 'malformed-code'; readonly rule: 'LOCK-06' }
