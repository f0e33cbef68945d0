import { type SqliteDatabase, transaction } from './database.ts'
import {
  checkVersion,
  createSchemaTable,
  schemaSteps,
  schemaTableQuery,
  schemaVersion,
  schemaVersionQuery,
} from './schema.ts'
import type { SqliteTables } from './tables.ts'

/** Reads a whole number from a row, regardless of the type that the driver returns. */
const numberIn = (row: unknown, column: string): number => {
  const value: unknown = typeof row === 'object' && row !== null ? Reflect.get(row, column) : undefined
  const number = Number(value)
  if (value === undefined || !Number.isSafeInteger(number))
    throw new TypeError('the SQLite driver must return rows as objects keyed by column')
  return number
}

const versionOf = (db: SqliteDatabase, tables: SqliteTables): number => {
  const found = numberIn(db.prepare(schemaTableQuery).get(tables.schema), 'found')
  return found === 0 ? 0 : numberIn(db.prepare(schemaVersionQuery(tables)).get(), 'version')
}

/**
 * Migrates a database to the current schema, exactly once, even if several processes open it at the same
 * time.
 */
export const migrate = (db: SqliteDatabase, tables: SqliteTables): void => {
  const present = versionOf(db, tables)
  checkVersion(present)
  if (present === schemaVersion) return
  transaction(db, () => {
    const version = versionOf(db, tables)
    checkVersion(version)
    db.exec(createSchemaTable(tables))
    for (const [i, step] of schemaSteps.entries()) {
      if (i < version) continue
      for (const statement of step(tables)) db.exec(statement)
      db.exec(`INSERT INTO ${tables.schema} (version) VALUES (${i + 1})`)
    }
  })
}
