/**
 * Refusals of User IDs: what is wrong with one, or that none is free.
 *
 * @rule ID-01
 * @rule ID-09
 * @rule ID-12
 */
export type IdentityRefusal =
  /** Not a User ID: its length, its characters, or its shape. */
  | {
      readonly code: 'malformed-user-id'
      readonly rule: 'ID-01' | 'ID-07' | 'ID-08'
      readonly problem: 'length' | 'characters' | 'shape'
    }
  /** A new user's suffix must not look like a Delegated Administrator's. */
  | { readonly code: 'looks-like-administrator'; readonly rule: 'ID-09' }
  /** Every suffix is allocated. */
  | { readonly code: 'user-ids-exhausted'; readonly rule: 'ID-12' }
