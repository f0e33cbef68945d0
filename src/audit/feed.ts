import type { Result } from 'neverthrow'
import * as z from 'zod'
import { callPort, type ServiceContext } from '../engine/context.ts'
import type { PortFailed } from '../engine/refusals.ts'
import type { WithRequestContext } from '../fields/request-context.ts'
import { openingsOf, unseal } from '../integrity/personal-data.ts'
import { upcast } from '../integrity/upcasting.ts'
import type { JournalEntry, RecordKey, RecordKind } from '../ports/storage.ts'
import type { EventsByKind, TrailEntryOf } from './trail-entry.ts'

/** One entry of the audit feed: a trail entry and the key of its record. */
export type FeedEntryOf<Events extends EventsByKind> = {
  readonly [Kind in RecordKind]: TrailEntryOf<Events, Kind> & {
    /** The record that the entry belongs to. Its key and the entry's `seq` identify the entry permanently. */
    readonly record: RecordKey & { readonly kind: Kind }
  }
}[RecordKind]

/** A page of the feed. */
export interface FeedPageOf<Events extends EventsByKind> {
  /** The entries in feed order; empty if everything has been read. */
  readonly entries: readonly FeedEntryOf<Events>[]
  /**
   * The cursor of the next page: store it after delivering the entries. Absent while there is no entry at
   * all.
   */
  readonly after?: string
  /** Whether the page is full. If so, the next page may already have entries. */
  readonly more: boolean
  /**
   * Set if the cursor's entry is no longer at its position, because a backup was restored or rows were
   * removed. The page then starts at the beginning: everything is delivered again, so that nothing is missed.
   */
  readonly restarted?: true
}

/**
 * The range of a page of the audit feed.
 *
 * @category Audit trail
 */
export interface FeedRange extends WithRequestContext {
  /** The cursor of the previous page. Default: the beginning. */
  readonly after?: string | undefined
  /** The maximum number, 1–1,000. Default: 100. */
  readonly limit?: number | undefined
}

/**
 * A cursor consists of the position and hash of the last entry. The hash shows if the position holds another
 * entry.
 */
type Cursor = readonly [position: string, hash: string]

const cursorOf = (text: string): Cursor | undefined => {
  try {
    return z.tuple([z.string().min(1).max(1_000), z.string().max(64)]).safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

/** The schema of {@link FeedRange}. */
export const feedShape = z.strictObject({
  after: z
    .string()
    .max(4_096)
    .refine((text) => cursorOf(text) !== undefined, 'must be the cursor of an earlier page')
    .optional(),
  limit: z.int().min(1).max(1_000).optional(),
})

/** Reads an entry: upcast, and with its personal data, except for erased values. */
const opened = (context: ServiceContext, { key, entry }: JournalEntry) => {
  const { personal, ...rest } = entry
  const event = upcast(context.aggregates[key.kind].upcasters, rest) ?? rest.event
  const readable = unseal({ ...rest, event }, openingsOf(personal))
  // Of a trail of a kind, events of that kind; what a storage holds besides, verification reports.
  return { ...readable, record: key } as unknown as FeedEntryOf<EventsByKind>
}

/**
 * Reads a page of the entries of all trails. It includes the cursor's own entry, which shows whether that
 * entry is still at its position.
 *
 * @rule AUD-09
 */
export const feedPage = async (
  context: ServiceContext,
  { after, limit = 100 }: z.output<typeof feedShape>,
): Promise<Result<FeedPageOf<EventsByKind>, PortFailed>> => {
  const read = (from: string, count: number) =>
    callPort(context, 'storage', () => context.ports.storage.journal({ from, limit: count }))
  const pageOf = (rows: readonly JournalEntry[]): FeedPageOf<EventsByKind> => {
    const last = rows.at(-1)
    const next = last === undefined ? after : JSON.stringify([last.position, last.entry.hash])
    return {
      entries: rows.map((row) => opened(context, row)),
      ...(next === undefined ? {} : { after: next }),
      more: rows.length === limit,
    }
  }
  const cursor = after === undefined ? undefined : cursorOf(after)
  if (cursor === undefined) return (await read('', limit)).map(pageOf)
  const [position, hash] = cursor
  const rows = await read(position, limit + 1)
  if (rows.isErr()) return rows.map(pageOf)
  const [first, ...rest] = rows.value
  if (first?.position === position && first.entry.hash === hash) return rows.map(() => pageOf(rest))
  return (await read('', limit)).map((again) => ({ ...pageOf(again), restarted: true }))
}
