/**
 * Input validation failed. Nothing was read, hashed or recorded. Every function that validates its input
 * returns this refusal, so it belongs to the kernel.
 *
 * @rule API-01
 * @category Refusals
 */
export interface MalformedInput {
  readonly code: 'malformed-input'
  readonly rule: 'API-01'
  /** The path of the field, parts joined by dots; empty for the whole input. */
  readonly field: string
  readonly problem: string
}
