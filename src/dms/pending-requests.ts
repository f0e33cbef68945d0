import { ok, type Result } from 'neverthrow'
import type { ServiceContext } from '../engine/context.ts'
import type { LoadedRecord } from '../engine/record-change.ts'
import type { PortFailed } from '../engine/refusals.ts'
import { load } from '../engine/unit-of-work.ts'
import type { Instant } from '../kernel/instant.ts'
import type { ListedState } from '../records/list-records.ts'
import { keyOf, stateOf } from '../records/model/aggregate.ts'
import { pendingRequestsAggregate, requestAggregate } from './model/aggregates.ts'
import type { PendingRequest, ProfileRequest } from './model/request.ts'

/** The pending requests among the records; expired ones are not pending. */
export const pendingOf = (
  records: readonly ListedState<ProfileRequest>[],
  now: Instant,
): readonly (PendingRequest & { readonly id: string })[] =>
  records.flatMap(({ id, state }) =>
    state.stage === 'Pending' && now < state.expiresAt ? [{ id, ...state }] : [],
  )

/**
 * The requests in a maker's list that are no longer pending, if the list is full. Otherwise it reads nothing:
 * there is room without removing any.
 *
 * @rule DMS-10
 */
export const closedRequests = async (
  context: ServiceContext,
  { key: { participant }, before }: LoadedRecord,
  now: Instant,
): Promise<Result<readonly string[], PortFailed>> => {
  const { requests } = stateOf(pendingRequestsAggregate, before)
  if (requests.length < context.policy.dms.maxPendingRequests) return ok([])
  const loaded = await load(
    context,
    requests.map((request) => keyOf(requestAggregate, participant, request)),
  )
  return loaded.map((records) => {
    const states = records.map((record, i) => ({
      id: requests[i] ?? '',
      state: stateOf(requestAggregate, record),
    }))
    const pending = new Set(pendingOf(states, now).map(({ id }) => id))
    return requests.filter((request) => !pending.has(request))
  })
}
