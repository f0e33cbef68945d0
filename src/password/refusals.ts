/**
 * The code of a password rule that is not met.
 *
 * @category Refusals
 */
export type PasswordRuleCode =
  | 'too-short'
  | 'too-long'
  | 'no-number'
  | 'no-lower-case-letter'
  | 'no-capital-letter'
  | 'no-special-character'
  | 'not-well-formed'
  | 'used-before'
  | 'changed-too-recently'
  | 'known-password'

/**
 * One rule that a password does not meet, suitable for display beside the field while someone types.
 *
 * @category Refusals
 */
export interface UnmetPasswordRule {
  readonly code: PasswordRuleCode
  readonly rule: 'PW-01' | 'PW-02' | 'PW-03' | 'PW-06' | 'PW-08' | 'PW-16'
}

/**
 * Refusals of a new password.
 *
 * @rule PW-04
 * @rule PW-05
 */
export type PasswordRefusal =
  /** A new password does not meet the policy: every unmet rule at once. */
  | {
      readonly code: 'password-refused'
      readonly rule: 'PW-05'
      readonly unmet: readonly UnmetPasswordRule[]
    }
  /** The new password and its confirmation differ. */
  | { readonly code: 'passwords-differ'; readonly rule: 'PW-04' }
