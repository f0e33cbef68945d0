import { err, ok, type Result } from 'neverthrow'
import { unknownAccount } from '../account/state.ts'
import type { ServiceContext } from '../engine/context.ts'
import type { PortFailed } from '../engine/refusals.ts'
import { load } from '../engine/unit-of-work.ts'
import type { RecordKey } from '../ports/storage.ts'
import { accountKey } from '../records/handle-account-command.ts'
import { accountAggregate } from '../records/model/account-aggregate.ts'
import { stateOf } from '../records/model/aggregate.ts'
import type { AccountPlan } from './model/account-plan.ts'
import type { ReconciledAccount } from './model/reconcile.ts'
import type { ListingReconciler } from './model/reconciler.ts'

/**
 * The record key of a line's account; `undefined` if the line can't be read or belongs to another
 * participant.
 */
const keyOfPlan = ({ account }: AccountPlan): RecordKey | undefined =>
  account === undefined ? undefined : accountKey(account)

/**
 * Compares the plans of a batch of lines with the store. The records of each participant are loaded in one
 * round trip, so that a store distributed by participant is queried at one node.
 *
 * @rule MIG-16
 */
export const comparePlans = async (
  context: ServiceContext,
  plans: readonly AccountPlan[],
  reconciler: ListingReconciler,
  onAccount: (account: ReconciledAccount) => void,
): Promise<Result<void, PortFailed>> => {
  const groups = new Map<string, AccountPlan[]>()
  for (const plan of plans) {
    const participant = keyOfPlan(plan)?.participant ?? ''
    groups.set(participant, [...(groups.get(participant) ?? []), plan])
  }
  for (const group of groups.values()) {
    const keys = group.flatMap((plan) => keyOfPlan(plan) ?? [])
    const records = keys.length === 0 ? ok([]) : await load(context, keys)
    if (records.isErr()) return err(records.error)
    const found = new Map(keys.map((key, i) => [key.id, records.value[i]]))
    for (const plan of group) {
      const key = keyOfPlan(plan)
      const stored = key === undefined ? unknownAccount : stateOf(accountAggregate, found.get(key.id))
      onAccount(reconciler.add(plan, stored))
    }
  }
  return ok(undefined)
}
