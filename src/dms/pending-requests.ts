import { err, ok, type Result } from 'neverthrow'
import { callPort, type ServiceContext } from '../engine/context.ts'
import type { PortFailed } from '../engine/refusals.ts'
import type { Instant } from '../kernel/instant.ts'
import { stateOf } from '../records/model/aggregate.ts'
import { requestAggregate } from './model/aggregates.ts'
import type { ClosedRequest, PendingRequest } from './model/request.ts'

const maxPageSize = 1_000

/** Listed records, each with its state. */
export type Listed = readonly { readonly id: string; readonly state: unknown }[]

/** The pending requests among the records; expired ones are not pending. */
export const pendingOf = (records: Listed, now: Instant) =>
  records.flatMap(({ id, state }) => {
    const request = state as PendingRequest | ClosedRequest
    return request.stage === 'Pending' && now < request.expiresAt ? [{ id, ...request }] : []
  })

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
    const page = await callPort(context, 'storage', () =>
      context.ports.storage.list(participant, 'request', { after, limit: maxPageSize }),
    )
    if (page.isErr()) return err(page.error)
    const records = page.value.map(({ id, record }) => ({ id, state: stateOf(requestAggregate, record) }))
    count += pendingOf(records, now).filter((request) => request.maker === maker).length
    const last = page.value.at(-1)
    if (last === undefined || page.value.length < maxPageSize) return ok(count)
    after = last.id
  }
}
