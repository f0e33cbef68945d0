import type {
  JournalEntry,
  ListedRecord,
  RecordKey,
  RecordKind,
  StoredRecord,
  TrailEntry,
} from '../../ports/storage.ts'
import { distributedTrail } from './citus.ts'
import { type Parameters, type PostgresClient, parameters, run } from './client.ts'
import { at } from './commit.ts'
import type { Tables } from './tables.ts'

interface RecordRow {
  readonly version: string
  readonly state: string
  readonly vault: string
  readonly head: string
}

const columns = 'version::text, state::text, vault::text, head'

const recordOf = ({ version, state, vault, head }: RecordRow): StoredRecord => ({
  version: Number(version),
  state: JSON.parse(state),
  vault: JSON.parse(vault),
  head,
})

const textOf = ({ participant, kind, id }: RecordKey) => JSON.stringify([participant, kind, id])

/** Up to so many records of a participant and kind are selected one by one. */
const few = 4

/**
 * The condition that selects several records: by participant and kind, and then by ids. A few ids are compared one
 * by one: for an array, as long as its statistics are out of date, PostgreSQL may read all of the participant's records
 * and filter them.
 */
const anyOf = (keys: readonly RecordKey[], { put, putAll }: Parameters): string => {
  const groups = new Map<string, Pick<RecordKey, 'participant' | 'kind'> & { readonly ids: Set<string> }>()
  for (const { participant, kind, id } of keys) {
    const name = JSON.stringify([participant, kind])
    const group = groups.get(name) ?? { participant, kind, ids: new Set() }
    groups.set(name, group)
    group.ids.add(id)
  }
  const conditions = [...groups.values()].flatMap(({ participant, kind, ids }) => {
    if (ids.size <= few) return [...ids].map((id) => `(${at({ participant, kind, id }, put)})`)
    return `(participant = ${put(participant)} AND kind = ${put(kind)} AND id = ANY (${putAll([...ids])}))`
  })
  return conditions.join(' OR ')
}

/** Loads the records of the keys with one statement. */
export const load = async (
  client: PostgresClient,
  tables: Tables,
  keys: readonly RecordKey[],
): Promise<readonly (StoredRecord | undefined)[]> => {
  if (keys.length === 0) return []
  const given = parameters()
  const text = `SELECT participant, kind, id, ${columns} FROM ${tables.record} WHERE version > 0 AND (${anyOf(keys, given)})`
  const rows = await run<RecordRow & RecordKey>(client, { text, values: given.values })
  const found = new Map(rows.map((row) => [textOf(row), row]))
  return keys.map((key) => {
    const row = found.get(textOf(key))
    return row && recordOf(row)
  })
}

