import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StoragePort } from 'ccass-2fa'
import { migratePostgres, postgresStorage } from 'ccass-2fa/postgres'
import { sqliteStorage } from 'ccass-2fa/sqlite'
import SqliteFile from 'libsql'
import { openDatabase } from './database.ts'
import type { Settings } from './settings.ts'

/** An open storage. */
export interface OpenStorage {
  readonly storage: StoragePort
  /** The kind of storage, for the log. It contains no address or password. */
  readonly kind: 'PostgreSQL' | 'SQLite'
  close(): Promise<void>
}

const onPostgres = async (addresses: readonly string[], schema: string | undefined): Promise<OpenStorage> => {
  const database = openDatabase(addresses)
  const options = schema === undefined ? {} : { schema }
  try {
    // Any number of processes may start at once. One creates the tables, the others wait for it.
    await migratePostgres(database, options)
  } catch (error) {
    await database.close()
    throw error
  }
  return { storage: postgresStorage(database, options), kind: 'PostgreSQL', close: database.close }
}

const onSqlite = (file: string | undefined): OpenStorage => {
  const directory = file === undefined ? mkdtempSync(join(tmpdir(), 'ccass-2fa-')) : undefined
  const path = file ?? join(directory ?? '', 'service.db')
  const database = new SqliteFile(path)
  // FULL: what was answered survives a crash of the machine, not only of the process.
  database.exec('PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  return {
    storage: sqliteStorage(database),
    kind: 'SQLite',
    close: async () => {
      database.close()
      if (directory !== undefined) rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** Opens the storage that the settings select. */
export const openStorage = async ({
  databases,
  schema,
  sqliteFile,
}: Pick<Settings, 'databases' | 'schema' | 'sqliteFile'>): Promise<OpenStorage> =>
  databases.length > 0 ? onPostgres(databases, schema) : onSqlite(sqliteFile)
