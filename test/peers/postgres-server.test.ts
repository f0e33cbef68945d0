/** A PostgreSQL that stops, comes back, and is replaced by its replica; and how fast it is. Asked for with POSTGRES=1. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { migratePostgres, postgresStorage } from '../../src/adapters/postgres.ts'
import {
  accountAt,
  assertWhole,
  commitOf,
  committed,
  everythingOf,
  loadOne,
  nextWrite,
  noticeOf,
  same,
} from '../../src/testing/storage-contract/fixtures.ts'
import { poolOf } from './support/grounds.ts'
import { type PostgresServer, startPostgres } from './support/postgres.ts'
import { until } from './support/programs.ts'

const key = accountAt()

describe.skipIf(process.env['POSTGRES'] !== '1')('a server of one’s own', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server?.close())

  test.each(['fast', 'immediate'] as const)(
    'API-02 · it stops (%s) while commits are under way: each is answered or rejected, and what was answered is there',
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
          const act = `${i}-${n}`
          const outcome = await storage
            .commit(commitOf([nextWrite(mine, record, { act })]))
            .catch(() => 'rejected')
          if (outcome === 'committed') answers.push(act)
        }
      })
      await expect.poll(() => answers.length).toBeGreaterThan(50)
      await server.restart(how)
      const before = answers.length
      await expect.poll(() => answers.length, { timeout: 10_000 }).toBeGreaterThan(before + 50)
      on = false
      await Promise.all(writers)
      const trails = await Promise.all(writers.map((_, i) => assertWhole(storage, accountAt(`writer ${i}`))))
      const there = new Set(trails.flat().map(({ act }) => act))
      expect(answers.filter((act) => !there.has(act))).toEqual([])
      await pool.end()
    },
  )

  test('LOCK-09 · a replica that follows in step and is promoted has all that was answered, and goes on from there', async () => {
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

  test('LOCK-09 · a load and a commit cost little more than the bare statements', async () => {
    const pool = poolOf(await server.database(), 1)
    await migratePostgres(pool)
    const storage = postgresStorage(pool)
    const state = { stage: 'Active', text: 'x'.repeat(1_500) }
    const vault = { password: 'y'.repeat(100), totp: 'z'.repeat(100) }
    let write = nextWrite(key, undefined, { state, vault, entries: 2 })
    await committed(storage, [write])
    const where = 'participant = $1 AND kind = $2 AND id = $3'
    const at = [key.participant, key.kind, key.id]
    const json = (value: unknown) => JSON.stringify(value)
    let seq = 1_000_000
    const ours = {
      load: () => storage.load([key]),
      commit: async () => {
        write = nextWrite(key, write.record, { state, vault, entries: 2 })
        await committed(storage, [write])
      },
    }
    const bare = {
      load: () => pool.query(`SELECT * FROM ccass_2fa.record WHERE ${where}`, at),
      commit: async () => {
        await pool.query(`UPDATE ccass_2fa.record SET state = $4, vault = $5 WHERE ${where}`, [
          ...at,
          json(state),
          json(vault),
        ])
        const [one, two] = write.entries.map((entry) => json(entry))
        await pool.query('INSERT INTO ccass_2fa.trail VALUES ($1, $2, $3, $4, $5), ($1, $2, $3, $6, $7)', [
          ...at,
          ++seq,
          one,
          ++seq,
          two,
        ])
      },
    }
    const time = async (work: () => Promise<unknown>, times = 400) => {
      const begun = performance.now()
      for (let i = 0; i < times; i++) await work()
      return (performance.now() - begun) / times
    }
    const best: Record<string, number> = {}
    for (let round = 0; round < 5; round++)
      for (const [who, what] of [
        ['ours', ours],
        ['bare', bare],
      ] as const)
        for (const name of ['load', 'commit'] as const) {
          const ms = await time(what[name], round === 0 ? 100 : 400)
          best[`${who} ${name}`] = Math.min(best[`${who} ${name}`] ?? Number.POSITIVE_INFINITY, ms)
        }
    console.log(
      Object.entries(best)
        .map(([what, ms]) => `${what}: ${ms.toFixed(3)} ms`)
        .join('\n'),
    )
    same((await storage.load([key]))[0]?.vault, vault, 'it is there')
    await pool.end()
  })
})
