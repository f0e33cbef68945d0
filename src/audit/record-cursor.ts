import { err, ok, type Result } from 'neverthrow'
import { callPort, type ServiceContext } from '../engine/context.ts'
import type { PortFailed } from '../engine/refusals.ts'
import { yieldToEventLoop } from '../engine/wait.ts'
import { type ListedRecord, type RecordKey, recordKinds } from '../ports/storage.ts'

/** The kinds in the order in which records are listed: by name. */
const kinds = [...recordKinds].sort()

/** A record as it was listed. */
export interface FoundRecord {
  readonly key: RecordKey
  readonly record: ListedRecord['record']
}

/** Some records, in the order of participant, kind and id. */
export interface RecordPage {
  readonly found: readonly FoundRecord[]
  /** The cursor of the next page; absent at the end. */
  readonly last?: RecordKey
}

/** Lists a range of records of one kind: {@link listed}, or a variant that skips unreadable records. */
export type Lister = (
  context: ServiceContext,
  from: RecordKey,
  limit: number,
) => Promise<Result<RecordBatch, PortFailed>>

/** Records of one participant and kind, with a cursor if there may be more. */
export interface RecordBatch {
  readonly records: readonly ListedRecord[]
  readonly last?: string
}

/** Lists the records of one participant and kind after an id, as the storage returns them. */
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

/** The place after all records of a participant and kind. */
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
 * Lists at most `limit` records of one participant, or of all, from a cursor on. Records that others write
 * after the cursor in the meantime are included; those before it are not. Before every page but the first, the rest of
 * the process runs.
 *
 * @rule AUD-02
 */
export const nextRecords = async (
  context: ServiceContext,
  only: string | undefined,
  from: RecordKey | undefined,
  limit: number,
  list: Lister = listed,
): Promise<Result<RecordPage, PortFailed>> => {
  const found: FoundRecord[] = []
  if (from !== undefined) await yieldToEventLoop(context)
  const first: Result<RecordKey | undefined, PortFailed> =
    from !== undefined
      ? ok(from)
      : only !== undefined
        ? ok({ participant: only, kind: kinds[0] ?? 'account', id: '' })
        : await beginning(context, '')
  if (first.isErr()) return err(first.error)
  let cursor = first.value
  while (cursor !== undefined) {
    const { participant, kind }: RecordKey = cursor
    const section = await list(context, cursor, limit - found.length)
    if (section.isErr()) return err(section.error)
    const { records, last } = section.value
    for (const { id, record } of records) found.push({ key: { participant, kind, id }, record })
    if (last !== undefined) {
      cursor = { participant, kind, id: last }
      if (found.length >= limit) return ok({ found, last: cursor })
      continue
    }
    const next: Result<RecordKey | undefined, PortFailed> = await following(context, cursor, only)
    if (next.isErr()) return err(next.error)
    // A range that ended left room on the page; a full one names its last record.
    cursor = next.value
  }
  return ok({ found })
}
