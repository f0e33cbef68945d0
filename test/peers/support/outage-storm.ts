/**
 * A storm with an outage: traffic from every process, the outage in the middle, and what must hold
 * afterwards.
 */
import { expect } from 'vitest'
import type { LedgerLine } from '../../../examples/service/load/ledger.ts'
import { summaryOf } from '../../../examples/service/verify/figures.ts'
import { verifyStore } from '../../../examples/service/verify/verify-store.ts'
import { good } from '../../support/test-service.ts'
import { once } from './postgres.ts'
import { until } from './programs.ts'
import type { Crew, Worker } from './storm-crew.ts'
import type { StormHolder } from './storm-holder.ts'

/** Enough that most sign-ins do not conflict, few enough that many do. */
const people = 16

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

/**
 * Waits for a number of further results from services that work again, regardless of how long the outage
 * takes.
 */
export const more = (all: Crew, answers: number, seconds = 30) => {
  const enough = all.answers() + answers
  return until(
    'there is traffic',
    async () => {
      if (all.answers() < enough) throw new Error('not yet')
    },
    seconds,
  )
}

/** Runs traffic in every process of a crew during an outage, and waits at the end for the remaining ones. */
export const storming = async (all: Crew, what: (busy: (worker: Worker) => void) => Promise<void>) => {
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

/** Sends the notices whose claims expire a minute after their processes died. Returns how many. */
export const sendTheRest = async (all: Crew, url: string): Promise<number> => {
  let delivered = 0
  await until('every notice is sent', async () => {
    delivered += (await good(all.own.auth.outbox.deliver())).delivered
    const [{ waiting } = {}] = await once(url, 'SELECT count(*)::int AS waiting FROM ccass_2fa.notice')
    if (waiting !== 0) throw new Error('not yet')
  })
  return delivered
}

const answered = (lines: readonly LedgerLine[], is: string) =>
  lines.filter((line) => 'answer' in line && line.answer === is)

/**
 * Verifies after a storm: no confirmed result is missing, nothing is counted twice, every trail verifies.
 * Returns the figures as text.
 */
export const expectNothingMissing = async (name: string, all: Crew): Promise<void> => {
  const lines = all.lines()
  const verified = await verifyStore(all.own.storage, lines, true)
  const signIns = answered(lines, 'ok').filter(({ operation }) => operation === 'sign-in/otp')
  console.log(
    `${name}: ${signIns.length} sign-ins answered, ${answered(lines, 'port-failed').length} acts refused as port-failed\n  ${summaryOf(verified).join('\n  ')}`,
  )
  expect(verified.problems).toEqual([])
  expect(verified.notices.lost).toBe(0)
  expect(signIns.length).toBeGreaterThan(20)
}
