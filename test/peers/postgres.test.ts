/**
 * A real PostgreSQL, directly and through PgBouncer in transaction mode; `support/start.ts` starts them.
 * Run by `POSTGRES=1 vitest run --config test/peers/vitest.config.ts`; both must be installed.
 */
import type { Pool } from 'pg'
import postgres from 'postgres'
import { afterAll, describe, expect, test } from 'vitest'
import type { StoragePort } from '../../src/index.ts'
import { migratePostgres, postgresStorage, preparedStatements } from '../../src/stores/postgres.ts'
import {
  accountAt,
  committed,
  everythingOf,
  loadOne,
  nextWrite,
  noticeOf,
  type StorageUnderTest,
} from '../../src/testing/storage-contract/fixtures.ts'
import { storageContract } from '../../src/testing/storage-contract.ts'
import { watchingPartitions } from '../support/postgres-clients.ts'
import { poolOf } from './support/postgres-test-beds.ts'

const asked = process.env['POSTGRES'] === '1'
const [url, bouncer] = [process.env['POSTGRES_URL'] ?? '', process.env['PGBOUNCER_URL'] ?? '']
const pools = [poolOf(url), poolOf(url), poolOf(bouncer), poolOf(bouncer)] as const
const [straight, other, bounced, otherBounced] = pools
let schemas = 0

afterAll(async () => {
  for (const pool of pools) await pool.end()
})

const made = async (pool: Pool, partitions?: number) => {
  const schema = `peer_${++schemas}`
  await migratePostgres(pool, { schema, ...(partitions === undefined ? {} : { partitions }) })
  return schema
}

const fresh = (first: Pool, second: Pool, partitions?: number) => async (): Promise<StorageUnderTest> => {
  const schema = await made(first, partitions)
  return {
    storage: postgresStorage(first, { schema }),
    second: async () => postgresStorage(second, { schema }),
    close: async () => void (await straight.query(`DROP SCHEMA ${schema} CASCADE`)),
  }
}

describe.skipIf(!asked)('PostgreSQL, with POSTGRES=1', () => {
  describe('directly, with two pools', () => {
    for (const { name, run } of storageContract(fresh(straight, other))) test(`LOCK-09 · ${name}`, run)
  })
  describe('in four partitions, with two pools', () => {
    for (const { name, run } of storageContract(fresh(straight, other, 4))) test(`LOCK-09 · ${name}`, run)
  })
  describe('directly, with named prepared statements', () => {
    const prepared = async (): Promise<StorageUnderTest> => {
      const schema = await made(straight)
      return {
        storage: postgresStorage(preparedStatements(straight), { schema }),
        second: async () => postgresStorage(preparedStatements(other), { schema }),
        close: async () => void (await straight.query(`DROP SCHEMA ${schema} CASCADE`)),
      }
    }
    for (const { name, run } of storageContract(prepared)) test(`LOCK-09 · ${name}`, run)
  })
  describe.each([
    ['straight', url, true],
    ['through PgBouncer in transaction mode, unprepared', bouncer, false],
  ] as const)('postgres.js, %s', (_, at, prepare) => {
    const [first, second] = [postgres(at, { prepare, max: 10 }), postgres(at, { prepare, max: 10 })]
    afterAll(async () => {
      await first.end()
      await second.end()
    })
    const make = async (): Promise<StorageUnderTest> => {
      const schema = `peer_${++schemas}`
      await migratePostgres(first, { schema })
      return {
        storage: postgresStorage(first, { schema }),
        second: async () => postgresStorage(second, { schema }),
        close: async () => void (await straight.query(`DROP SCHEMA ${schema} CASCADE`)),
      }
    }
    for (const { name, run } of storageContract(make)) test(`LOCK-09 · ${name}`, run)
  })
  describe('through PgBouncer in transaction mode, with two pools', () => {
    for (const { name, run } of storageContract(fresh(bounced, otherBounced))) test(`LOCK-09 · ${name}`, run)
  })
  describe('under a stricter isolation level than required', () => {
    const strict = new URL(url === '' ? 'postgres://none' : url)
    strict.searchParams.set('options', '-c default_transaction_isolation=serializable')
    const pool = poolOf(strict.href)
    afterAll(() => pool.end())
    const races = storageContract(fresh(pool, pool)).filter(({ name }) => /^(races|commits) ·/.test(name))
    for (const { name, run } of races) test(`LOCK-09 · ${name}`, run)
  })

  test('LOCK-09 · a race lost after a record was already written is a conflict and leaves nothing', async () => {
    const schema = await made(straight)
    const storage = postgresStorage(straight, { schema })
    const [a, b, c] = [accountAt('A'), accountAt('B'), accountAt('C')]
    const [first, second] = [nextWrite(a, undefined), nextWrite(b, undefined)]
    await committed(storage, [first, second])
    const before = await everythingOf(storage, [a, c])
    const holder = await other.connect()
    await holder.query('BEGIN')
    await holder.query(`UPDATE ${schema}.record SET version = 2 WHERE id = 'B'`)
    // A is written, B waits for the holder of the lock, and C would follow. By then, B has moved on.
    const outcome = storage.commit({
      writes: [nextWrite(a, first.record), nextWrite(b, second.record), nextWrite(c, undefined)],
      notices: [noticeOf('no')],
    })
    const waits = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%${schema}%'`
    await expect.poll(async () => (await straight.query(waits)).rowCount).toBe(1)
    await holder.query('COMMIT')
    holder.release()
    expect(await outcome).toBe('conflict')
    expect(await everythingOf(storage, [a, c])).toBe(before)
  })

  test('LOCK-09 · each statement of a waiting caller touches one partition', async () => {
    const schema = await made(straight, 8)
    const { touched, ...client } = watchingPartitions(async (work) => {
      const connection = await straight.connect()
      try {
        await connection.query('BEGIN')
        const done = await work(connection)
        await connection.query('COMMIT')
        return done
      } finally {
        connection.release()
      }
    }, schema)
    const storage = postgresStorage(client, { schema })
    const [a, b] = [accountAt('A'), accountAt('B')]
    const first = nextWrite(a, undefined)
    await storage.load([a, b])
    await committed(storage, [first], [noticeOf('told')])
    await committed(storage, [nextWrite(a, first.record), nextWrite(b, undefined)])
    await storage.list(a.participant, a.kind, { after: '', limit: 10 })
    await storage.trail(a, { after: 0, limit: 10 })
    await storage.settleNotice(noticeOf('told'))
    expect(touched).toHaveLength(6)
    for (const tables of touched)
      expect(new Set(tables.map((table) => table.replace(/^\w+_/, ''))).size).toBe(1)
  })

  test('LOCK-09 · thirty parallel starts, some through PgBouncer, make each step of the schema once', async () => {
    const schema = `peer_${++schemas}`
    await Promise.all(
      Array.from({ length: 30 }, (_, i) => migratePostgres(pools[i % 4] ?? straight, { schema })),
    )
    expect((await straight.query(`SELECT version FROM ${schema}.migration`)).rows).toEqual([
      { version: 1 },
      { version: 2 },
    ])
  })

  test('LOCK-09 · a role that may not create tables finds them complete, and reads and writes records', async () => {
    const schema = await made(straight)
    await straight.query(`
      DROP ROLE IF EXISTS service; CREATE ROLE service LOGIN;
      GRANT USAGE ON SCHEMA ${schema} TO service;
      GRANT SELECT ON ${schema}.migration TO service;
      GRANT SELECT, INSERT, UPDATE ON ${schema}.record TO service;
      GRANT SELECT, INSERT ON ${schema}.trail TO service;
      GRANT SELECT, INSERT, UPDATE, DELETE ON ${schema}.notice TO service;
      GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${schema} TO service`)
    const limited = new URL(url)
    limited.username = 'service'
    const pool = poolOf(limited.href)
    await migratePostgres(pool, { schema })
    const storage = postgresStorage(pool, { schema })
    const write = nextWrite(accountAt(), undefined)
    await committed(storage, [write], [noticeOf('told')])
    await committed(storage, [nextWrite(accountAt(), write.record)])
    expect(await storage.claimNotices({ now: 1, until: 2, limit: 9 })).toEqual([noticeOf('told')])
    await storage.settleNotice(noticeOf('told'))
    expect((await loadOne(storage, accountAt()))?.version).toBe(2)
    await expect(pool.query(`DELETE FROM ${schema}.trail`)).rejects.toThrow('permission denied')
    await expect(migratePostgres(pool, { schema: 'not_there' })).rejects.toThrow('permission denied')
    await pool.end()
  })
})

