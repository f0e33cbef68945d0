/**
 * A real Citus cluster, wherever `CITUS_URL` names the coordinator of one: a database of its own is not needed, each
 * case makes a schema and distributes its tables as docs/storage.md says.
 * Run by `CITUS_URL=postgres://… vitest run --config test/peers/vitest.config.ts citus.test.ts`.
 */
import { afterAll, describe, test } from 'vitest'
import { postgresStorage } from '../../src/stores/postgres.ts'
import { serviceContract } from '../../src/testing/service-contract.ts'
import type { StorageUnderTest } from '../../src/testing/storage-contract/fixtures.ts'
import { storageContract } from '../../src/testing/storage-contract.ts'
import { distributed } from './support/citus.ts'
import { poolOf } from './support/grounds.ts'

const url = process.env['CITUS_URL'] ?? ''

describe.skipIf(url === '')('Citus, where CITUS_URL names a cluster', () => {
  const [first, second] = [poolOf(url), poolOf(url)]
  afterAll(async () => {
    await first.end()
    await second.end()
  })
  const fresh = async (): Promise<StorageUnderTest> => {
    const schema = await distributed(first)
    return {
      storage: postgresStorage(first, { schema }),
      second: async () => postgresStorage(second, { schema }),
      close: async () => void (await first.query(`DROP SCHEMA ${schema} CASCADE`)),
    }
  }
  for (const { name, run } of storageContract(fresh)) test(`LOCK-09 · ${name}`, run)
  for (const { name, run } of serviceContract(fresh)) test(`LOCK-09 · ${name}`, run)
})
