import type { ChangeRefusal, QueryRefusal } from '../engine/refusals.ts'
import type { RuleId } from '../kernel/rule-id.ts'
import type { EserviceDenialReason } from './model/refusal-reason.ts'

/**
 * Refusals of an eService form.
 *
 * @rule ESV-02
 */
export type EservicesRefusal =
  /** The form refused the step; `reason` says why. */
  { readonly code: 'form-refused'; readonly rule: RuleId; readonly reason: EserviceDenialReason }

/** The refusal for a form that does not exist. */
export const noSuchForm = {
  code: 'form-refused',
  rule: 'ESV-02',
  reason: 'no-such-form',
} as const satisfies EservicesRefusal

/** The refusals of each operation of eServices. */
export interface EservicesRefusals {
  readonly draft: ChangeRefusal | EservicesRefusal
  readonly edit: ChangeRefusal | EservicesRefusal
  readonly submit: ChangeRefusal | EservicesRefusal
  readonly reclaim: ChangeRefusal | EservicesRefusal
  readonly claim: ChangeRefusal | EservicesRefusal
  readonly takeOver: ChangeRefusal | EservicesRefusal
  readonly release: ChangeRefusal | EservicesRefusal
  readonly refer: ChangeRefusal | EservicesRefusal
  readonly revert: ChangeRefusal | EservicesRefusal
  readonly confirm: ChangeRefusal | EservicesRefusal
  readonly discard: ChangeRefusal | EservicesRefusal
  readonly clone: ChangeRefusal | EservicesRefusal
  readonly view: ChangeRefusal | EservicesRefusal
  readonly list: QueryRefusal | EservicesRefusal
  readonly sent: QueryRefusal
  readonly process: ChangeRefusal | EservicesRefusal
}
