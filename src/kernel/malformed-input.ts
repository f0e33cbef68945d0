/**
 * Input validation failed. Nothing was read, hashed or recorded. It belongs to no room: every function that
 * validates its input gives it.
 *
 * @category Refusals
 */
export interface MalformedInput {
  readonly code: 'malformed-input'
  readonly rule: 'API-01'
  /** The path of the field, parts joined by dots; empty for the input as a whole. */
  readonly field: string
  readonly problem: string
}
