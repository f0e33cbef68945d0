import { accountDecider } from '../account/decide.ts'
import type { AccountEvent } from '../account/events.ts'
import type { Account } from '../account/state.ts'
import type { ParsedUserId } from '../identity/user-id.ts'
import type { Instant } from '../kernel/instant.ts'
import { type Context, phaseOf } from '../engine/context.ts'
import { accountMachine, type ChangeOf, changeBy, stateOf } from './aggregates.ts'
import type { Change } from '../engine/unit-of-work.ts'

/**
 * What decommissioning brings to an account: its smartcard leaves the profile, once. No job has to run for
 * it: whoever acts on the account next brings it about, and until then no view shows the card.
 *
 * @rule MIG-20
 */
export const retirement = (
  context: Context,
  { participant }: Pick<ParsedUserId, 'participant'>,
  place: Pick<Change, 'key' | 'before'>,
  at: Instant,
): ChangeOf<Account, AccountEvent> => {
  const account = stateOf(accountMachine, place.before)
  const decommissioned = phaseOf(context, participant, at) === 'decommissioned'
  const retired = decommissioned
    ? accountDecider.decide(account, { type: 'RetireSmartcard', at }, context.policy).unwrapOr([])
    : []
  return changeBy(accountMachine, place, retired)
}
