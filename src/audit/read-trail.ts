import { err, ok, type Result } from 'neverthrow'
import { callPort, type ServiceContext } from '../engine/context.ts'
import type { PortFailed } from '../engine/refusals.ts'
import { entryOf } from '../integrity/entry.ts'
import type { TrailVerifier } from '../integrity/verifier.ts'
import type { RecordKey } from '../ports/storage.ts'

/** Entries that are read at once. */
const pageSize = 500

/** Behind every trail there ever will be; within what a database takes for a whole number. */
const behindAll = 2_000_000_000

/** What a storage gave of a trail: entries, of any shape; this many were asked for. */
interface Page {
  readonly entries: readonly unknown[]
  readonly limit: number
}

/**
 * A page of a trail. If the storage can't read it, but does read trails, something in it is not what the storage
 * wrote: less is asked for, until it is known which entry that is.
 */
const readPage = async (
  context: ServiceContext,
  key: RecordKey,
  after: number,
  limit: number,
): Promise<Result<Page | 'unreadable', PortFailed>> => {
  const trail = (from: number, most: number) =>
    callPort(context, 'storage', () => context.ports.storage.trail(key, { after: from, limit: most }))
  const entries = await trail(after, limit)
  if (entries.isOk()) return ok({ entries: entries.value, limit })
  const alive = await trail(behindAll, 1)
  if (alive.isErr()) return err(alive.error)
  if (limit > 1) return readPage(context, key, after, limit >> 1)
  const again = await trail(after, limit)
  return ok(again.isOk() ? { entries: again.value, limit } : 'unreadable')
}

/** Whether anything stands in a trail. */
export const hasTrail = async (context: ServiceContext, key: RecordKey) =>
  (await readPage(context, key, 0, 1)).map((page) => page === 'unreadable' || page.entries.length > 0)

const isIntact = (entries: readonly unknown[], after: number) =>
  entries.every((entry, i) => entryOf(entry)?.seq === after + i + 1)

/** As text; what is nested beyond reason has none, and is like nothing else. */
const textOf = (entry: unknown): unknown => {
  try {
    return JSON.stringify(entry)
  } catch {
    return entry
  }
}

/**
 * A page without what was on the page before. Where rows are gone, a storage that looks for numbers finds others
 * in their place, and gives those again.
 */
const fresh = (before: readonly unknown[], page: readonly unknown[]): readonly unknown[] => {
  if (before.length === 0) return page
  const [last, now] = [before.map(textOf), page.map(textOf)]
  for (let shared = Math.min(last.length, now.length); shared > 0; shared--)
    if (last.slice(-shared).every((text, i) => text === now[i])) return page.slice(shared)
  return page
}

/**
 * Has a verifier take a record's trail, page by page: up to the record's version, and one entry more if there is
 * one. No more than two pages are held.
 */
export const readTrail = async (
  context: ServiceContext,
  key: RecordKey,
  version: number,
  verifier: TrailVerifier,
): Promise<Result<void, PortFailed>> => {
  let after = 0
  let before: readonly unknown[] = []
  while (after <= version && !verifier.isFull()) {
    const page = await readPage(context, key, after, Math.min(pageSize, version - after + 1))
    if (page.isErr()) return err(page.error)
    if (page.value === 'unreadable') {
      verifier.skip()
      after++
      before = []
      continue
    }
    const { entries, limit } = page.value
    for (const entry of fresh(before, entries)) verifier.add(entry)
    before = isIntact(entries, after) ? [] : entries
    after += entries.length
    // A page that is not full is the last, if all is there. If not, that is worth another look.
    if (entries.length === 0 || (entries.length < limit && after >= version)) break
  }
  return ok()
}
