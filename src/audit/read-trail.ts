import { err, ok, type Result } from 'neverthrow'
import { callPort, type ServiceContext } from '../engine/context.ts'
import type { PortFailed } from '../engine/refusals.ts'
import { entryOf } from '../integrity/entry.ts'
import type { TrailVerifier } from '../integrity/verifier.ts'
import type { RecordKey } from '../ports/storage.ts'

/** The number of entries that are read together. */
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
  const trail = (from: number, count: number) =>
    callPort(context, 'storage', () => context.ports.storage.trail(key, { after: from, limit: count }))
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

/** The number of entries of several trails that are read together, and the version beyond which one is read alone. */
const [entriesTogether, longTrail] = [2_000, 100]

/** A record with the version up to which its trail is read. */
export interface TrailToRead {
  readonly key: RecordKey
  readonly version: number
}

/** Trails that were read together, by their record's key. What is missing is read by itself. */
export type TrailsRead = ReadonlyMap<RecordKey, readonly unknown[]>

/** Divides records into groups whose trails are read together. */
export function* trailGroups<T extends TrailToRead>(records: readonly T[]): Generator<readonly T[], void> {
  let group: T[] = []
  let entries = 0
  for (const each of records) {
    const more = each.version > longTrail ? 0 : each.version + 1
    if (group.length > 0 && entries + more > entriesTogether) {
      yield group
      ;[group, entries] = [[], 0]
    }
    group.push(each)
    entries += more
  }
  if (group.length > 0) yield group
}

/**
 * Reads the trails of several records in one round trip, if the storage can. Where one of them can't be read, or there
 * is more than their records say, each is read by itself: that tells which.
 */
export const readTrails = async (
  context: ServiceContext,
  records: readonly TrailToRead[],
): Promise<TrailsRead> => {
  const { storage } = context.ports
  const short = records.filter(({ version }) => version <= longTrail)
  if (storage.trails === undefined || short.length < 2) return new Map()
  const limit = short.reduce((sum, { version }) => sum + version + 1, 0)
  const keys = short.map(({ key }) => key)
  const read = await callPort(context, 'storage', async () => storage.trails?.(keys, limit))
  if (read.isErr() || read.value === undefined) return new Map()
  const trails = read.value
  if (trails.reduce((sum, trail) => sum + trail.length, 0) >= limit) return new Map()
  return new Map(keys.map((key, i) => [key, trails[i] ?? []]))
}

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
const withoutRepeated = (before: readonly unknown[], page: readonly unknown[]): readonly unknown[] => {
  if (before.length === 0) return page
  const [last, now] = [before.map(textOf), page.map(textOf)]
  for (let shared = Math.min(last.length, now.length); shared > 0; shared--)
    if (last.slice(-shared).every((text, i) => text === now[i])) return page.slice(shared)
  return page
}

/**
 * Reads a record's trail page by page into a verifier: up to the record's version, and one entry more if
 * there is one. It holds at most two pages in memory.
 *
 * @rule AUD-02
 */
export const readTrail = async (
  context: ServiceContext,
  key: RecordKey,
  version: number,
  verifier: TrailVerifier,
  firstPage?: readonly unknown[],
): Promise<Result<void, PortFailed>> => {
  let after = 0
  let first = firstPage
  let before: readonly unknown[] = []
  while (after <= version && !verifier.isFull()) {
    const limit = Math.min(pageSize, version - after + 1)
    const page: Result<Page | 'unreadable', PortFailed> =
      first === undefined
        ? await readPage(context, key, after, limit)
        : ok({ entries: first.slice(0, limit), limit })
    first = undefined
    if (page.isErr()) return err(page.error)
    if (page.value === 'unreadable') {
      verifier.skip()
      after++
      before = []
      continue
    }
    const { entries } = page.value
    for (const entry of withoutRepeated(before, entries)) verifier.add(entry)
    before = isIntact(entries, after) ? [] : entries
    after += entries.length
    // A page that is not full is the last one if the trail is complete. If it is not, another read is needed.
    if (entries.length === 0 || (entries.length < page.value.limit && after >= version)) break
  }
  return ok()
}
