import { err, ok, type Result } from 'neverthrow'
import { callPort, type ServiceContext } from '../engine/context.ts'
import type { PortFailed } from '../engine/refusals.ts'
import { entryOf } from '../integrity/entry.ts'
import type { TrailVerifier } from '../integrity/verifier.ts'
import type { RecordKey } from '../ports/storage.ts'

/**
 * The number of entries that are read together.
 *
 * @rule AUD-02
 */
const pageSize = 500

/** A sequence number after the end of every possible trail, and within a database's integer range. */
const behindAll = 2_000_000_000

/** A page of a trail as the storage returned it: entries of any shape, and how many were requested. */
interface Page {
  readonly entries: readonly unknown[]
  readonly limit: number
}

/**
 * Reads a page of a trail. If the storage can't read the page but can read trails, one of its entries was
 * corrupted. The page is then narrowed until that entry is found.
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

/** Whether a trail has any entry. */
export const hasTrail = async (context: ServiceContext, key: RecordKey) =>
  (await readPage(context, key, 0, 1)).map((page) => page === 'unreadable' || page.entries.length > 0)

const isIntact = (entries: readonly unknown[], after: number) =>
  entries.every((entry, i) => entryOf(entry)?.seq === after + i + 1)

/** The entry as JSON text. An entry that is nested too deeply has none, and equals no other. */
const textOf = (entry: unknown): unknown => {
  try {
    return JSON.stringify(entry)
  } catch {
    return entry
  }
}

/**
 * Removes the entries of the previous page from a page. If rows were deleted, a storage that looks entries up
 * by number can return entries again.
 */
const fresh = (before: readonly unknown[], page: readonly unknown[]): readonly unknown[] => {
  if (before.length === 0) return page
  const [last, now] = [before.map(textOf), page.map(textOf)]
  for (let shared = Math.min(last.length, now.length); shared > 0; shared--)
    if (last.slice(-shared).every((text, i) => text === now[i])) return page.slice(shared)
  return page
}

/**
 * Reads a record's trail page by page into a verifier: up to the record's version, and one entry more if
 * there is one. It holds at most two pages in memory.
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
    // A page that is not full is the last one if the trail is complete. If it is not, another read is needed.
    if (entries.length === 0 || (entries.length < limit && after >= version)) break
  }
  return ok()
}
