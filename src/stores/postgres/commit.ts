import type { Commit, NewNotice, RecordKey, RecordWrite } from '../../ports/storage.ts'
import { type Put, parameters, type Statement } from './client.ts'
import type { Tables } from './tables.ts'

/** What a commit asks of one record: to be at a version, and perhaps to become another. */
interface Step {
  readonly key: RecordKey
  /** 0 if there must be none. */
  readonly expected: number
  readonly write?: RecordWrite
}

const textOf = ({ participant, kind, id }: RecordKey) => JSON.stringify([participant, kind, id])

/**
 * One step per record, in the order of keys: a transaction that locks several locks them in this order, so that no two
 * wait for each other. `undefined` if one record is asked to be at two versions.
 */
const stepsOf = ({ writes, unchanged = [] }: Commit): readonly Step[] | undefined => {
  const steps = new Map<string, Step>()
  for (const write of writes)
    steps.set(textOf(write.key), { key: write.key, expected: write.expectedVersion, write })
  for (const { key, version } of unchanged) {
    const same = steps.get(textOf(key))
    if (same !== undefined && same.expected !== version) return undefined
    if (same === undefined) steps.set(textOf(key), { key, expected: version })
  }
  return [...steps].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, step]) => step)
}

/** The condition that picks a record. Its participant comes first, so that one partition is touched. */
export const at = ({ participant, kind, id }: RecordKey, put: Put): string =>
  `participant = ${put(participant)} AND kind = ${put(kind)} AND id = ${put(id)}`

/** A record is put where there is none. A row of version 0 is none. */
const insert = (
  tables: Tables,
  { participant, kind, id }: RecordKey,
  columns: string,
  gate: string,
  put: Put,
) => `
  INSERT INTO ${tables.record} AS present (participant, kind, id, version, state, vault, head)
  SELECT ${put(participant)}, ${put(kind)}, ${put(id)}, ${columns} WHERE ${gate}
  ON CONFLICT (participant, kind, id) DO UPDATE
  SET version = excluded.version, state = excluded.state, vault = excluded.vault, head = excluded.head
  WHERE present.version = 0 RETURNING 1 AS done`

/**
 * What one step does, if what is before it was done. It answers a row if the record is as expected: as it is
 * now, not as it was when the statement began, for each of these waits for the transaction that has the row and then looks
 * again. What must not be there is put there as version 0: only a row can be held against others.
 */
const stepText = (tables: Tables, { key, expected, write }: Step, gate: string, put: Put): string => {
  if (write === undefined)
    return expected === 0
      ? insert(tables, key, `0, 'null', '{}', ''`, gate, put)
      : `SELECT 1 AS done FROM ${tables.record}
  WHERE ${at(key, put)} AND version = ${put(expected, 'bigint')} AND ${gate} FOR SHARE`
  const { version, state, vault, head } = write.record
  const given = [
    put(version, 'bigint'),
    put(JSON.stringify(state), 'json'),
    put(JSON.stringify(vault), 'json'),
    put(head),
  ] as const
  if (expected === 0) return insert(tables, key, given.join(', '), gate, put)
  return `
  UPDATE ${tables.record} SET version = ${given[0]}, state = ${given[1]}, vault = ${given[2]}, head = ${given[3]}
  WHERE ${at(key, put)} AND version = ${put(expected, 'bigint')} AND ${gate} RETURNING 1 AS done`
}

/** Whether a record is as expected, by the look of it when the statement begins. */
const looksRight = (tables: Tables, { key, expected }: Step, put: Put) =>
  expected === 0
    ? `NOT EXISTS (SELECT 1 FROM ${tables.record} WHERE ${at(key, put)} AND version > 0)`
    : `EXISTS (SELECT 1 FROM ${tables.record} WHERE ${at(key, put)} AND version = ${put(expected, 'bigint')})`

