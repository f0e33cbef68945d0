import type { Commit } from '../../ports/storage.ts'
import type { AsyncStatement } from './async-client.ts'
import {
  appendStatement,
  erasedRows,
  eraseStatement,
  keyColumns,
  recordColumns,
  trailColumns,
} from './rows.ts'
import type { SqliteTables } from './tables.ts'

/** Maximum characters of rows in one value. D1 accepts 2,000,000 bytes, and a character takes up to three. */
const maxCharacters = 600_000

/** Statements that each take a part of the rows as one JSON value. */
const inChunks = (sql: string, rows: readonly (readonly unknown[])[]): readonly AsyncStatement[] => {
  const chunks: string[][] = []
  let length = Number.POSITIVE_INFINITY
  for (const row of rows.map((each) => JSON.stringify(each))) {
    if (length + row.length > maxCharacters) {
      chunks.push([])
      length = 0
    }
    chunks.at(-1)?.push(row)
    length += row.length + 1
  }
  return chunks.map((chunk) => ({ sql, args: [`[${chunk.join(',')}]`] }))
}

/**
 * Compares versions before anything is written. Each record that is not at its expected version inserts a row
 * into a table that accepts none, and the error undoes the batch.
 */
const compare = ({ conflict, record }: SqliteTables) => `
  INSERT INTO ${conflict} (id) SELECT 1 FROM json_each(?) AS wanted LEFT JOIN ${record} AS present
  ON present.participant = wanted.value->>0 AND present.kind = wanted.value->>1 AND present.id = wanted.value->>2
  WHERE coalesce(present.version, 0) <> wanted.value->>3 LIMIT 1`

const setRecords = ({ record }: SqliteTables) => `
  INSERT INTO ${record} (participant, kind, id, version, state, vault, head)
  SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6 FROM json_each(?) WHERE true
  ON CONFLICT (participant, kind, id) DO UPDATE
  SET version = excluded.version, state = excluded.state, vault = excluded.vault, head = excluded.head`

const addNotices = ({ notice }: SqliteTables) => `
  INSERT INTO ${notice} (participant, id, notice)
  SELECT value->>0, value->>1, value->>2 FROM json_each(?) ORDER BY key`

/** The statements of a commit, as one batch. The first fails if a record is not at its expected version. */
export const commitBatch = (
  tables: SqliteTables,
  { writes, notices, unchanged = [] }: Commit,
): readonly AsyncStatement[] => {
  const expected = [
    ...writes.map(({ key, expectedVersion }) => [...keyColumns(key), expectedVersion]),
    ...unchanged.map(({ key, version }) => [...keyColumns(key), version]),
  ]
  const waiting = notices.map(({ participant, id, notice }) => [participant, id, JSON.stringify(notice)])
  return [
    ...inChunks(compare(tables), expected),
    ...inChunks(setRecords(tables), writes.map(recordColumns)),
    ...writes.flatMap(erasedRows).map((values) => ({ sql: eraseStatement(tables.trail), args: [...values] })),
    ...inChunks(appendStatement(tables.trail), writes.flatMap(trailColumns)),
    ...inChunks(addNotices(tables), waiting),
  ]
}

/**
 * Whether a batch failed because a record had changed: the failed check names the table that accepts no row.
 */
export const isConflict = (error: unknown, tables: Pick<SqliteTables, 'conflict'>, depth = 3): boolean => {
  if (typeof error !== 'object' || error === null) return false
  const [message, cause]: readonly unknown[] = [Reflect.get(error, 'message'), Reflect.get(error, 'cause')]
  if (String(message).includes(`CHECK constraint failed: ${tables.conflict}`)) return true
  return depth > 0 && isConflict(cause, tables, depth - 1)
}
