/**
 * A real PostgreSQL, straight and through PgBouncer in transaction mode.
 * Run by `POSTGRES=1 vitest run --config test/peers/vitest.config.ts`; both must be installed.
 */
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { migratePostgres, postgresStorage } from '../../src/adapters/postgres.ts'
import type { StorageUnderTest } from '../../src/testing/storage-contract/fixtures.ts'
import { storageContract } from '../../src/testing/storage-contract.ts'
import { type PostgresServer, startPostgres } from './support/postgres.ts'

const asked = process.env['POSTGRES'] === '1'
let server: PostgresServer
let pools: [straight: Pool, other: Pool, bounced: Pool, otherBounced: Pool]
let schemas = 0

beforeAll(async () => {
  if (!asked) return
  server = await startPostgres()
  const bouncer = await server.bouncer()
  const pool = (connectionString: string) => new Pool({ connectionString, max: 10 })
  pools = [pool(server.url()), pool(server.url()), pool(bouncer.url()), pool(bouncer.url())]
})
afterAll(async () => {
  for (const pool of pools ?? []) await pool.end()
  await server?.close()
})

const fresh = (first: 0 | 2, second: 1 | 3, partitions?: number) => async (): Promise<StorageUnderTest> => {
  const schema = `contract_${++schemas}`
  await migratePostgres(pools[first], { schema, ...(partitions === undefined ? {} : { partitions }) })
  return {
    storage: postgresStorage(pools[first], { schema }),
    second: async () => postgresStorage(pools[second], { schema }),
    close: async () => void (await pools[0].query(`DROP SCHEMA ${schema} CASCADE`)),
  }
}

describe.skipIf(!asked)('PostgreSQL, asked for with POSTGRES=1', () => {
  describe('straight, two pools', () => {
    for (const { name, run } of storageContract(fresh(0, 1))) test(`LOCK-09 · ${name}`, run)
  })
  describe('in four partitions, two pools', () => {
    for (const { name, run } of storageContract(fresh(0, 1, 4))) test(`LOCK-09 · ${name}`, run)
  })
  describe('through PgBouncer in transaction mode, two pools', () => {
    for (const { name, run } of storageContract(fresh(2, 3))) test(`LOCK-09 · ${name}`, run)
  })
})