const trailText = (
  tables: Tables,
  { key, expectedVersion, entries }: RecordWrite,
  gate: string,
  put: Put,
): string => {
  const bare = entries.map(({ personal: _, ...entry }) => entry)
  const beside = entries.map(({ personal = null }) => personal)
  return `
  INSERT INTO ${tables.trail} (participant, kind, id, seq, entry, personal)
  SELECT ${put(key.participant)}, ${put(key.kind)}, ${put(key.id)}, ${put(expectedVersion, 'bigint')} + n, entry,
    nullif(personal::text, 'null')::json
  FROM json_array_elements(${put(JSON.stringify(bare), 'json')}) WITH ORDINALITY AS given (entry, n)
  JOIN json_array_elements(${put(JSON.stringify(beside), 'json')}) WITH ORDINALITY AS beside (personal, place)
    ON place = n
  WHERE ${gate} RETURNING 1 AS done`
}

/** Erases personal data from entries that are there; one statement for all kinds of a write. */
const eraseText = (
  tables: Tables,
  { key, erase = {} }: RecordWrite,
  gate: string,
  put: Put,
): string | undefined => {
  const kinds = Object.entries(erase)
  if (kinds.length === 0) return undefined
  const removed = kinds.map(
    ([kind, through]) => ` - CASE WHEN seq <= ${put(through, 'bigint')} THEN ${put(kind)} ELSE '' END`,
  )
  const last = put(Math.max(...kinds.map(([, through]) => through)), 'bigint')
  return `
  UPDATE ${tables.trail} SET personal = nullif((personal::jsonb${removed.join('')})::text, '{}')::json
  WHERE ${at(key, put)} AND seq <= ${last} AND personal IS NOT NULL AND ${gate} RETURNING 1 AS done`
}

const noticeText = (tables: Tables, notices: readonly NewNotice[], gate: string, put: Put) => {
  const rows = notices.map(
    ({ participant, id, notice }) =>
      `(${put(participant)}, ${put(id)}, ${put(JSON.stringify(notice), 'json')})`,
  )
  return `
  INSERT INTO ${tables.notice} (participant, id, notice)
  SELECT * FROM (VALUES ${rows.join(', ')}) AS given WHERE ${gate} RETURNING 1 AS done`
}

/**
 * The one statement of a commit; `undefined` if it can only be a conflict. Its answer is a row: `outcome` is
 * `1` if all is written, `0` if nothing is. Where a race was lost after something had been written already,
 * it divides by zero (SQLSTATE 22012), which undoes the whole.
 *
 * Every part answers a named column: Citus keeps what a part answers as an intermediate result when a commit has
 * several participants, and refuses one without columns ("a column definition list is required").
 */
export const commitStatement = (tables: Tables, commit: Commit): Statement | undefined => {
  const steps = stepsOf(commit)
  if (steps === undefined) return undefined
  const { values, put } = parameters()
  // Looked over first, where there are several: so only a real race is lost halfway.
  const first = steps.length > 1 ? steps.map((each) => looksRight(tables, each, put)).join(' AND ') : 'true'
  const parts = steps.map((step, i) => {
    const gate = i === 0 ? first : `EXISTS (SELECT 1 FROM step_${i - 1})`
    return `step_${i} AS (${stepText(tables, step, gate, put)})`
  })
  const all = steps.length === 0 ? 'true' : `EXISTS (SELECT 1 FROM step_${steps.length - 1})`
  for (const [i, write] of commit.writes.entries()) {
    if (write.entries.length > 0) parts.push(`trail_${i} AS (${trailText(tables, write, all, put)})`)
    const erase = eraseText(tables, write, all, put)
    if (erase !== undefined) parts.push(`erase_${i} AS (${erase})`)
  }
  if (commit.notices.length > 0) parts.push(`notices AS (${noticeText(tables, commit.notices, all, put)})`)
  const firstWrite = steps.findIndex(({ write }) => write !== undefined)
  const halfway =
    firstWrite === -1 || firstWrite === steps.length - 1
      ? ''
      : `WHEN EXISTS (SELECT 1 FROM step_${firstWrite}) THEN 1 / (SELECT count(*) FROM step_${steps.length - 1})`
  return {
    text: `${parts.length === 0 ? '' : `WITH ${parts.join(',\n')}\n`}SELECT (CASE WHEN ${all} THEN 1 ${halfway} ELSE 0 END)::text AS outcome`,
    values,
  }
}
