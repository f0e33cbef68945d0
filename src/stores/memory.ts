/**
 * Storage in memory, for tests, demonstrations, and anyone who starts without a database.
 *
 * @module ccass-2fa/memory
 */
import type { PersonalDataKind, ThroughEntry } from '../ports/personal-data.ts'
import type { NewNotice, RecordKey, StoragePort, StoredRecord, TrailEntry } from '../ports/storage.ts'

const textOf = ({ participant, kind, id }: RecordKey) => JSON.stringify([participant, kind, id])

/** A copy that shares nothing, as any real storage gives. */
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

/** An entry without the openings of the kinds that are erased up to it or beyond. */
const withoutErased = (entry: TrailEntry, erase: ThroughEntry): TrailEntry => {
  const { personal, ...rest } = entry
  if (personal === undefined) return entry
  const kept = Object.entries(personal).filter(([kind]) => (erase[kind as PersonalDataKind] ?? 0) < entry.seq)
  return kept.length === 0 ? rest : { ...rest, personal: Object.fromEntries(kept) }
}

/**
 * Storage in this process's memory: as strict as any other, and gone with the process.
 *
 * @category Storage
 */
export const memoryStorage = (): StoragePort => {
  const records = new Map<string, StoredRecord>()
  const shelves = new Map<string, Set<string>>()
  const trails = new Map<string, TrailEntry[]>()
  // By id, in the order of commits: a Map keeps that order, also where a value is replaced.
  const notices = new Map<string, { readonly waiting: NewNotice; readonly claimedUntil: number }>()

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
      const moved = (commit.unchanged ?? []).some(
        ({ key, version }) => (records.get(textOf(key))?.version ?? 0) !== version,
      )
      if (stale || moved) return 'conflict'
      for (const { key, record, entries, erase = {} } of commit.writes) {
        const shelf = JSON.stringify([key.participant, key.kind])
        shelves.set(shelf, (shelves.get(shelf) ?? new Set()).add(key.id))
        records.set(textOf(key), record)
        const trail = trails.get(textOf(key)) ?? []
        const kept =
          Object.keys(erase).length === 0 ? trail : trail.map((entry) => withoutErased(entry, erase))
        trails.set(textOf(key), [...kept, ...entries])
      }
      for (const waiting of commit.notices) notices.set(waiting.id, { waiting, claimedUntil: 0 })
      return 'committed'
    },

    list: async (participant, kind, { after, limit }) => {
      const prefix = JSON.stringify([participant, kind])
      const ids = [...(shelves.get(prefix) ?? [])].filter((id) => id > after).sort()
      return ids.slice(0, limit).flatMap((id) => {
        const record = records.get(textOf({ participant, kind, id }))
        return record === undefined ? [] : [{ id, record: copy(record) }]
      })
    },

    trail: async (key, { after, limit }) => copy((trails.get(textOf(key)) ?? []).slice(after, after + limit)),

    participants: async ({ after, limit }) => {
      const all = new Set([...shelves.keys()].map((shelf) => (JSON.parse(shelf) as [string])[0]))
      return [...all]
        .filter((participant) => participant > after)
        .sort()
        .slice(0, limit)
    },

    claimNotices: async ({ now, until, limit }) => {
      const free = [...notices.values()].filter(({ claimedUntil }) => claimedUntil <= now).slice(0, limit)
      for (const { waiting } of free) notices.set(waiting.id, { waiting, claimedUntil: until })
      return copy(free.map(({ waiting }) => waiting))
    },

    settleNotice: async ({ id }) => {
      notices.delete(id)
    },
  }
}
