import type { NewNotice, RecordKey, RecordWrite, StoredRecord } from '../../ports/storage.ts'

/** A row of the record table. Drivers give whole numbers as numbers, as bigints or as texts. */
export interface RecordRow {
  readonly version: number | bigint | string
  readonly state: string
  readonly vault: string
  readonly head: string
}

/** A row of the notice table. */
export interface NoticeRow {
  readonly participant: string
  readonly id: string
  readonly notice: string
}

/** The record in a row. */
export const recordOf = ({ version, state, vault, head }: RecordRow): StoredRecord => ({
  version: Number(version),
  state: JSON.parse(state),
  vault: JSON.parse(vault),
  head,
})

/** The notice in a row. */
export const noticeOf = ({ participant, id, notice }: NoticeRow): NewNotice => ({
  participant,
  id,
  notice: JSON.parse(notice),
})

/** The primary key of a record, in the order of its columns. */
export const keyColumns = ({ participant, kind, id }: RecordKey) => [participant, kind, id] as const

/** The row of a record, in the order of its columns. */
export const recordColumns = ({ key, record: { version, state, vault, head } }: RecordWrite) => [
  ...keyColumns(key),
  ...[version, JSON.stringify(state), JSON.stringify(vault), head],
]

/** The rows of the new entries of a trail. */
export const trailColumns = ({ key, entries }: RecordWrite) =>
  entries.map((entry) => [...keyColumns(key), entry.seq, JSON.stringify(entry)])
