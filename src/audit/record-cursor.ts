import { err, ok, type Result } from 'neverthrow'
import { callPort, type ServiceContext } from '../engine/context.ts'
import type { PortFailed } from '../engine/refusals.ts'
import { type ListedRecord, type RecordKey, recordKinds } from '../ports/storage.ts'

/** Kinds in the order in which records are walked: by their names. */
const kinds = [...recordKinds].sort()

/** A record as it was listed. */
export interface FoundRecord {
  readonly key: RecordKey
  readonly record: ListedRecord['record']
}

/** Some records, in the order of participant, kind and id. */
export interface RecordPage {
  readonly found: readonly FoundRecord[]
  /** The place from which to go on; absent at the end. */
  readonly last?: RecordKey
}

/** How a stretch of records of one kind is had: {@link listed}, or one that makes do with unreadable ones. */
export type Lister = (
  context: ServiceContext,
  from: RecordKey,
  limit: number,
) => Promise<Result<Stretch, PortFailed>>

/** Records of one participant and kind; the place behind which there may be more, if there may. */
export interface Stretch {
  readonly records: readonly ListedRecord[]
  readonly last?: string
}

/** Records of one participant and kind behind an id, as the storage lists them. */
export const listed: Lister = async (context, { participant, kind, id: after }, limit) => {
  const page = await callPort(context, 'storage', () =>
    context.ports.storage.list(participant, kind, { after, limit }),
  )
  return page.map((records) => {
    const last = records.length < limit ? undefined : records.at(-1)
    return { records, ...(last === undefined ? {} : { last: last.id }) }
  })
}

const nextParticipant = async (context: ServiceContext, after: string) =>
  (await callPort(context, 'storage', () => context.ports.storage.participants({ after, limit: 1 }))).map(
    ([participant]) => participant,
  )

/** The place behind all records of a participant and kind. */
const following = async (
  context: ServiceContext,
  { participant, kind }: RecordKey,
  only: string | undefined,
): Promise<Result<RecordKey | undefined, PortFailed>> => {
  const next = kinds[kinds.indexOf(kind) + 1]
  if (next !== undefined) return ok({ participant, kind: next, id: '' })
  return only === undefined ? beginning(context, participant) : ok(undefined)
}

const beginning = async (context: ServiceContext, after: string) =>
  (await nextParticipant(context, after)).map((participant): RecordKey | undefined =>
    participant === undefined ? undefined : { participant, kind: kinds[0] ?? 'account', id: '' },
  )

/**
 * At most `limit` records, from a place on: of one participant, or of all. What is written meanwhile behind the
 * place is met, what is written before it is not.
 */
export const nextRecords = async (
  context: ServiceContext,
  only: string | undefined,
  from: RecordKey | undefined,
  limit: number,
  list: Lister = listed,
): Promise<Result<RecordPage, PortFailed>> => {
  const found: FoundRecord[] = []
  const first: Result<RecordKey | undefined, PortFailed> =
    from !== undefined
      ? ok(from)
      : only !== undefined
        ? ok({ participant: only, kind: kinds[0] ?? 'account', id: '' })
        : await beginning(context, '')
  if (first.isErr()) return err(first.error)
  let place = first.value
  while (place !== undefined) {
    const { participant, kind }: RecordKey = place
    const stretch = await list(context, place, limit - found.length)
    if (stretch.isErr()) return err(stretch.error)
    const { records, last } = stretch.value
    for (const { id, record } of records) found.push({ key: { participant, kind, id }, record })
    if (last !== undefined) {
      place = { participant, kind, id: last }
      if (found.length >= limit) return ok({ found, last: place })
      continue
    }
    const next: Result<RecordKey | undefined, PortFailed> = await following(context, place, only)
    if (next.isErr()) return err(next.error)
    // A stretch that ended left room: a full one names its last record.
    place = next.value
  }
  return ok({ found })
}
