import type {
  JournalEntry,
  OutboxNotice,
  RecordKey,
  RecordWrite,
  StoredRecord,
  TrailEntry,
} from '../../ports/storage.ts'

/** A row of the record table. Drivers return whole numbers as numbers, bigints or strings. */
export interface RecordRow {
  readonly version: number | bigint | string
  readonly state: string
  readonly vault: string
  readonly head: string
}

/** A row of the record table among those of its kind. */
export interface ListedRow extends RecordRow {
  readonly id: string
}

/** A row of the notice table. */
export interface NoticeRow {
  readonly participant: string
  readonly id: string
  readonly notice: string
}

/** Converts a row to a record. */
export const recordOf = ({ version, state, vault, head }: RecordRow): StoredRecord => ({
  version: Number(version),
  state: JSON.parse(state),
  vault: JSON.parse(vault),
  head,
})

/** Converts a row to a notice. */
export const noticeOf = ({ participant, id, notice }: NoticeRow): OutboxNotice => ({
  participant,
  id,
  notice: JSON.parse(notice),
})

/** The primary key of a record, in the order of the columns. */
export const keyColumns = ({ participant, kind, id }: RecordKey) => [participant, kind, id] as const

/** The row for a record, in the order of the columns. */
export const recordColumns = ({ key, record: { version, state, vault, head } }: RecordWrite) => [
  ...keyColumns(key),
  ...[version, JSON.stringify(state), JSON.stringify(vault), head],
]

/** The rows for the new entries of a trail. */
export const trailColumns = ({ key, entries }: RecordWrite) =>
  entries.map(({ personal, ...entry }) => [
    ...[...keyColumns(key), entry.seq, JSON.stringify(entry)],
    personal === undefined ? null : JSON.stringify(personal),
  ])

/** A row of the trail table. */
export interface TrailRow {
  readonly entry: string
  /**
   * Salts and values of personal data, by kind. They are stored apart from the entry, so that they can be
   * erased.
   */
  readonly personal: string | null
}

/** Converts a row to a trail entry. */
export const entryOf = ({ entry: text, personal }: TrailRow): TrailEntry => {
  const entry: TrailEntry = JSON.parse(text)
  return typeof personal === 'string' ? { ...entry, personal: JSON.parse(personal) } : entry
}

/**
 * Appends entries, given as one JSON list of {@link trailColumns}. A file has one writer at a time, so the
 * ordinals follow the order of commits.
 */
export const appendStatement = (trail: string): string => `
  INSERT INTO ${trail} (participant, kind, id, seq, entry, personal, ordinal)
  SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5,
    (SELECT coalesce(max(ordinal), 0) FROM ${trail}) + key + 1
  FROM json_each(?)`

/** Selects the entries of several trails; the values are the keys as a JSON list of {@link keyColumns}, and a number. */
export const trailsStatement = (trail: string): string => `
  SELECT wanted.key AS place, seq, entry, personal FROM json_each(?) AS wanted CROSS JOIN ${trail} AS present
  ON present.participant = wanted.value->>0 AND present.kind = wanted.value->>1 AND present.id = wanted.value->>2
  LIMIT ?`

/** A row of several trails: the place of its key, and its own in the trail. */
export interface TrailsRow extends TrailRow {
  readonly place: number | bigint | string
  readonly seq: number | bigint | string
}

/** The trails of so many keys. */
export const trailsOf = (rows: readonly TrailsRow[], keys: number): readonly (readonly TrailEntry[])[] => {
  const trails = Array.from({ length: keys }, (): TrailsRow[] => [])
  for (const row of rows) trails[Number(row.place)]?.push(row)
  return trails.map((trail) => trail.sort((a, b) => Number(a.seq) - Number(b.seq)).map(entryOf))
}

/** A row of the trail table, with its position among all entries. */
export interface JournalRow extends TrailRow, RecordKey {
  readonly ordinal: number | bigint | string
}

/** Selects entries of all trails from an ordinal on. The values are the ordinal and the limit. */
export const journalStatement = (trail: string): string =>
  `SELECT ordinal, participant, kind, id, entry, personal FROM ${trail} WHERE ordinal >= ? ORDER BY ordinal LIMIT ?`

/**
 * Selects the notices to claim next; the values are the instant and the number. The index begins with notices that
 * were never claimed, then those whose claim ended first, so that notices that can't be delivered delay no new ones,
 * and claimed notices are not read.
 */
export const freeNotices = (notice: string): string =>
  `SELECT ordinal FROM ${notice} WHERE claimed_until <= ? ORDER BY claimed_until, ordinal LIMIT ?`

/** The ordinal in a position. Any other text means the beginning. */
export const ordinalOf = (position: string): number => (/^\d{1,15}$/.test(position) ? Number(position) : 0)

/** Converts a row to an entry with its position. */
export const journalEntryOf = ({ ordinal, participant, kind, id, ...row }: JournalRow): JournalEntry => ({
  position: String(ordinal),
  key: { participant, kind, id },
  entry: entryOf(row),
})

/** Erases personal data of one kind from the entries of a trail. {@link erasedRows} provides the values. */
export const eraseStatement = (trail: string): string => `UPDATE ${trail}
  SET personal = nullif(json_remove(personal, ?), '{}')
  WHERE participant = ? AND kind = ? AND id = ? AND seq <= ? AND personal IS NOT NULL`

/** The values of an {@link eraseStatement}, for each kind that a write erases. */
export const erasedRows = ({ key, erase = {} }: RecordWrite): readonly (readonly (string | number)[])[] =>
  Object.entries(erase).map(([kind, through]) => [`$.${kind}`, ...keyColumns(key), through])
