/** A PostgreSQL that stops, restarts, and is replaced by its replica; runs with POSTGRES=1. */
import { setTimeout } from 'node:timers/promises'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { migratePostgres, postgresStorage } from '../../src/stores/postgres.ts'
import {
  accountAt,
  assertWhole,
  commitOf,
  committed,
  everythingOf,
  loadOne,
  nextWrite,
  noticeOf,
} from '../../src/testing/storage-contract/fixtures.ts'
import { explaining } from '../support/statement-plans.ts'
import { type PostgresServer, startPostgres } from './support/postgres.ts'
import { poolOf } from './support/postgres-test-beds.ts'
import { until } from './support/programs.ts'

const key = accountAt()

describe.skipIf(process.env['POSTGRES'] !== '1')('PostgreSQL started by the test', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server?.close())

  test('AUD-01 · prepared, and with statistics from when there were a few rows, statements still find records by their whole key', async () => {
    const pool = new Pool({ connectionString: await server.database(), max: 1 })
    const read = await explaining(
      {
        query: (text, values) => pool.query(text, values ?? []),
        exec: (text) => pool.query(text),
      },
      1_600,
      'early',
    )
    await pool.end()
    for (const name of ['load · one record', 'commit · one record'])
      expect.soft(read[name]?.removed, `${name}: rows read in vain`).toBe(0)
    for (const [name, { removed }] of Object.entries(read))
      expect.soft(removed, `${name}: rows read in vain`).toBeLessThanOrEqual(20)
  }, 240_000)

  test.each(['fast', 'immediate'] as const)(
    'API-02 · when it stops (%s) during commits, each commit is answered or rejected, and every answered one is stored',
    async (how) => {
      const pool = poolOf(await server.database())
      await migratePostgres(pool)
      const storage = postgresStorage(pool)
      const answers: string[] = []
      let on = true
      const writers = Array.from({ length: 8 }, async (_, i) => {
        const mine = accountAt(`writer ${i}`)
        for (let n = 0; on; n++) {
          const record = await loadOne(storage, mine).catch(() => null)
          if (record === null) continue
          const operation = `${i}-${n}`
          const outcome = await storage
            .commit(commitOf([nextWrite(mine, record, { operation })]))
            .catch(() => 'rejected')
          if (outcome === 'committed') answers.push(operation)
        }
      })
      await expect.poll(() => answers.length).toBeGreaterThan(50)
      await server.restart(how)
      const before = answers.length
      await expect.poll(() => answers.length, { timeout: 10_000 }).toBeGreaterThan(before + 50)
      on = false
      await Promise.all(writers)
      const trails = await Promise.all(writers.map((_, i) => assertWhole(storage, accountAt(`writer ${i}`))))
      const there = new Set(trails.flat().map(({ operationId: operation }) => operation))
      expect(answers.filter((operation) => !there.has(operation))).toEqual([])
      await pool.end()
    },
  )

  test('LOCK-09 · a synchronous replica that is promoted has every answered commit, and serves requests', async () => {
    const url = await server.database()
    const [replica, bouncer] = [await server.replica(), await server.bouncer()]
    const database = new URL(url).pathname.slice(1)
    const pool = poolOf(bouncer.url(database))
    await migratePostgres(pool)
    const storage = postgresStorage(pool)
    await committed(storage, [nextWrite(key, undefined, { entries: 3 })], [noticeOf('told')])
    const before = await everythingOf(storage, [key])
    await server.stop('immediate')
    await replica.promote()
    bouncer.turnTo(replica)
    await until('the replica answers through PgBouncer', () => loadOne(storage, key))
    expect(await everythingOf(storage, [key])).toBe(before)
    await committed(storage, [nextWrite(key, await loadOne(storage, key))], [noticeOf('later')])
    await migratePostgres(pool)
    await pool.end()
    await server.start()
  })

  test('API-02 · a commit that only requires a record to be unchanged waits for the replica like one that writes', async () => {
    const primary = await startPostgres()
    try {
      const pool = poolOf(await primary.database())
      const replica = await primary.replica()
      await until('the pool answers again', () => migratePostgres(pool))
      const storage = postgresStorage(pool)
      const first = nextWrite(key, undefined)
      await committed(storage, [first])
      await replica.stop('fast')
      let answered = false
      const proved = storage.commit({
        ...{ writes: [], notices: [] },
        unchanged: [{ key, version: first.record.version }],
      })
      void proved.then(() => {
        answered = true
      })
      // Reads are answered without the replica.
      expect(await loadOne(storage, key)).toEqual(first.record)
      await setTimeout(1_000)
      expect(answered).toBe(false)
      await replica.start()
      expect(await proved).toBe('committed')
      await pool.end()
    } finally {
      await primary.close()
    }
  })
})
