/** Runs on Deno: the SQLite of its `node:sqlite`, and `postgres` (postgres.js). */
import { nodeCryptoSecretBox } from 'ccass-2fa/node-crypto'
import { migratePostgres, postgresStorage } from 'ccass-2fa/postgres'
import { scryptHasher } from 'ccass-2fa/scrypt'
import { type SqliteDatabase, sqliteStorage } from 'ccass-2fa/sqlite'
import { trial } from './trial.ts'

const load = async <T>(specifier: string): Promise<T> => (await import(specifier)) as T
const { DatabaseSync } = await load<{
  DatabaseSync: new (path: string) => SqliteDatabase & { close(): void }
}>('node:sqlite')
const { default: postgres } = await load<{
  default: (url: string, options: object) => Parameters<typeof postgresStorage>[0] & { end(): Promise<void> }
}>('postgres')
const url = process.env['POSTGRES_URL'] ?? ''
const [first, second] = [postgres(url, { max: 10 }), postgres(url, { max: 10 })]
let schemas = 0

const outcomes = await trial({
  stores: [
    {
      what: 'SQLite, node:sqlite',
      make: async () => {
        const db = new DatabaseSync(':memory:')
        return { storage: sqliteStorage(db), close: async () => db.close() }
      },
    },
    {
      what: 'PostgreSQL, postgres',
      make: async () => {
        const schema = `deno_${process.pid}_${++schemas}`
        await migratePostgres(first, { schema })
        return {
          storage: postgresStorage(first, { schema }),
          second: async () => postgresStorage(second, { schema }),
        }
      },
    },
  ],
  hashers: [{ what: 'scrypt', hasher: scryptHasher({ logN: 6 }) }],
  secretBox: { what: 'node-crypto', make: nodeCryptoSecretBox },
})
await first.end()
await second.end()
console.log(JSON.stringify(outcomes))
process.exit(0)
