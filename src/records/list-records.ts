import type { Result } from 'neverthrow'
import { callPort, type ServiceContext } from '../engine/context.ts'
import type { PortFailed } from '../engine/refusals.ts'
import { type Aggregate, type RecordTypes, stateOf } from './model/aggregate.ts'

/** The most records that are read at once. */
export const maxPageSize = 1_000

/** A record in a list, with its state. */
export interface ListedState<State> {
  readonly id: string
  readonly state: State
}

/** A page of records of one kind; `after` is where the next page begins, absent on the last. */
export interface StatePage<State> {
  readonly records: readonly ListedState<State>[]
  readonly after?: string
}

/**
 * A page of a participant's records of one kind, by ascending id, with the states of that kind.
 *
 * @rule AUD-01
 */
export const listRecords = async <M extends RecordTypes>(
  context: ServiceContext,
  aggregate: Aggregate<M>,
  participant: string,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<Result<StatePage<M['state']>, PortFailed>> => {
  const page = await callPort(context, 'storage', () =>
    context.ports.storage.list(participant, aggregate.kind, { after, limit }),
  )
  return page.map((listed) => {
    const records = listed.map(({ id, record }) => ({ id, state: stateOf(aggregate, record) }))
    const last = listed.length === limit ? listed.at(-1) : undefined
    return last === undefined ? { records } : { records, after: last.id }
  })
}
