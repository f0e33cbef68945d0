import type { ListedRecord, RecordKey, RecordKind, StoredRecord, TrailEntry } from '../../ports/storage.ts'
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

/** The condition that picks some records: by participant and kind, and then by ids. */
const anyOf = (keys: readonly RecordKey[], { put, putAll }: Parameters): string => {
  const groups = new Map<string, Set<RecordKey['id']>>()
  for (const { participant, kind, id } of keys) {
    const group = JSON.stringify([participant, kind])
    groups.set(group, (groups.get(group) ?? new Set()).add(id))
  }
  const conditions = [...groups].map(([group, ids]) => {
    const [participant = '', kind = ''] = JSON.parse(group) as string[]
    return `(participant = ${put(participant)} AND kind = ${put(kind)} AND id = ANY (${putAll([...ids])}))`
  })
  return conditions.join(' OR ')
}

/** The records of some keys: one statement, however many they are. */
export const load = async (
  client: PostgresClient,
  tables: Tables,
  keys: readonly RecordKey[],
): Promise<readonly (StoredRecord | undefined)[]> => {
  if (keys.length === 0) return []
  const given = parameters()
  const text = `SELECT participant, kind, id, ${columns} FROM ${tables.record} WHERE version > 0 AND (${anyOf(keys, given)})`
  const rows = (await run(client, { text, values: given.values })) as (RecordRow & RecordKey)[]
  const found = new Map(rows.map((row) => [textOf(row), row]))
  return keys.map((key) => {
    const row = found.get(textOf(key))
    return row && recordOf(row)
  })
}

/** A participant's records of a kind, by id. */
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
  const rows = (await run(client, { text, values })) as (RecordRow & { readonly id: string })[]
  return rows.map((row) => ({ id: row.id, record: recordOf(row) }))
}

/** A record's trail. */
export const trail = async (
  client: PostgresClient,
  tables: Tables,
  key: RecordKey,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<readonly TrailEntry[]> => {
  const { values, put } = parameters()
  const text = `SELECT entry::text, personal::text FROM ${tables.trail}
    WHERE ${at(key, put)} AND seq > ${put(after, 'bigint')} ORDER BY seq LIMIT ${put(limit, 'bigint')}`
  const rows = (await run(client, { text, values })) as {
    readonly entry: string
    readonly personal: string | null
  }[]
  return rows.map(({ entry, personal }) => ({
    ...(JSON.parse(entry) as TrailEntry),
    ...(personal === null ? {} : { personal: JSON.parse(personal) }),
  }))
}

/** The participants that have records: a sweep over every partition. */
export const participants = async (
  client: PostgresClient,
  tables: Tables,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<readonly string[]> => {
  const { values, put } = parameters()
  const text = `SELECT DISTINCT participant FROM ${tables.record}
    WHERE participant > ${put(after)} AND version > 0 ORDER BY participant LIMIT ${put(limit, 'bigint')}`
  const rows = (await run(client, { text, values })) as { readonly participant: string }[]
  return rows.map(({ participant }) => participant)
}
