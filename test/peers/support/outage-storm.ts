/** A storm in which something dies: traffic from every process, the outage in the middle of it, and what must hold afterwards. */
import { expect } from 'vitest'
import type { LedgerLine } from '../../../examples/service/load/ledger.ts'
import { told } from '../../../examples/service/verify/figures.ts'
import { verifyStore } from '../../../examples/service/verify/verify-store.ts'
import { good } from '../../support/test-service.ts'
import { once } from './postgres.ts'
import { until } from './programs.ts'
import type { Crew, Worker } from './storm-crew.ts'
import type { StormHolder } from './storm-holder.ts'

/** Enough that most sign-ins meet no one, few enough that many do. */
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

/** Waits for so many answers more: from services that do work again, however long an outage keeps them. */
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

/** Traffic in every process of a crew, while something happens; each that is left is waited for at the end. */
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

/** What was claimed by the dead is free again after a minute of theirs, and is sent by anyone who lives: how many. */
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

/** Once a storm is over: the figures in words; nothing answered is missing, nothing counted twice, every trail verifies. */
export const expectNothingMissing = async (name: string, all: Crew): Promise<void> => {
  const lines = all.lines()
  const verified = await verifyStore(all.own.storage, lines, true)
  const signIns = answered(lines, 'ok').filter(({ operation }) => operation === 'sign-in/otp')
  console.log(
    `${name}: ${signIns.length} sign-ins answered, ${answered(lines, 'port-failed').length} acts refused as port-failed\n  ${told(verified).join('\n  ')}`,
  )
  expect(verified.problems).toEqual([])
  expect(verified.notices.lost).toBe(0)
  expect(signIns.length).toBeGreaterThan(20)
}
