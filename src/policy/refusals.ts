/**
 * Refusals of a policy.
 *
 * @rule AUD-04
 */
export type PolicyRefusal =
  /** The policy is invalid; lists every invalid field. */
  {
    readonly code: 'policy-invalid'
    readonly rule: 'AUD-04'
    readonly problems: readonly { readonly path: string; readonly problem: string }[]
  }
