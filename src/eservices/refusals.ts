import type { RuleId } from '../kernel/rule-id.ts'
import type { EserviceDenialReason } from './model/refusal-reason.ts'

/**
 * Refusals of an eService form.
 *
 * @rule ESV-02
 */
export type EservicesRefusal =
  /** The form does not take the step; `reason` says why. */
  { readonly code: 'form-refused'; readonly rule: RuleId; readonly reason: EserviceDenialReason }

/** The one refusal of a form that does not exist. */
export const noSuchForm = {
  code: 'form-refused',
  rule: 'ESV-02',
  reason: 'no-such-form',
} as const satisfies EservicesRefusal
