/**
 * Runs on Node: its own SQLite if it has one, `libsql`, `@libsql/client`, `pg` and PGlite; scrypt and
 * Argon2id.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { argon2Hasher } from 'ccass-2fa/argon2'
import { nodeCryptoSecretBox } from 'ccass-2fa/node-crypto'
import { migratePostgres, postgresStorage } from 'ccass-2fa/postgres'
import { scryptHasher } from 'ccass-2fa/scrypt'
import { type SqliteDatabase, sqliteStorage } from 'ccass-2fa/sqlite'
import { sqliteAsyncStorage } from 'ccass-2fa/sqlite-async'
import { type Store, trial } from './trial.ts'

/** Loaded only where it exists: a name that no bundler and no type checker resolves. */
const load = async <T>(specifier: string): Promise<T> => (await import(specifier)) as T

type Opens = new (path: string) => SqliteDatabase & { close(): void }
const inMemory = (what: string, Database: Opens): Store => ({
  what,
  make: async () => {
    const db = new Database(':memory:')
    return { storage: sqliteStorage(db), close: async () => db.close() }
  },
})

const stores: Store[] = []
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major > 22 || (major === 22 && minor >= 13))
  stores.push(
    inMemory('SQLite, node:sqlite', (await load<{ DatabaseSync: Opens }>('node:sqlite')).DatabaseSync),
  )
stores.push(inMemory('SQLite, libsql', (await load<{ default: Opens }>('libsql')).default))

const folder = mkdtempSync(join(tmpdir(), 'ccass-2fa-'))
const { createClient } = await load<{
  createClient: (config: { url: string }) => Parameters<typeof sqliteAsyncStorage>[0] & { close(): void }
}>('@libsql/client')
let files = 0
stores.push({
  what: 'SQLite, @libsql/client',
  make: async () => {
    const client = createClient({ url: `file:${join(folder, `${++files}.db`)}` })
    return { storage: sqliteAsyncStorage(client), close: async () => client.close() }
  },
})

type Pool = Parameters<typeof postgresStorage>[0] & { end(): Promise<void> }
const { default: pg } = await load<{
  default: { Pool: new (options: { connectionString: string; max: number }) => Pool }
}>('pg')
const connectionString = process.env['POSTGRES_URL'] ?? ''
const [first, second] = [
  new pg.Pool({ connectionString, max: 10 }),
  new pg.Pool({ connectionString, max: 10 }),
]
let schemas = 0
stores.push({
  what: 'PostgreSQL, pg',
  make: async () => {
    const schema = `node_${process.pid}_${++schemas}`
    await migratePostgres(first, { schema })
    return {
      storage: postgresStorage(first, { schema }),
      second: async () => postgresStorage(second, { schema }),
    }
  },
})

const outcomes = await trial({
  stores,
  hashers: [
    { what: 'scrypt', hasher: scryptHasher({ logN: 6 }) },
    { what: 'argon2', hasher: argon2Hasher({ memoryKiB: 1_024, passes: 1, lanes: 1 }) },
  ],
  secretBox: { what: 'node-crypto', make: nodeCryptoSecretBox },
})
await first.end()
await second.end()
rmSync(folder, { recursive: true, force: true })
console.log(JSON.stringify(outcomes))
process.exit(0)
