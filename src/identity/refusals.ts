/**
 * Refusals of User IDs: an invalid one, or no free one.
 *
 * @rule ID-01
 * @rule ID-09
 * @rule ID-12
 */
export type IdentityRefusal =
  /** The text is not a User ID: its length, its characters or its format is wrong. */
  | {
      readonly code: 'malformed-user-id'
      readonly rule: 'ID-01' | 'ID-07' | 'ID-08'
      readonly problem: 'length' | 'characters' | 'shape'
    }
  /** The suffix of a new user's ID must not look like a Delegated Administrator's. */
  | { readonly code: 'looks-like-administrator'; readonly rule: 'ID-09' }
  /** Every suffix is allocated. */
  | { readonly code: 'user-ids-exhausted'; readonly rule: 'ID-12' }
