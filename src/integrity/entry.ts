import type { RecordKey, StoredRecord, TrailEntry } from '../ports/storage.ts'
import { isPersonalReference } from './personal-data.ts'
import { entryHash } from './trail-hash.ts'

type Fields = Readonly<Record<string, unknown>>

/** Whether a value is an object with fields. */
export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0

/**
 * Returns what a storage read as an entry, if it has an entry's shape. The chain verifies its contents.
 *
 * @rule AUD-02
 */
export const entryOf = (value: unknown): TrailEntry | undefined => {
  if (!isObject(value) || !isObject(value['event'])) return undefined
  const { seq, actor, operationId, hash, event, eventVersion } = value
  const shaped =
    isCount(seq) &&
    (typeof actor === 'string' || isPersonalReference(actor)) &&
    typeof operationId === 'string' &&
    typeof hash === 'string' &&
    isCount(eventVersion) &&
    typeof event['type'] === 'string'
  // The members that matter were checked; the others are covered by the hash.
  return shaped ? (value as unknown as TrailEntry) : undefined
}

/** Returns what a storage read as a record, if it has a valid version and head. */
export const recordOf = (value: unknown): StoredRecord | undefined =>
  isObject(value) && isCount(value['version']) && typeof value['head'] === 'string'
    ? // State and vault are compared with the replay, of any shape.
      (value as unknown as StoredRecord)
    : undefined

/** The hashes of an entry chained to each of the given hashes; empty if the entry is nested too deeply. */
export const entryHashesAfter = (before: readonly string[], entry: TrailEntry): readonly string[] => {
  try {
    return before.map((hash) => entryHash(hash, entry))
  } catch {
    return [] // Too deep for the stack.
  }
}

/** A record key as text, for maps and cursors. */
export const keyText = ({ participant, kind, id }: RecordKey) => JSON.stringify([participant, kind, id])
