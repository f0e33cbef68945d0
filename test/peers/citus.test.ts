/**
 * A real Citus cluster, if `CITUS_URL` names a coordinator. It needs no separate database: each case creates
 * a schema and distributes its tables as docs/storage.md describes.
 * Run by `CITUS_URL=postgres://… vitest run --config test/peers/vitest.config.ts citus.test.ts`.
 */
import { afterAll, describe, expect, test } from 'vitest'
import { migratePostgres, postgresStorage } from '../../src/stores/postgres.ts'
import { serviceContract } from '../../src/testing/service-contract.ts'
import {
  accountAt,
  committed,
  everythingOf,
  nextWrite,
  type StorageUnderTest,
} from '../../src/testing/storage-contract/fixtures.ts'
import { storageContract } from '../../src/testing/storage-contract.ts'
import { distributed } from './support/citus.ts'
import { poolOf } from './support/postgres-test-beds.ts'

const url = process.env['CITUS_URL'] ?? ''

describe.skipIf(url === '')('Citus, if CITUS_URL names a cluster', () => {
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
  // The journal is refused on distributed tables, so the next case replaces its cases.
  const ofJournal = ({ name }: { readonly name: string }) => /\bjournal\b/.test(name)
  const cases = storageContract(fresh)
  for (const { name, run } of cases.filter((each) => !ofJournal(each))) test(`LOCK-09 · ${name}`, run)
  test('AUD-09 · the journal, and audit.feed with it, is refused by name, as the nodes share no order', async () => {
    expect(cases.filter(ofJournal)).toHaveLength(4)
    const { storage, close } = await fresh()
    await expect(storage.journal({ from: '', limit: 1 })).rejects.toThrow(/is distributed by Citus/)
    await close?.()
  })
  test('LOCK-09 · migratePostgres changes nothing at a later start with distributed tables in use', async () => {
    const schema = await distributed(first)
    const storage = postgresStorage(first, { schema })
    const keys = [accountAt(), accountAt('BNK99901', 'BNK999'), accountAt('HKABC01', 'HKABC')]
    for (const key of keys) await committed(storage, [nextWrite(key, undefined)])
    const before = await everythingOf(storage, keys)
    await migratePostgres(second, { schema })
    expect(await everythingOf(storage, keys)).toBe(before)
    await first.query(`DROP SCHEMA ${schema} CASCADE`)
  })
  for (const { name, run } of serviceContract(fresh)) test(`LOCK-09 · ${name}`, run)
})