/** Lists a participant's records of a kind by id. */
export const list = async (
  client: PostgresClient,
  tables: Tables,
  participant: string,
  kind: RecordKind,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<readonly ListedRecord[]> => {
  const { values, put } = parameters()
  const text = `SELECT id, ${columns} FROM ${tables.record}
    WHERE participant = ${put(participant)} AND kind = ${put(kind)} AND id > ${put(after)} AND version > 0
    ORDER BY id LIMIT ${put(limit, 'bigint')}`
  const rows = await run<RecordRow & { readonly id: string }>(client, { text, values })
  return rows.map((row) => ({ id: row.id, record: recordOf(row) }))
}

interface EntryRow {
  readonly entry: string
  readonly personal: string | null
}

const entryOf = ({ entry: text, personal }: EntryRow): TrailEntry => {
  const entry: TrailEntry = JSON.parse(text)
  return personal === null ? entry : { ...entry, personal: JSON.parse(personal) }
}

/** Reads a record's trail. */
export const trail = async (
  client: PostgresClient,
  tables: Tables,
  key: RecordKey,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<readonly TrailEntry[]> => {
  const { values, put } = parameters()
  const text = `SELECT entry::text, personal::text FROM ${tables.trail}
    WHERE ${at(key, put)} AND seq > ${put(after, 'bigint')} ORDER BY seq LIMIT ${put(limit, 'bigint')}`
  const rows = await run<EntryRow>(client, { text, values })
  return rows.map(entryOf)
}

type NumberedRow = EntryRow & RecordKey & { readonly seq: string }

/** Reads several trails in one statement. */
export const trails = async (
  client: PostgresClient,
  tables: Tables,
  keys: readonly RecordKey[],
  limit: number,
): Promise<readonly (readonly TrailEntry[])[]> => {
  if (keys.length === 0) return []
  const given = parameters()
  const text = `SELECT participant, kind, id, seq::text, entry::text, personal::text FROM ${tables.trail}
    WHERE ${anyOf(keys, given)} LIMIT ${given.put(limit, 'bigint')}`
  const rows = await run<NumberedRow>(client, {
    text,
    values: given.values,
  })
  const found = new Map<string, NumberedRow[]>()
  for (const row of rows) {
    const name = textOf(row)
    const trail = found.get(name)
    if (trail === undefined) found.set(name, [row])
    else trail.push(row)
  }
  return keys.map((key) => {
    const trail = found.get(textOf(key)) ?? []
    return trail.sort((a, b) => Number(a.seq) - Number(b.seq)).map(entryOf)
  })
}

type JournalRow = EntryRow & RecordKey & { readonly transaction: string; readonly seq: string }

/** The position before all entries: no transaction has this number. */
const beginning = ['0', '', '', '', '0'] as const
type Position = readonly [transaction: string, participant: string, kind: string, id: string, seq: string]

const isPosition = (value: unknown): value is Position =>
  Array.isArray(value) &&
  value.length === beginning.length &&
  value.every((part) => typeof part === 'string' && !part.includes('\u0000')) &&
  /^\d{1,18}$/.test(value[0]) &&
  /^\d{1,15}$/.test(value[4])

/** Parses a position. Any other text, such as a position of another storage, means the beginning. */
const positionOf = (text: string): Position => {
  try {
    const parts: unknown = JSON.parse(text)
    return isPosition(parts) ? parts : beginning
  } catch {
    return beginning
  }
}

/**
 * Refuses a trail that Citus has distributed, because its journal could skip an entry unnoticed.
 *
 * @throws Error for a distributed trail.
 */
const refuseDistributed = async (client: PostgresClient, tables: Tables): Promise<void> => {
  const { values, put } = parameters()
  // The table is a parameter: postgres.js sends a statement without parameters over another protocol, which
  // hangs in a pipeline behind PgBouncer in transaction mode.
  const text = distributedTrail(`${put(tables.trail)}::regclass`)
  if ((await run(client, { text, values })).length === 0) return
  throw new Error(
    `${tables.trail} is distributed by Citus, whose nodes have no common order of transactions: journal and audit.feed are not available`,
  )
}

/**
 * Reads the entries of all trails in the order of the transactions that wrote them. A transaction gets its
 * number when it first writes, and may commit after a transaction with a higher number. Entries at or beyond
 * the oldest transaction that is still running are therefore left for later. This order also keeps each
 * record's versions in sequence: a commit builds on a version that it read, which was committed before it
 * began.
 *
 * @throws Error for a trail that Citus has distributed.
 */
export const journal = async (
  client: PostgresClient,
  tables: Tables,
  { from, limit }: { readonly from: string; readonly limit: number },
): Promise<readonly JournalEntry[]> => {
  await refuseDistributed(client, tables)
  const { values, put } = parameters()
  const [transaction, participant, kind, id, seq] = positionOf(from)
  const first = `${put(transaction)}::xid8`
  const rest = [put(participant), put(kind), put(id), put(seq, 'bigint')]
  const text = `SELECT transaction::text, participant, kind, id, seq::text, entry::text, personal::text FROM ${tables.trail}
    WHERE transaction >= ${first} AND (transaction, participant, kind, id, seq) >= (${first}, ${rest.join(', ')})
    AND transaction < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY trail.transaction, participant, kind, id, trail.seq LIMIT ${put(limit, 'bigint')}`
  const rows = await run<JournalRow>(client, { text, values })
  return rows.map((row) => ({
    position: JSON.stringify([row.transaction, row.participant, row.kind, row.id, row.seq]),
    key: { participant: row.participant, kind: row.kind, id: row.id },
    entry: entryOf(row),
  }))
}

/** Lists the participants that have records. This sweeps every partition. */
export const participants = async (
  client: PostgresClient,
  tables: Tables,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<readonly string[]> => {
  const { values, put } = parameters()
  const text = `SELECT DISTINCT participant FROM ${tables.record}
    WHERE participant > ${put(after)} AND version > 0 ORDER BY participant LIMIT ${put(limit, 'bigint')}`
  const rows = await run<{ readonly participant: string }>(client, { text, values })
  return rows.map(({ participant }) => participant)
}
