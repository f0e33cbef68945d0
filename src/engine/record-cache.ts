import type { Instant } from '../kernel/instant.ts'
import type { RecordKey, StoredRecord } from '../ports/storage.ts'

/**
 * The settings of the cache of records ({@link AuthenticationOptions.recordCache}).
 *
 * @rule LOCK-17
 * @category Service
 */
export interface RecordCacheOptions {
  /**
   * The maximum number of records cached by one process, 1–1,000,000; the oldest are evicted. Default:
   * 10,000.
   */
  readonly maxRecords?: number
  /** How long a record is cached, in milliseconds, 1–600,000. Default: 60,000. */
  readonly maxAge?: number
}

/** A cache of records that this process has loaded or committed. */
export interface RecordCache {
  /**
   * Returns the cached entry of a key, with `record: undefined` for a missing record; `undefined` if nothing
   * is cached.
   */
  recall(key: RecordKey, now: Instant): { readonly record: StoredRecord | undefined } | undefined
  /** Caches the record of a key, unless a newer version is cached. */
  remember(key: RecordKey, record: StoredRecord | undefined, now: Instant): void
  /** Removes a key whose record proved to be stale. */
  forget(key: RecordKey): void
}

/** A record as JSON text, so that each read returns a separate copy, as from a store. */
interface Entry {
  readonly text: string | undefined
  readonly version: number
  readonly at: Instant
}

const nameOf = ({ participant, kind, id }: RecordKey) => JSON.stringify([participant, kind, id])

/** Creates an empty cache. */
export const recordCache = ({ maxRecords = 10_000, maxAge = 60_000 }: RecordCacheOptions): RecordCache => {
  // In insertion order, the oldest first.
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
      // The text is that of a record, as `remember` wrote it.
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
