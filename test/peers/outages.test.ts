/**
 * Outages during a storm: processes killed by SIGKILL, repeatedly; the database stopped as by a crash and
 * restarted; PgBouncer; a power loss; the database lost permanently and its replica promoted. Afterwards no
 * confirmed result is missing. Run by `STORMS=1 vitest run --config test/peers/vitest.config.ts`;
 * `STORM_KILLS` and `STORM_POWER_LOSSES` reduce the rounds.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { diskOf } from './support/disk.ts'
import { expectNothingMissing, more, sendTheRest, storming } from './support/outage-storm.ts'
import { type PostgresServer, startPostgres } from './support/postgres.ts'
import { ownerOf } from './support/programs.ts'
import { type Crew, crew } from './support/storm-crew.ts'

const kills = Number(process.env['STORM_KILLS'] ?? 100)
const killsBehindPgBouncer = Math.ceil(kills / 4)
const powerLosses = Number(process.env['STORM_POWER_LOSSES'] ?? 20)

describe.skipIf(process.env['STORMS'] !== '1')('during a storm, with STORMS=1', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server?.close())

  /** Kills a number of processes of a crew, one after the other; each is replaced. */
  const killing = (all: Crew, times: number, meanwhile: (killed: number) => Promise<void> = async () => {}) =>
    storming(all, async (busy) => {
      for (let killed = 0; killed < times; killed++) {
        const victim = killed % all.workers.length
        await pause(Math.random() * 150)
        await all.workers[victim]?.kill()
        const next = await all.start()
        busy(next)
        all.workers[victim] = next
        await meanwhile(killed + 1)
      }
    })

  test(`LOCK-09, API-02, LOCK-11 · ${kills} processes killed, one after the other: nothing answered is missing, every notice is sent`, async () => {
    const url = await server.database()
    const all = await crew([url])
    await killing(all, kills)
    const left = await sendTheRest(all, url)
    await expectNothingMissing(`${kills} kills; ${left} notices were left behind`, all)
    await all.close()
  }, 400_000)

  test(`LOCK-09, API-02, LOCK-11 · ${killsBehindPgBouncer} processes killed behind PgBouncer in transaction mode, PgBouncer and the database killed four times: nothing that was answered is missing, every notice is sent`, async () => {
    const url = await server.database()
    const bouncer = await server.bouncer()
    const all = await crew([bouncer.url(new URL(url).pathname.slice(1))])
    await killing(all, killsBehindPgBouncer, async (killed) => {
      if (killed % Math.ceil(killsBehindPgBouncer / 4) !== 0) return
      await bouncer.crash()
      await more(all, 50)
      await server.restart('killed')
      await more(all, 50)
    })
    const left = await sendTheRest(all, url)
    await expectNothingMissing(
      `${killsBehindPgBouncer} kills behind PgBouncer, four of it and of the database; ${left} notices were left behind`,
      all,
    )
    await all.close()
    await bouncer.stop()
  }, 400_000)

  test(`LOCK-09, API-02 · the power fails ${powerLosses} times, and everything not synchronised is lost: nothing that was answered is missing`, async () => {
    const disk = diskOf(ownerOf())
    const powered = await startPostgres({ settings: { fsync: 'on', max_wal_size: '96MB' }, disk })
    try {
      const url = await powered.database()
      const all = await crew([url])
      await storming(all, async () => {
        for (let i = 0; i < powerLosses; i++) {
          await pause(Math.random() * 300)
          disk.loseThePower()
          await powered.stop('killed')
          await disk.comeBack()
          await powered.start()
          await more(all, 100)
        }
      })
      await sendTheRest(all, url)
      await expectNothingMissing(`${powerLosses} power losses`, all)
      await all.close()
    } finally {
      await powered.close()
    }
  }, 400_000)

  test('LOCK-09, API-02 · the database crashes and restarts three times: nothing that was answered is missing', async () => {
    const url = await server.database()
    const all = await crew([url])
    await storming(all, async () => {
      for (let i = 0; i < 3; i++) {
        await pause(300)
        await server.restart('immediate')
        await more(all, 200)
      }
    })
    await sendTheRest(all, url)
    await expectNothingMissing('three crashes', all)
    await all.close()
  })

  test('LOCK-09, API-02 · the database is gone for good, and its replica promoted: nothing answered is missing', async () => {
    const url = await server.database()
    const replica = await server.replica()
    const there = replica.url(new URL(url).pathname.slice(1))
    const all = await crew([url, there])
    await storming(all, async () => {
      await pause(300)
      await server.stop('immediate')
      await replica.promote()
      await more(all, 500)
    })
    await sendTheRest(all, there)
    await expectNothingMissing('a replica promoted', all)
    await all.close()
    await server.start()
  })
})
