import type { Commit, OutboxNotice, RecordKey, RecordWrite, StoredRecord } from '../../ports/storage.ts'
import { type Column, type Parameters, type Put, parameters, type Statement } from './client.ts'
import type { Tables } from './tables.ts'

/** What a commit requires of one record: it must be at a version, and may then be written. */
interface Step {
  readonly key: RecordKey
  /** 0 if the record must not exist. */
  readonly expected: number
  readonly write?: RecordWrite
}

/** A write that creates a record. */
type NewRecord = Step & { readonly expected: 0; readonly write: RecordWrite }

/** One part of the statement: a step, or many new records of one participant and kind. */
type Part = Step | { readonly fresh: readonly [NewRecord, ...NewRecord[]] }

const textOf = ({ participant, kind, id }: RecordKey) => JSON.stringify([participant, kind, id])

/**
 * One step per record, ordered by key. Transactions that lock several records lock them in this order, so
 * that no two wait for each other. Returns `undefined` if a record is required at two versions.
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
  if (steps.size === 1) return [...steps.values()]
  return [...steps].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, step]) => step)
}

const isNewRecord = (step: Step): step is NewRecord => step.expected === 0 && step.write !== undefined

/** Combines new records that are neighbours and share participant and kind. */
const partsOf = (steps: readonly Step[]): readonly Part[] => {
  const parts: Part[] = []
  for (const step of steps) {
    const last = parts.at(-1)
    const fresh = last !== undefined && 'fresh' in last ? last.fresh : undefined
    const { participant, kind } = step.key
    if (!isNewRecord(step)) parts.push(step)
    else if (fresh?.[0].key.participant === participant && fresh[0].key.kind === kind)
      parts[parts.length - 1] = { fresh: [...fresh, step] }
    else parts.push({ fresh: [step] })
  }
  return parts
}

/**
 * The condition that selects a record. The participant comes first, so that only one partition is touched.
 */
export const at = ({ participant, kind, id }: RecordKey, put: Put): string =>
  `participant = ${put(participant)} AND kind = ${put(kind)} AND id = ${put(id)}`

/** Inserts records where there are none. A row of version 0 counts as no record. */
const insert = (tables: Tables, rows: string) => `
  INSERT INTO ${tables.record} AS present (participant, kind, id, version, state, vault, head)
  ${rows}
  ON CONFLICT (participant, kind, id) DO UPDATE
  SET version = excluded.version, state = excluded.state, vault = excluded.vault, head = excluded.head
  WHERE present.version = 0 RETURNING 1 AS done`

/**
 * The SQL of one part, which runs only if the part before it succeeded. It returns a row for each record that
 * is as expected at that moment, not as of the start of the statement: each part waits for the transaction
 * that has locked the row and then reads it again. A record that must not exist is inserted as version 0,
 * because only a row can be locked.
 */
const partText = (tables: Tables, part: Part, gate: string, { put, putRows }: Parameters): string => {
  if ('fresh' in part) {
    const { participant, kind } = part.fresh[0].key
    const column = (
      name: string,
      type: Column['type'],
      value: (record: StoredRecord, key: RecordKey) => string,
    ): Column => ({ name, type, values: part.fresh.map(({ key, write }) => value(write.record, key)) })
    const given = putRows([
      column('id', 'text', (_, { id }) => id),
      column('version', 'bigint', ({ version }) => String(version)),
      column('state', 'json', ({ state }) => JSON.stringify(state)),
      column('vault', 'json', ({ vault }) => JSON.stringify(vault)),
      column('head', 'text', ({ head }) => head),
    ])
    return insert(
      tables,
      `SELECT ${put(participant)}, ${put(kind)}, id, version, state, vault, head FROM ${given} WHERE ${gate}`,
    )
  }
  const { key, expected, write } = part
  if (write === undefined && expected === 0)
    return insert(
      tables,
      `SELECT ${put(key.participant)}, ${put(key.kind)}, ${put(key.id)}, 0, 'null', '{}', '' WHERE ${gate}`,
    )
  const present = `${at(key, put)} AND version = ${put(expected, 'bigint')}`
  if (write === undefined)
    return `SELECT 1 AS done FROM ${tables.record} WHERE ${present} AND ${gate} FOR SHARE`
  const { version, state, vault, head } = write.record
  return `
  UPDATE ${tables.record} SET version = ${put(version, 'bigint')}, state = ${put(JSON.stringify(state), 'json')},
    vault = ${put(JSON.stringify(vault), 'json')}, head = ${put(head)}
  WHERE ${present} AND ${gate} RETURNING 1 AS done`
}

/** Whether the records are as expected in the snapshot at the start of the statement. */
const isExpectedVersion = (tables: Tables, part: Part, { put, putAll }: Parameters): string => {
  if ('fresh' in part) {
    const { participant, kind } = part.fresh[0].key
    const ids = part.fresh.map(({ key }) => key.id)
    // As for loads: see `anyOf`.
    const isAmong = ids.length === 1 ? `= ${put(part.fresh[0].key.id)}` : `= ANY (${putAll(ids)})`
    return `NOT EXISTS (SELECT 1 FROM ${tables.record} WHERE participant = ${put(participant)}
  AND kind = ${put(kind)} AND id ${isAmong} AND version > 0)`
  }
  const { key, expected } = part
  return expected === 0
    ? `NOT EXISTS (SELECT 1 FROM ${tables.record} WHERE ${at(key, put)} AND version > 0)`
    : `EXISTS (SELECT 1 FROM ${tables.record} WHERE ${at(key, put)} AND version = ${put(expected, 'bigint')})`
}

