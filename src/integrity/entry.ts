import type { RecordKey, StoredRecord, TrailEntry } from '../ports/storage.ts'
import { isPersonalReference } from './personal-data.ts'
import { entryHash } from './trail-hash.ts'

type Fields = Readonly<Record<string, unknown>>

/** Whether something is an object with fields. */
export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0

/** What a storage gave for an entry, if it has the shape of one. What it says is for the chain to prove. */
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
  return shaped ? (value as unknown as TrailEntry) : undefined
}

/** What a storage gave for a record, if its version and head are some. */
export const recordOf = (value: unknown): StoredRecord | undefined =>
  isObject(value) && isCount(value['version']) && typeof value['head'] === 'string'
    ? (value as unknown as StoredRecord)
    : undefined

/** The hashes that an entry would have on each of some others; none for what is nested beyond reason. */
export const hashesOn = (before: readonly string[], entry: TrailEntry): readonly string[] => {
  try {
    return before.map((hash) => entryHash(hash, entry))
  } catch {
    return [] // Too deep for the stack.
  }
}

/** A key as text, for maps and cursors. */
export const keyText = ({ participant, kind, id }: RecordKey) => JSON.stringify([participant, kind, id])
