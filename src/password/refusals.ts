/**
 * The code of an unmet password rule.
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
 * An unmet password rule, suitable for display beside the field while the user types.
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
  /** The new password does not meet the policy; lists every unmet rule. */
  | {
      readonly code: 'password-refused'
      readonly rule: 'PW-05'
      readonly unmet: readonly UnmetPasswordRule[]
    }
  /** The new password and its confirmation differ. */
  | { readonly code: 'passwords-differ'; readonly rule: 'PW-04' }
