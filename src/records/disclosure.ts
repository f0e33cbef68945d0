import type { AccountDenialReason } from '../account/refusal-reason.ts'
import type { Account } from '../account/state.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { Policy } from '../policy/policy.ts'

/** What a caller learns of each reason; of those not named, the one answer that all others share. */
export interface Disclosure {
  readonly otherwise: Refusal
  readonly disclosed: Readonly<
    Partial<Record<AccountDenialReason, (account: Account, policy: Policy) => Refusal>>
  >
}
export const always = (refusal: Refusal) => () => refusal

/**
 * What the caller is told of a refusal.
 *
 * @rule LOCK-11
 */
export const disclose = (
  { otherwise, disclosed: told }: Disclosure,
  reason: AccountDenialReason,
  account: Account,
  policy: Policy,
): Refusal => told[reason]?.(account, policy) ?? otherwise
export const usedBefore = always({
  code: 'password-refused',
  rule: 'PW-05',
  unmet: [{ code: 'used-before', rule: 'PW-08' }],
})
export const changedTooRecently = always({
  code: 'password-refused',
  rule: 'PW-05',
  unmet: [{ code: 'changed-too-recently', rule: 'PW-08' }],
})
