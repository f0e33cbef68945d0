import { err, ok, type Result } from 'neverthrow'
import type { ServiceContext } from '../engine/context.ts'
import type { PortFailed } from '../engine/refusals.ts'
import type { Instant } from '../kernel/instant.ts'
import { type ListedState, listRecords, maxPageSize } from '../records/list-records.ts'
import { requestAggregate } from './model/aggregates.ts'
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
 * Counts a maker's pending requests. It reads the participant's requests, one round trip per thousand.
 * Requests that are entered at the same moment may not see each other.
 *
 * @rule DMS-10
 */
export const pendingRequestsOf = async (
  context: ServiceContext,
  participant: string,
  maker: string,
  now: Instant,
): Promise<Result<number, PortFailed>> => {
  let count = 0
  let after = ''
  for (;;) {
    const page = await listRecords(context, requestAggregate, participant, { after, limit: maxPageSize })
    if (page.isErr()) return err(page.error)
    count += pendingOf(page.value.records, now).filter((request) => request.maker === maker).length
    if (page.value.after === undefined) return ok(count)
    after = page.value.after
  }
}
