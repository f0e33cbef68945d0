/**
 * Run by Bun: the storage contract over `bun:sqlite`, and over Bun.SQL if `POSTGRES_URL` names a server; and
 * the hasher contract over the hashers without native packages. Prints each failing case, and exits with 1 if
 * there is any.
 */

import { pbkdf2Hasher } from '../../../src/adapters/pbkdf2.ts'
import { scryptHasher } from '../../../src/adapters/scrypt.ts'
import { migratePostgres, postgresStorage } from '../../../src/stores/postgres.ts'
import { type SqliteDatabase, sqliteStorage } from '../../../src/stores/sqlite.ts'
import type { ContractCase } from '../../../src/testing/contract.ts'
import { hasherContract } from '../../../src/testing/hasher-contract.ts'
import { storageContract } from '../../../src/testing/storage-contract.ts'

let failed = 0
const run = async (what: string, cases: readonly ContractCase[]) => {
  let passed = 0
  for (const each of cases)
    try {
      await each.run()
      passed++
    } catch (error) {
      failed++
      console.log(`${what} · ${each.name}: ${error}`)
    }
  console.log(`${what}: ${passed} of ${cases.length}`)
}

// A computed name that TypeScript does not resolve, because Bun's types are not installed.
const load = (specifier: string): Promise<Record<string, never>> => import(specifier)
const { Database } = (await load('bun:sqlite')) as unknown as {
  readonly Database: new (path: string, options?: object) => SqliteDatabase & { close(): void }
}
const inMemory = (options?: object) => async () => {
  const db = options === undefined ? new Database(':memory:') : new Database(':memory:', options)
  return { storage: sqliteStorage(db), close: async () => db.close() }
}
await run('bun:sqlite', storageContract(inMemory()))
await run(
  'bun:sqlite, safeIntegers',
  storageContract(inMemory({ safeIntegers: true, create: true, readwrite: true })),
)
await run(
  'scrypt',
  hasherContract(async () => ({ hasher: scryptHasher({ logN: 6 }) })),
)
await run(
  'pbkdf2',
  hasherContract(async () => ({ hasher: pbkdf2Hasher({ iterations: 1_000 }) })),
)

const url = process.env['POSTGRES_URL']
if (url !== undefined) {
  const { SQL } = (await load('bun')) as unknown as {
    readonly SQL: new (
      url: string,
      options?: object,
    ) => Parameters<typeof postgresStorage>[0] & { close(): Promise<void> }
  }
  const [first, second] = [new SQL(url, { max: 10 }), new SQL(url, { max: 10 })]
  let schemas = 0
  await run(
    'Bun.SQL',
    storageContract(async () => {
      const schema = `bun_${process.pid}_${++schemas}`
      await migratePostgres(first, { schema })
      return {
        storage: postgresStorage(first, { schema }),
        second: async () => postgresStorage(second, { schema }),
      }
    }),
  )
  await first.close()
  await second.close()
}
process.exit(failed === 0 ? 0 : 1)