/** The new trail entries of one participant, as rows. */
const trailText = (
  tables: Tables,
  participant: string,
  writes: readonly RecordWrite[],
  gate: string,
  { put, putRows }: Parameters,
): string => {
  const rows = writes.flatMap(({ key, entries }) =>
    entries.map(({ personal, ...entry }) => ({ key, entry, personal })),
  )
  const given = putRows([
    { name: 'kind', type: 'text', values: rows.map(({ key }) => key.kind) },
    { name: 'id', type: 'text', values: rows.map(({ key }) => key.id) },
    { name: 'seq', type: 'bigint', values: rows.map(({ entry }) => String(entry.seq)) },
    { name: 'entry', type: 'json', values: rows.map(({ entry }) => JSON.stringify(entry)) },
    {
      name: 'personal',
      type: 'json',
      values: rows.map(({ personal }) => personal && JSON.stringify(personal)),
    },
  ])
  return `
  INSERT INTO ${tables.trail} (participant, kind, id, seq, entry, personal)
  SELECT ${put(participant)}, kind, id, seq, entry, personal FROM ${given}
  WHERE ${gate} RETURNING 1 AS done`
}

/** Erases personal data from existing entries, with one statement for all kinds of a write. */
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

const byParticipant = (writes: readonly RecordWrite[]): ReadonlyMap<string, readonly RecordWrite[]> => {
  const groups = new Map<string, RecordWrite[]>()
  for (const write of writes) {
    const { participant } = write.key
    if (write.entries.length > 0) groups.set(participant, [...(groups.get(participant) ?? []), write])
  }
  return groups
}

const noticeText = (tables: Tables, notices: readonly OutboxNotice[], gate: string, put: Put) => {
  const rows = notices.map(
    ({ participant, id, notice }) =>
      `(${put(participant)}, ${put(id)}, ${put(JSON.stringify(notice), 'json')})`,
  )
  return `
  INSERT INTO ${tables.notice} (participant, id, notice)
  SELECT * FROM (VALUES ${rows.join(', ')}) AS given WHERE ${gate} RETURNING 1 AS done`
}

/**
 * Builds the one statement of a commit, or `undefined` if it can only be a conflict. It returns a row whose
 * `outcome` is `1` if everything was written and `0` if nothing was. If it loses a race after something was
 * written, it divides by zero (SQLSTATE 22012), which undoes everything.
 *
 * Every part returns a named column. When a commit has several participants, Citus stores the rows of each
 * part as an intermediate result and refuses one without columns ("a column definition list is required").
 */
export const commitStatement = (tables: Tables, commit: Commit): Statement | undefined => {
  const steps = stepsOf(commit)
  if (steps === undefined) return undefined
  const given = parameters()
  const { values, put } = given
  const parts = partsOf(steps)
  /** The condition that a part succeeded for all its records. */
  const succeeded = (i: number): string => {
    const part = parts[i]
    if (part === undefined) return 'true'
    return 'fresh' in part && part.fresh.length > 1
      ? `(SELECT count(*) FROM step_${i}) = ${put(part.fresh.length, 'bigint')}`
      : `EXISTS (SELECT 1 FROM step_${i})`
  }
  // With several parts, the snapshot is checked first, so that only a real race fails halfway.
  const first =
    steps.length > 1 ? parts.map((part) => isExpectedVersion(tables, part, given)).join(' AND ') : 'true'
  const texts = parts.map(
    (part, i) => `step_${i} AS (${partText(tables, part, i === 0 ? first : succeeded(i - 1), given)})`,
  )
  const all = succeeded(parts.length - 1)
  for (const [i, [participant, writes]] of [...byParticipant(commit.writes)].entries())
    texts.push(`trail_${i} AS (${trailText(tables, participant, writes, all, given)})`)
  for (const [i, write] of commit.writes.entries()) {
    const erase = eraseText(tables, write, all, put)
    if (erase !== undefined) texts.push(`erase_${i} AS (${erase})`)
  }
  if (commit.notices.length > 0) texts.push(`notices AS (${noticeText(tables, commit.notices, all, put)})`)
  // A single record is written or not. With several, the first may be written before another one loses a
  // race.
  const firstWrite = parts.findIndex((part) => 'fresh' in part || part.write !== undefined)
  const partialWrite =
    firstWrite === -1 || steps.length === 1
      ? ''
      : `WHEN EXISTS (SELECT 1 FROM step_${firstWrite}) THEN 1 / (CASE WHEN ${all} THEN 1 ELSE 0 END)`
  return {
    text: `${texts.length === 0 ? '' : `WITH ${texts.join(',\n')}\n`}SELECT (CASE WHEN ${all} THEN 1 ${partialWrite} ELSE 0 END)::text AS outcome`,
    values,
  }
}
