import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StoragePort } from 'ccass-2fa'
import { migratePostgres, postgresStorage } from 'ccass-2fa/postgres'
import { sqliteStorage } from 'ccass-2fa/sqlite'
import SqliteFile from 'libsql'
import { openDatabase } from './database.ts'
import type { Settings } from './settings.ts'

/** A storage that is open. */
export interface OpenStorage {
  readonly storage: StoragePort
  /** What it is, for the log: without address or password. */
  readonly kind: 'PostgreSQL' | 'SQLite'
  close(): Promise<void>
}

const onPostgres = async (addresses: readonly string[], schema: string | undefined): Promise<OpenStorage> => {
  const database = openDatabase(addresses)
  const options = schema === undefined ? {} : { schema }
  try {
    // Any number of processes may start at once: the tables are made by one, the others wait for it.
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
  // FULL: what was answered survives the end of the machine, not of the process alone.
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

/** Opens the storage that the settings name. */
export const openStorage = async ({
  databases,
  schema,
  sqliteFile,
}: Pick<Settings, 'databases' | 'schema' | 'sqliteFile'>): Promise<OpenStorage> =>
  databases.length > 0 ? onPostgres(databases, schema) : onSqlite(sqliteFile)
