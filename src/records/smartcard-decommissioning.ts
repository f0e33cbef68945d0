import { accountDecider } from '../account/decide.ts'
import type { AccountTypes } from '../account/table.ts'
import { phaseOf, type ServiceContext } from '../engine/context.ts'
import type { LoadedRecord } from '../engine/record-change.ts'
import type { ParsedUserId } from '../identity/user-id.ts'
import type { Instant } from '../kernel/instant.ts'
import { accountAggregate } from './model/account-aggregate.ts'
import { type AggregateChange, changeFromEvents, stateOf } from './model/aggregate.ts'

/**
 * The events that remove a decommissioned smartcard from an account's profile. No job needs to run: the next
 * command on the account commits them, and until then no view shows the card.
 *
 * @rule MIG-20
 */
export const decommissionedSmartcard = (
  context: ServiceContext,
  { participant }: Pick<ParsedUserId, 'participant'>,
  loaded: LoadedRecord,
  at: Instant,
): AggregateChange<AccountTypes> => {
  const account = stateOf(accountAggregate, loaded.before)
  const decommissioned = phaseOf(context, participant, at) === 'decommissioned'
  const retired = decommissioned
    ? accountDecider.decide(account, { type: 'DecommissionSmartcard', at }, context.policy).unwrapOr([])
    : []
  return changeFromEvents(accountAggregate, loaded, retired)
}
