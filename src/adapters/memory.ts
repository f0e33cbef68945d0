/**
 * Storage in memory, for tests, demonstrations, and whoever starts without a database.
 *
 * @module
 */
import type { PendingNotice, RecordKey, Storage, StoredRecord, TrailEntry } from '../ports/storage.ts'

const textOf = ({ participant, kind, id }: RecordKey) => JSON.stringify([participant, kind, id])

/** A copy that shares nothing, as any real storage gives. */
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

/** Storage in this process's memory: as strict as any other, and gone with the process. */
export const memoryStorage = (): Storage => {
  const records = new Map<string, StoredRecord>()
  const trails = new Map<string, TrailEntry[]>()
  const notices = new Map<string, PendingNotice>()

  return {
    load: async (keys) =>
      keys.map((key) => {
        const record = records.get(textOf(key))
        return record && copy(record)
      }),

    // Nothing is awaited in here: no other commit comes between the comparison and the writing.
    commit: async (given) => {
      const commit = copy(given)
      const stale = commit.writes.some(
        ({ key, expectedVersion }) => (records.get(textOf(key))?.version ?? 0) !== expectedVersion,
      )
      if (stale) return 'conflict'
      for (const { key, record, entries } of commit.writes) {
        records.set(textOf(key), record)
        trails.set(textOf(key), [...(trails.get(textOf(key)) ?? []), ...entries])
      }
      for (const notice of commit.notices) notices.set(notice.id, notice)
      return 'committed'
    },

    trail: async (key, { after, limit }) => copy((trails.get(textOf(key)) ?? []).slice(after, after + limit)),

    pendingNotices: async (limit) => copy([...notices.values()].slice(0, limit)),

    settleNotice: async ({ id }) => {
      notices.delete(id)
    },
  }
}
