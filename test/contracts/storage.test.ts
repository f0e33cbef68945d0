/** Every storage adapter of the package passes the port's contract. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memoryStorage } from 'ccass-2fa/memory'
import { type SqliteDatabase, sqliteStorage } from 'ccass-2fa/sqlite'
import { type StorageUnderTest, storageContract } from 'ccass-2fa/testing'
import Database from 'libsql'
import { describe, test } from 'vitest'

/** The part of `node:sqlite` used here; Node 20 has neither the module nor its types. */
interface NodeSqlite {
  readonly DatabaseSync: new (path: string) => SqliteDatabase & { close(): void }
}
const specifier = 'node:sqlite'
const nodeSqlite = await import(/* @vite-ignore */ specifier).then(
  (module: NodeSqlite) => module,
  () => undefined,
)

type Closable = SqliteDatabase & { close(): unknown }

/** A database in memory with one connection; closing it deletes it. */
const inMemory = (open: (path: string) => Closable) => async (): Promise<StorageUnderTest> => {
  const db = open(':memory:')
  return { storage: sqliteStorage(db), close: async () => void db.close() }
}

/** A database in a file, with a second connection like another process of the host. */
const inFile = (open: (path: string) => Closable) => async (): Promise<StorageUnderTest> => {
  const folder = mkdtempSync(join(tmpdir(), 'ccass-2fa-'))
  const connections: Closable[] = []
  const connect = () => {
    const db = open(join(folder, 'accounts.db'))
    db.exec('PRAGMA busy_timeout = 5000')
    db.exec('PRAGMA journal_mode = WAL')
    connections.push(db)
    return sqliteStorage(db)
  }
  return {
    storage: connect(),
    second: async () => connect(),
    close: async () => {
      for (const db of connections) db.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const run = (make: () => Promise<StorageUnderTest>, cases = /./) => {
  for (const { name, run: check } of storageContract(make).filter((each) => cases.test(each.name)))
    test(`LOCK-09 · ${name}`, check)
}
/** Without a second connection, the cases for two storages would pass without testing anything. */
const ofOneStorage = /^(?!two storages)/

const openLibsql = (path: string) => new Database(path)
const openNode = (path: string) => {
  if (nodeSqlite === undefined) throw new Error('this Node has no node:sqlite')
  return new nodeSqlite.DatabaseSync(path)
}

describe('memory', () => {
  const shared = async () => {
    const storage = memoryStorage()
    return { storage, second: async () => storage }
  }
  run(shared)
})
describe('sqlite in memory with libsql', () => run(inMemory(openLibsql), ofOneStorage))
describe('sqlite in a file with libsql', () => run(inFile(openLibsql)))
describe.skipIf(nodeSqlite === undefined)('sqlite in memory with node:sqlite (not in Node 20)', () =>
  run(inMemory(openNode), ofOneStorage),
)
describe.skipIf(nodeSqlite === undefined)('sqlite in a file with node:sqlite (not in Node 20)', () =>
  run(inFile(openNode)),
)
