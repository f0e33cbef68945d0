import type { Instant } from '../kernel/instant.ts'
import type { RecordKey, StoredRecord } from '../ports/storage.ts'

/**
 * The settings of the cache of records ({@link AuthenticationOptions.recordCache}).
 *
 * @category Service
 */
export interface RecordCacheOptions {
  /** How many records one process remembers at most, 1–1,000,000; beyond that, the oldest is forgotten. 10,000 unless given. */
  readonly maxRecords?: number
  /** How long one is remembered, in milliseconds, 1–600,000. 60,000 unless given. */
  readonly maxAge?: number
}

/** Records that this process has loaded or committed. */
export interface RecordCache {
  /** What is remembered under a key, `undefined` within for "no record"; `undefined` if nothing is remembered. */
  recall(key: RecordKey, now: Instant): { readonly record: StoredRecord | undefined } | undefined
  /** Remembers what is stored under a key, unless something newer is remembered. */
  remember(key: RecordKey, record: StoredRecord | undefined, now: Instant): void
  /** Forgets a key, because it proved to be stale. */
  forget(key: RecordKey): void
}

/** A record as text: an answer is a copy of its own, as it would be from a store. */
interface Entry {
  readonly text: string | undefined
  readonly version: number
  readonly at: Instant
}

const nameOf = ({ participant, kind, id }: RecordKey) => JSON.stringify([participant, kind, id])

/** A cache with nothing in it. */
export const recordCache = ({ maxRecords = 10_000, maxAge = 60_000 }: RecordCacheOptions): RecordCache => {
  // In the order in which they were remembered: the oldest first.
  const entries = new Map<string, Entry>()
  const isFresh = ({ at }: Entry, now: Instant) => at <= now && now - at < maxAge
  const forgetOld = (now: Instant) => {
    for (const [name, entry] of entries) {
      if (entries.size <= maxRecords && isFresh(entry, now)) return
      entries.delete(name)
    }
  }
  return {
    recall: (key, now) => {
      const name = nameOf(key)
      const entry = entries.get(name)
      if (entry === undefined) return undefined
      if (isFresh(entry, now))
        return { record: entry.text === undefined ? undefined : (JSON.parse(entry.text) as StoredRecord) }
      entries.delete(name)
      return undefined
    },
    remember: (key, record, now) => {
      const name = nameOf(key)
      const version = record?.version ?? 0
      const known = entries.get(name)
      if (known !== undefined && known.version > version && isFresh(known, now)) return
      entries.delete(name)
      entries.set(name, { text: record === undefined ? undefined : JSON.stringify(record), version, at: now })
      forgetOld(now)
    },
    forget: (key) => void entries.delete(nameOf(key)),
  }
}
