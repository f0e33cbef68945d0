import type { Commit, OutboxNotice, PersonalDataKind, RecordKey, StoredRecord, TrailEntry } from 'ccass-2fa'
import type { ErasedThrough } from 'ccass-2fa/audit'

/** A notice, and until when it is claimed. */
interface WaitingNotice {
  readonly notice: OutboxNotice
  readonly claimedUntil: number
}

/** The tables of a database as plain maps. Each is keyed by the text of the record key. */
export interface Tables {
  readonly records: Map<string, { readonly key: RecordKey; readonly record: StoredRecord }>
  readonly trails: Map<string, readonly TrailEntry[]>
  readonly notices: Map<string, WaitingNotice>
  /** The entries in the order in which they were written, which a database would number as it commits. */
  readonly journal: { readonly key: RecordKey; readonly seq: number }[]
}

/** Empty tables. */
export const emptyTables = (): Tables => ({
  records: new Map(),
  trails: new Map(),
  notices: new Map(),
  journal: [],
})

/** A record key as text. JSON, because joining would give `['a', 'b-c']` and `['a-b', 'c']` the same text. */
export const textOf = ({ participant, kind, id }: RecordKey) => JSON.stringify([participant, kind, id])

/** A round trip to a database, during which other operations continue. */
export const roundTrip = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Whether every record that a commit writes or depends on is still at its expected version. */
export const isUpToDate = ({ records }: Tables, { writes, unchanged = [] }: Commit): boolean => {
  const versionOf = (key: RecordKey) => records.get(textOf(key))?.record.version ?? 0
  return (
    writes.every(({ key, expectedVersion }) => versionOf(key) === expectedVersion) &&
    unchanged.every(({ key, version }) => versionOf(key) === version)
  )
}

/** An entry without the personal data that is erased up to it or beyond, by kind. */
const withoutErased = ({ personal, ...entry }: TrailEntry, erase: ErasedThrough): TrailEntry => {
  const kept = Object.entries(personal ?? {}).filter(
    ([kind]) => (erase[kind as PersonalDataKind] ?? 0) < entry.seq,
  )
  return kept.length === 0 ? entry : { ...entry, personal: Object.fromEntries(kept) }
}

/** Writes everything in a commit. */
export const write = (tables: Tables, { writes, notices }: Commit): void => {
  for (const { key, record, entries, erase = {} } of writes) {
    tables.records.set(textOf(key), { key, record })
    const trail = (tables.trails.get(textOf(key)) ?? []).map((entry) => withoutErased(entry, erase))
    tables.trails.set(textOf(key), [...trail, ...entries])
    for (const { seq } of entries) tables.journal.push({ key, seq })
  }
  for (const notice of notices) tables.notices.set(notice.id, { notice, claimedUntil: 0 })
}
