/**
 * Storage in memory, for tests and demonstrations, and for development without a database.
 *
 * @module ccass-2fa/memory
 */
import { entriesOf } from '../kernel/typed-entries.ts'
import type { ErasedThrough } from '../ports/personal-data.ts'
import type { OutboxNotice, RecordKey, StoragePort, StoredRecord, TrailEntry } from '../ports/storage.ts'

const textOf = ({ participant, kind, id }: RecordKey) => JSON.stringify([participant, kind, id])

/**
 * Parses a stored text. Callers share no object with what was written, as with any real storage.
 *
 * @rule LOCK-09
 */
const read = <T>(text: string): T => JSON.parse(text)

/** A stored record. Its version can be compared without parsing the text. */
interface StoredText {
  readonly version: number
  readonly text: string
}

/** The entry without the openings of the personal-data kinds that are erased up to it or beyond. */
const withoutErased = (entry: TrailEntry, erase: ErasedThrough): TrailEntry => {
  const { personal, ...rest } = entry
  if (personal === undefined) return entry
  const kept = entriesOf(personal).filter(([kind]) => (erase[kind] ?? 0) < entry.seq)
  return kept.length === 0 ? rest : { ...rest, personal: Object.fromEntries(kept) }
}

/**
 * Creates a storage in the memory of this process. It gives the same guarantees as the others, but its data
 * is lost with the process.
 *
 * @category Storage
 */
export const memoryStorage = (): StoragePort => {
  const records = new Map<string, StoredText>()
  const idsByKind = new Map<string, { readonly participant: string; readonly ids: Set<string> }>()
  const trails = new Map<string, string[]>()
  // The place of each entry in its trail, in the order of commits. The index is the position.
  const journal: { readonly key: RecordKey; readonly seq: number }[] = []
  // By id, in the order of commits. A Map keeps that order even if a value is replaced.
  const notices = new Map<string, { readonly waiting: string; readonly claimedUntil: number }>()

  const recordOf = (key: RecordKey): StoredRecord | undefined => {
    const stored = records.get(textOf(key))
    return stored && read<StoredRecord>(stored.text)
  }
  const isAt = (key: RecordKey, version: number) => (records.get(textOf(key))?.version ?? 0) === version
  const trailOf = (key: RecordKey): string[] => {
    const name = textOf(key)
    const trail = trails.get(name) ?? []
    trails.set(name, trail)
    return trail
  }

  return {
    load: async (keys) => keys.map(recordOf),

    // This function awaits nothing, so no other commit comes between comparing and writing.
    commit: async ({ writes, notices: added, unchanged = [] }) => {
      const isCurrent =
        writes.every(({ key, expectedVersion }) => isAt(key, expectedVersion)) &&
        unchanged.every(({ key, version }) => isAt(key, version))
      if (!isCurrent) return 'conflict'
      // All texts are made before anything is stored, so data that cannot be serialised leaves nothing
      // behind.
      const written = writes.map(({ key, record, entries, erase = {} }) => ({
        ...{ key: { ...key }, erase, version: record.version, text: JSON.stringify(record) },
        entries: entries.map((entry) => ({ seq: entry.seq, text: JSON.stringify(entry) })),
      }))
      const waiting = added.map((notice) => ({ id: notice.id, text: JSON.stringify(notice) }))
      for (const { key, version, text, entries, erase } of written) {
        const { participant } = key
        const name = JSON.stringify([participant, key.kind])
        const index = idsByKind.get(name) ?? { participant, ids: new Set() }
        idsByKind.set(name, index)
        index.ids.add(key.id)
        records.set(textOf(key), { version, text })
        const trail = trailOf(key)
        if (Object.keys(erase).length > 0)
          for (const [i, kept] of trail.entries())
            trail[i] = JSON.stringify(withoutErased(read<TrailEntry>(kept), erase))
        for (const entry of entries) {
          trail.push(entry.text)
          journal.push({ key, seq: entry.seq })
        }
      }
      for (const { id, text } of waiting) notices.set(id, { waiting: text, claimedUntil: 0 })
      return 'committed'
    },

    list: async (participant, kind, { after, limit }) => {
      const prefix = JSON.stringify([participant, kind])
      const ids = [...(idsByKind.get(prefix)?.ids ?? [])].filter((id) => id > after).sort()
      return ids.slice(0, limit).flatMap((id) => {
        const record = recordOf({ participant, kind, id })
        return record === undefined ? [] : [{ id, record }]
      })
    },

    trail: async (key, { after, limit }) =>
      (trails.get(textOf(key)) ?? []).slice(after, after + limit).map((text) => read<TrailEntry>(text)),

    journal: async ({ from, limit }) => {
      const start = /^\d+$/.test(from) ? Number(from) : 0
      return journal.slice(start, start + limit).flatMap(({ key, seq }, i) => {
        const text = trails.get(textOf(key))?.[seq - 1]
        if (text === undefined) return []
        return [{ position: String(start + i), key: { ...key }, entry: read<TrailEntry>(text) }]
      })
    },

    participants: async ({ after, limit }) => {
      const all = new Set([...idsByKind.values()].map((index) => index.participant))
      return [...all]
        .filter((participant) => participant > after)
        .sort()
        .slice(0, limit)
    },

    claimNotices: async ({ now, until, limit }) => {
      const free = [...notices].filter(([, { claimedUntil }]) => claimedUntil <= now)
      free.sort(([, one], [, other]) => one.claimedUntil - other.claimedUntil)
      for (const [id, { waiting }] of free.slice(0, limit)) notices.set(id, { waiting, claimedUntil: until })
      const claimed = new Set(free.slice(0, limit).map(([id]) => id))
      return [...notices]
        .filter(([id]) => claimed.has(id))
        .map(([, { waiting }]) => read<OutboxNotice>(waiting))
    },

    settleNotice: async ({ id }) => {
      notices.delete(id)
    },
  }
}
