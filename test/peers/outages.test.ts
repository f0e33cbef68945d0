/**
 * What dies in the middle of a storm: processes, by SIGKILL, over and over; the database, stopped as by a crash and
 * started; the database for good, its replica promoted. Afterwards nothing answered is missing.
 * Run by `STORMS=1 vitest run --config test/peers/vitest.config.ts`; `STORM_KILLS` lessens the kills.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LedgerLine } from '../../examples/service/load/ledger.ts'
import { told } from '../../examples/service/verify/figures.ts'
import { type Verified, verifyStore } from '../../examples/service/verify/verify-store.ts'
import { good } from '../support/test-service.ts'
import { once, type PostgresServer, startPostgres } from './support/postgres.ts'
import { until } from './support/programs.ts'
import { type Crew, crew, type Worker } from './support/storm-crew.ts'
import type { StormHolder } from './support/storm-holder.ts'

const kills = Number(process.env['STORM_KILLS'] ?? 100)
/** Enough that most sign-ins meet no one, few enough that many do. */
const people = 16

describe.skipIf(process.env['STORMS'] !== '1')('in the middle of a storm, asked for with STORMS=1', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server?.close())

  /** Half with an app, half with codes by mail. */
  const holders = async ({ acts }: Crew): Promise<readonly StormHolder[]> => {
    const found: StormHolder[] = []
    for (let i = 0; i < people; i++) {
      const userId = `B012${i % 4}0${String(i).padStart(2, '0')}`
      await good(acts.register(userId))
      const holder = await acts.setUp(userId, i % 2 === 0 ? 'MobileApp' : 'Email')
      if (holder === undefined) throw new Error(`${userId} was not set up`)
      found.push(holder)
    }
    return found
  }

  /** Traffic in every process of a crew, while something happens; each that is left is waited for at the end. */
  const storming = async (all: Crew, what: (busy: (worker: Worker) => void) => Promise<void>) => {
    const known = await holders(all)
    const work = new Map<Worker, Promise<void>>()
    const busy = (worker: Worker) => {
      const done = worker.tell({ do: 'traffic', holders: known })
      done.catch(() => {})
      work.set(worker, done)
    }
    for (const worker of all.workers) busy(worker)
    await more(all, 200)
    await what(busy)
    const left = all.workers.filter((worker) => worker.alive())
    await Promise.all(left.map((worker) => worker.tell({ do: 'end' })))
    await Promise.all(left.map((worker) => work.get(worker)))
  }

  /** Waits for so many answers more. */
  const more = (all: Crew, answers: number) => {
    const enough = all.answers() + answers
    return until('there is traffic', async () => {
      if (all.answers() < enough) throw new Error('not yet')
    })
  }

  const so = (name: string, verified: Verified, lines: readonly LedgerLine[]) => {
    const ok = lines.filter(
      (line) => line.operation === 'sign-in/otp' && 'answer' in line && line.answer === 'ok',
    )
    const open = lines.filter((line) => 'answer' in line && line.answer === 'port-failed')
    console.log(
      `${name}: ${ok.length} sign-ins answered, ${open.length} acts refused as port-failed\n  ${told(verified).join('\n  ')}`,
    )
    expect(verified.problems).toEqual([])
    expect(verified.notices.lost).toBe(0)
    expect(ok.length).toBeGreaterThan(20)
  }

  /** What was claimed by the dead is free again after a minute of theirs, and is sent by anyone who lives: how many. */
  const sendTheRest = async (all: Crew, url: string): Promise<number> => {
    let delivered = 0
    await until('every notice is sent', async () => {
      delivered += (await good(all.own.auth.outbox.deliver())).delivered
      const [{ waiting } = {}] = await once(url, 'SELECT count(*)::int AS waiting FROM ccass_2fa.notice')
      if (waiting !== 0) throw new Error('not yet')
    })
    return delivered
  }

  test(`LOCK-09, API-02, LOCK-11 · ${kills} processes killed, one after the other: nothing answered is missing, every notice is sent`, async () => {
    const url = await server.database()
    const all = await crew([url])
    await storming(all, async (busy) => {
      for (let killed = 0; killed < kills; killed++) {
        const victim = killed % all.workers.length
        await pause(Math.random() * 150)
        await all.workers[victim]?.kill()
        const next = await all.start()
        busy(next)
        all.workers[victim] = next
      }
    })
    const left = await sendTheRest(all, url)
    const verified = await verifyStore(all.own.storage, all.lines(), true)
    so(`${kills} kills; ${left} notices were left behind`, verified, all.lines())
    await all.close()
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
    so('three crashes', await verifyStore(all.own.storage, all.lines(), true), all.lines())
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
    so('a replica promoted', await verifyStore(all.own.storage, all.lines(), true), all.lines())
    await all.close()
    await server.start()
  })
})
