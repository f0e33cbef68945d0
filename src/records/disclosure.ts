import type { AccountDenialReason } from '../account/refusal-reason.ts'
import type { Account } from '../account/state.ts'
import type { WithCode } from '../kernel/coded.ts'
import type { PasswordRefusal } from '../password/refusals.ts'
import type { Policy } from '../policy/policy.ts'

type Refused = WithCode<PasswordRefusal, 'password-refused'>

/** The refusal that discloses each reason to the caller; all reasons that are not named share one refusal. */
export interface Disclosure<R> {
  readonly otherwise: R
  readonly disclosed: Readonly<Partial<Record<AccountDenialReason, (account: Account, policy: Policy) => R>>>
}
export const always =
  <const R>(refusal: R) =>
  () =>
    refusal

/**
 * Converts a reason to the caller's refusal.
 *
 * @rule LOCK-11
 */
export const disclose = <R>(
  { otherwise, disclosed: byReason }: Disclosure<R>,
  reason: AccountDenialReason,
  account: Account,
  policy: Policy,
): R => byReason[reason]?.(account, policy) ?? otherwise
export const usedBefore = always<Refused>({
  code: 'password-refused',
  rule: 'PW-05',
  unmet: [{ code: 'used-before', rule: 'PW-08' }],
})
export const changedTooRecently = always<Refused>({
  code: 'password-refused',
  rule: 'PW-05',
  unmet: [{ code: 'changed-too-recently', rule: 'PW-08' }],
})