describe.skipIf(!asked)('the order of the journal', () => {
  const [early, late] = [accountAt('early'), accountAt('late')]
  const names = async (storage: StoragePort, from = '') =>
    (await storage.journal({ from, limit: 10 })).map(({ key }) => key.id)

  test('AUD-09 · an entry that commits later than it began is not skipped: the journal waits for it', async () => {
    const schema = await made(straight)
    const storage = postgresStorage(other, { schema })
    const slow = await straight.connect()
    await slow.query('BEGIN')
    await committed(postgresStorage(slow, { schema }), [nextWrite(early, undefined)])
    await committed(storage, [nextWrite(late, undefined)])
    // Both are written and one is committed. It is omitted, because the other one will have an earlier
    // position.
    expect(await names(storage)).toEqual([])
    await slow.query('COMMIT')
    await expect.poll(() => names(storage)).toEqual(['early', 'late'])

    // A transaction that is rolled back leaves no gap.
    await slow.query('BEGIN')
    await committed(postgresStorage(slow, { schema }), [nextWrite(accountAt('undone'), undefined)])
    await committed(storage, [nextWrite(accountAt('third'), undefined)])
    expect(await names(storage)).toEqual(['early', 'late'])
    await slow.query('ROLLBACK')
    slow.release()
    await expect.poll(() => names(storage)).toEqual(['early', 'late', 'third'])
  })

  test('AUD-09 · after a restore from a server with higher numbers everything is read from the beginning, and later entries follow it', async () => {
    const schema = await made(straight)
    const storage = postgresStorage(straight, { schema })
    for (const key of [early, late]) await committed(storage, [nextWrite(key, undefined)])
    await expect.poll(() => names(storage)).toEqual(['early', 'late'])
    const [, last] = await storage.journal({ from: '', limit: 10 })
    // As pg_dump and psql leave it: numbers of another server, beyond those of this one.
    await straight.query(`UPDATE ${schema}.trail SET transaction = '9000000000000000'`)
    expect(await names(storage)).toEqual([])
    await migratePostgres(straight, { schema })
    await committed(storage, [nextWrite(accountAt('new'), undefined)])
    await expect.poll(() => names(storage)).toEqual(['early', 'late', 'new'])
    // A former position has no entry now: the first entry is a different one, so that a reader notices.
    expect((await names(storage, last?.position))[0]).toBe('new')
  })
})
