import { err, ok, type Result } from 'neverthrow'
import type { ServiceContext } from '../engine/context.ts'
import type { PortFailed } from '../engine/refusals.ts'
import { load } from '../engine/unit-of-work.ts'
import type { RecordFinding } from '../integrity/finding.ts'
import type { RecordKey, StoredRecord } from '../ports/storage.ts'
import { type Lister, listed } from './record-cursor.ts'

/** Behind every id: ids are ASCII. */
const behindAll = '\u007f'
/** The characters of which ids may be, in their order. */
const characters = Array.from({ length: 0x5f }, (_, i) => String.fromCharCode(0x20 + i))
/** Longer than any id. */
const longestId = 256

/** Whether the storage lists records of a kind as such. */
const isAlive = (context: ServiceContext, place: RecordKey) => listed(context, { ...place, id: behindAll }, 1)

/** A record; or that the storage can't read it, though it reads others. */
export const loadPast = async (
  context: ServiceContext,
  key: RecordKey,
): Promise<Result<StoredRecord | 'unreadable' | undefined, PortFailed>> => {
  const first = await load(context, [key])
  if (first.isOk()) return ok(first.value[0])
  const alive = await isAlive(context, key)
  if (alive.isErr()) return err(alive.error)
  const again = await load(context, [key])
  return ok(again.isOk() ? again.value[0] : 'unreadable')
}

/** The last item for which something holds that holds for all before it. */
const lastWhere = async <T>(items: readonly T[], holds: (item: T) => Promise<boolean>) => {
  let [low, high] = [0, items.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const item = items[middle]
    if (item !== undefined && (await holds(item))) low = middle + 1
    else high = middle
  }
  return items[low - 1]
}

/**
 * The id of a record that can't be read, behind a place. A storage can be asked for what lies behind an id, whether
 * there is such an id or not: behind everything smaller, it fails; so the id is found character by character.
 */
const unreadableId = async (context: ServiceContext, from: RecordKey): Promise<string | undefined> => {
  const quiet: ServiceContext = { ...context, onError: () => {} }
  const fails = async (id: string) =>
    (await listed(quiet, { ...from, id: id > from.id ? id : from.id }, 1)).isErr()
  for (let prefix = ''; prefix.length < longestId; ) {
    const known = prefix
    const character = await lastWhere(characters, (next) => fails(known + next))
    const longer = known + (character ?? '')
    // Either the id goes on behind this character, or it ends with the next one.
    if (character !== undefined && !(await fails(longer + behindAll))) prefix = longer
    else {
      const end = characters[character === undefined ? 0 : characters.indexOf(character) + 1]
      return end !== undefined && !(await fails(known + end)) ? known + end : undefined
    }
  }
  return undefined
}

/**
 * Lists records, past those that the storage can't read though it reads others: something in them is not what it
 * wrote. They are found, and told.
 */
export const listedPast =
  (tell: (finding: RecordFinding) => void): Lister =>
  async (context, from, limit) => {
    const page = await listed(context, from, limit)
    if (page.isOk()) return page
    const alive = await isAlive(context, from)
    if (alive.isErr()) return err(alive.error)
    if (limit > 1) return listedPast(tell)(context, from, limit >> 1)
    const again = await listed(context, from, limit)
    if (again.isOk()) return again
    const id = await unreadableId(context, from)
    if (id === undefined) return err(again.error)
    const after = from.id === '' ? {} : { after: from.id }
    tell({ record: { ...from, id }, code: 'record-unreadable', rule: 'AUD-01', ...after })
    return ok({ records: [], last: id })
  }
