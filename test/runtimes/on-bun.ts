/** Runs on Bun: its own SQLite and its own PostgreSQL client. */
import { nodeCryptoSecretBox } from 'ccass-2fa/node-crypto'
import { migratePostgres, postgresStorage } from 'ccass-2fa/postgres'
import { scryptHasher } from 'ccass-2fa/scrypt'
import { type SqliteDatabase, sqliteStorage } from 'ccass-2fa/sqlite'
import { trial } from './trial.ts'

const load = async <T>(specifier: string): Promise<T> => (await import(specifier)) as T
const { Database } = await load<{
  Database: new (path: string, options?: object) => SqliteDatabase & { close(): void }
}>('bun:sqlite')
const inMemory = (options?: object) => async () => {
  const db = options === undefined ? new Database(':memory:') : new Database(':memory:', options)
  return { storage: sqliteStorage(db), close: async () => db.close() }
}

const { SQL } = await load<{
  SQL: new (
    url: string,
    options: object,
  ) => Parameters<typeof postgresStorage>[0] & { close(): Promise<void> }
}>('bun')
const url = process.env['POSTGRES_URL'] ?? ''
const [first, second] = [new SQL(url, { max: 10 }), new SQL(url, { max: 10 })]
let schemas = 0
const bunSql = async () => {
  const schema = `bun_${process.pid}_${++schemas}`
  await migratePostgres(first, { schema })
  return {
    storage: postgresStorage(first, { schema }),
    second: async () => postgresStorage(second, { schema }),
  }
}

const outcomes = await trial({
  stores: [
    { what: 'SQLite, bun:sqlite', make: inMemory() },
    {
      what: 'SQLite, bun:sqlite with safeIntegers',
      make: inMemory({ safeIntegers: true, create: true, readwrite: true }),
    },
    { what: 'PostgreSQL, Bun.SQL', make: bunSql },
  ],
  hashers: [{ what: 'scrypt', hasher: scryptHasher({ logN: 6 }) }],
  secretBox: { what: 'node-crypto', make: nodeCryptoSecretBox },
})
await first.close()
await second.close()
console.log(JSON.stringify(outcomes))
process.exit(0)
