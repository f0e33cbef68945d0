import { accountDecider } from '../account/decide.ts'
import type { AccountTypes } from '../account/table.ts'
import { phaseOf, type ServiceContext } from '../engine/context.ts'
import type { RecordPlace } from '../engine/record-change.ts'
import type { ParsedUserId } from '../identity/user-id.ts'
import type { Instant } from '../kernel/instant.ts'
import { accountAggregate } from './model/account-aggregate.ts'
import { type AggregateChange, changeFromEvents, stateOf } from './model/aggregate.ts'

/**
 * What decommissioning brings to an account: its smartcard leaves the profile, once. No job has to run for
 * it: anyone who acts on the account next brings it about, and until then no view shows the card.
 *
 * @rule MIG-20
 */
export const decommissionedSmartcard = (
  context: ServiceContext,
  { participant }: Pick<ParsedUserId, 'participant'>,
  place: RecordPlace,
  at: Instant,
): AggregateChange<AccountTypes> => {
  const account = stateOf(accountAggregate, place.before)
  const decommissioned = phaseOf(context, participant, at) === 'decommissioned'
  const retired = decommissioned
    ? accountDecider.decide(account, { type: 'DecommissionSmartcard', at }, context.policy).unwrapOr([])
    : []
  return changeFromEvents(accountAggregate, place, retired)
}
