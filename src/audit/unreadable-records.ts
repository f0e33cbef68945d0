import { err, ok, type Result } from 'neverthrow'
import type { ServiceContext } from '../engine/context.ts'
import type { PortFailed } from '../engine/refusals.ts'
import { load } from '../engine/unit-of-work.ts'
import type { RecordFinding } from '../integrity/finding.ts'
import type { RecordKey, StoredRecord } from '../ports/storage.ts'
import { type Lister, listed } from './record-cursor.ts'

/** A text after every id: ids are ASCII. */
const behindAll = '\u007f'
/** The characters that ids can contain, in ascending order. */
const characters = Array.from({ length: 0x5f }, (_, i) => String.fromCharCode(0x20 + i))
/** A length that no id reaches. */
const longestId = 256

/** Whether the storage can list records of a kind at all. */
const isAlive = (context: ServiceContext, cursor: RecordKey) =>
  listed(context, { ...cursor, id: behindAll }, 1)

/** Loads a record, or reports that the storage can't read it although it reads others. */
export const loadReadable = async (
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

/** The last item for which a condition holds; if it holds for an item, it holds for all items before it. */
const lastWhere = async <T>(items: readonly T[], isTrue: (item: T) => Promise<boolean>) => {
  let [low, high] = [0, items.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const item = items[middle]
    if (item !== undefined && (await isTrue(item))) low = middle + 1
    else high = middle
  }
  return items[low - 1]
}

/**
 * Finds the id of an unreadable record after a place. The storage can list from any text, whether or not an
 * id equals it, and fails for every text below the unreadable id. The search therefore finds the id character
 * by character.
 */
const unreadableId = async (context: ServiceContext, from: RecordKey): Promise<string | undefined> => {
  const silentContext: ServiceContext = { ...context, onError: () => {} }
  const fails = async (id: string) =>
    (await listed(silentContext, { ...from, id: id > from.id ? id : from.id }, 1)).isErr()
  for (let prefix = ''; prefix.length < longestId; ) {
    const known = prefix
    const character = await lastWhere(characters, (next) => fails(known + next))
    const extended = known + (character ?? '')
    // Either the id continues after this character, or it ends with the next one.
    if (character !== undefined && !(await fails(extended + behindAll))) prefix = extended
    else {
      const end = characters[character === undefined ? 0 : characters.indexOf(character) + 1]
      return end !== undefined && !(await fails(known + end)) ? known + end : undefined
    }
  }
  return undefined
}

/**
 * Lists records, skipping those that the storage can't read although it reads others: they were corrupted.
 * They are found and reported.
 */
export const listReadable =
  (report: (finding: RecordFinding) => void): Lister =>
  async (context, from, limit) => {
    const page = await listed(context, from, limit)
    if (page.isOk()) return page
    const alive = await isAlive(context, from)
    if (alive.isErr()) return err(alive.error)
    if (limit > 1) return listReadable(report)(context, from, limit >> 1)
    const again = await listed(context, from, limit)
    if (again.isOk()) return again
    const id = await unreadableId(context, from)
    if (id === undefined) return err(again.error)
    const after = from.id === '' ? {} : { after: from.id }
    report({ record: { ...from, id }, code: 'record-unreadable', rule: 'AUD-01', ...after })
    return ok({ records: [], last: id })
  }
