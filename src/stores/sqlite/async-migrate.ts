import type { AsyncSqlite } from './async-client.ts'
import {
  checkVersion,
  createSchemaTable,
  schemaSteps,
  schemaTableQuery,
  schemaVersion,
  schemaVersionQuery,
} from './schema.ts'
import type { SqliteTables } from './tables.ts'

const numberOf = ([row]: readonly unknown[], column: string): number =>
  typeof row === 'object' && row !== null ? Number(Reflect.get(row, column)) : Number.NaN

const versionOf = async (db: AsyncSqlite, tables: SqliteTables): Promise<number> => {
  const found = numberOf(await db.all({ sql: schemaTableQuery, args: [tables.schema] }), 'found')
  return found === 0 ? 0 : numberOf(await db.all({ sql: schemaVersionQuery(tables), args: [] }), 'version')
}

/**
 * Migrates a database to the current schema. If two processes do so at once, the batch of the second fails as
 * a whole because a table or version already exists. It then finds the schema up to date.
 */
export const migrateAsync = async (db: AsyncSqlite, tables: SqliteTables): Promise<void> => {
  const version = await versionOf(db, tables)
  checkVersion(version)
  if (version === schemaVersion) return
  const statements = schemaSteps
    .slice(version)
    .flatMap((step, i) => [
      ...step(tables),
      `INSERT INTO ${tables.schema} (version) VALUES (${version + i + 1})`,
    ])
  try {
    await db.batch([createSchemaTable(tables), ...statements].map((sql) => ({ sql, args: [] })))
  } catch (error) {
    if ((await versionOf(db, tables)) !== schemaVersion) throw error
  }
}
