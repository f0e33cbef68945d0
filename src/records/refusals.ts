import type { WithCode } from '../kernel/coded.ts'

/**
 * Refusals about an account's or a participant's record; disclosed to callers that manage accounts.
 *
 * @rule ID-12
 * @rule QTA-03
 * @rule FLD-04
 */
export type RecordsRefusal =
  /** There is no such account. */
  | { readonly code: 'unknown-account'; readonly rule: 'ID-12' }
  /** The User ID is already allocated, perhaps to an account that has been deleted. */
  | { readonly code: 'user-id-taken'; readonly rule: 'ID-12' }
  /** The participant has reached its maximum number of accounts. */
  | { readonly code: 'quota-exceeded'; readonly rule: 'QTA-03' }
  /** Enable From would be after Disable After: the account could never be used. */
  | { readonly code: 'dates-reversed'; readonly rule: 'FLD-04' }

/** The refusal for an account that does not exist. */
export const unknownAccount = {
  code: 'unknown-account',
  rule: 'ID-12',
} as const satisfies WithCode<RecordsRefusal, 'unknown-account'>
