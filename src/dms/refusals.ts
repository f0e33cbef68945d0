import type { RuleId } from '../kernel/rule-id.ts'

/**
 * Refusals of the Delegated Administrator Maintenance and Support functions.
 *
 * @rule DMS-02
 * @rule DMS-04
 * @rule DMS-05
 */
export type DmsRefusal =
  /** The caller may not do this for that account; `rule` is the rule that says so. */
  | { readonly code: 'not-authorised'; readonly rule: RuleId }
  /** The request cannot be confirmed, or not any more. */
  | {
      readonly code: 'request-not-open'
      readonly rule: 'DMS-05'
      readonly reason: 'unknown' | 'closed' | 'expired' | 'stale' | 'amended'
    }
  /** Maker and checker must be two persons. */
  | { readonly code: 'maker-as-checker'; readonly rule: 'DMS-02' }
  /** The Authorisation Code, or the checker who drew it, is not accepted. The trail records which. */
  | { readonly code: 'authorisation-refused'; readonly rule: 'DMS-04' }
