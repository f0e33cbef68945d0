/** One run of the whole service in several processes, and the properties that must hold. */
import { defaultPolicy } from '../../src/policy/policy.ts'
import type { StoragePort } from '../../src/ports/storage.ts'
import { memoryStorage } from '../../src/stores/memory.ts'
import { Actors, administrators, holders, participant, textsOver } from './actors.ts'
import type { Holdings } from './operations.ts'
import type { Plan, Task } from './plan.ts'
import type { Sent, Weather } from './ports.ts'
import { Scheduler, seeded } from './scheduler.ts'
import { type Sabotage, Service } from './service.ts'
import { type UnderWay, Watch } from './watch.ts'

/** The results of a run. */
export interface Outcome {
  readonly operations: number
  readonly steps: number
  /** The faults that occurred, by kind and opportunity. */
  readonly struck: readonly string[]
  /** Distinct states of accounts. */
  readonly states: ReadonlySet<string>
  /** The violated properties, by name, with details. */
  readonly broken: ReadonlyMap<string, string>
  readonly trace: readonly string[]
}

const storm: Weather = { lostAnswer: 0.01, storageDown: 0.01, mailDown: 0.1, mailSlow: 0.02, crash: 0.02 }
const calm: Weather = { lostAnswer: 0, storageDown: 0, mailDown: 0, mailSlow: 0, crash: 0 }
const maximum = 12
const start = Date.UTC(2023, 5, 6, 2)

/** Tasks of one actor run sequentially; actors run concurrently. */
const byActor = (tasks: readonly Task[]) => {
  const actors = new Map<string, Task[]>()
  for (const task of tasks) actors.set(task.actor, [...(actors.get(task.actor) ?? []), task])
  return [...actors.values()]
}

/** Whether notices were sent more often than faults explain. */
const noticeWatch = (report: (name: string, detail: string) => void) => {
  const senders = new Map<string, string>()
  const excused = new Set<string>()
  let clocksJumped = false
  return {
    sending: (id: string, process: string) => {
      if (senders.has(id) && !excused.has(id) && !clocksJumped)
        report('LOCK-11 a notice is sent twice only after a fault', id)
      senders.set(id, process)
      excused.delete(id)
    },
    excused: (id: string) => void excused.add(id),
    onDeath: (process: string) => {
      for (const [id, sender] of senders) if (sender === process) excused.add(id)
    },
    onJump: () => {
      clocksJumped = true
    },
  }
}

/** Runs a plan. The same plan gives the same trace, byte by byte. */
export const simulate = async (plan: Plan, sabotage: Sabotage = (ports) => ports): Promise<Outcome> => {
  const { seed, order, processes, prepared, tasks, faults } = plan
  const sim = new Scheduler({ seed, order, now: start, faults })
  const broken = new Map<string, string>()
  const report = (name: string, detail: string) => {
    if (!broken.has(name)) sim.note(`BROKEN ${name}: ${detail}`)
    broken.set(name, broken.get(name) ?? detail)
  }
  const storage: StoragePort = memoryStorage()
  const sent: Sent[] = []
  let weather = calm
  const watch = new Watch(start, defaultPolicy, report)
  const notices = noticeWatch(report)
  const held: Holdings = {
    ...{
      challenges: new Map(),
      sessions: new Map(),
      requests: new Map(),
      reviews: new Map(),
      codes: new Map(),
    },
    textOf: (code, digits) => textOf(code, digits),
  }
  const textOf = textsOver(held.codes, sent)
  const service = new Service(
    {
      ...{ sim, seed, watch, held, sabotage, onDeath: notices.onDeath, weather: () => weather },
      shared: {
        ...{ storage, sent, weather: () => weather, sending: notices.sending, excused: notices.excused },
        committed: (commit, by) => {
          const types = commit.writes.flatMap(({ entries }) => entries.map(({ event }) => event.type))
          sim.note(`${by?.process} commits ${types.join(', ')}`)
          watch.committed(commit, by as UnderWay | undefined)
        },
      },
      onJump: notices.onJump,
    },
    processes,
  )
  const actors = new Actors({ sim, service, watch, held, sent })
  const random = seeded(seed + 11)

  const beginning = async () => {
    await actors.setMaximum(maximum, random)
    for (const userId of [...administrators, ...holders]) await actors.register(userId, random)
    // Everyone who works in DMS has signed in; some of the others have set up 2FA.
    for (const userId of administrators)
      if (tasks.some(({ role }) => role.startsWith('DMS'))) {
        await actors.setUp(userId, random)
        await actors.signIn(userId, random)
      }
    for (const [n, userId] of holders.entries()) if (n < prepared) await actors.setUp(userId, random)
  }
  const end = async () => {
    service.renew()
    await sim.step('environment', 'two days pass', 172_800_000)
    await actors.deliver(random)
    for (const userId of holders) {
      await actors.enable(userId, random)
      await actors.unlock(userId, random)
      if (!((await actors.setUp(userId, random)) && (await actors.signIn(userId, random))))
        report('every holder gets back in', userId)
    }
    const id = 'end'
    const verified = await service.perform({ op: 'read', id, what: 'verify' }, random, (auth) =>
      auth.audit.verify({ participant, limit: 1_000 }),
    )
    const findings = verified.value?.findings
    if (findings === undefined || findings.length > 0)
      report('AUD-01 records are the fold of their trails', JSON.stringify(findings?.slice(0, 2)))
    await actors.deliver(random)
    const sentOf = new Map<string, Set<string>>()
    for (const { mail, id: notice } of sent)
      if (notice !== undefined && 'userId' in mail) {
        const name = `${mail.type} ${mail.userId}`
        sentOf.set(name, (sentOf.get(name) ?? new Set()).add(notice))
      }
    for (const [name, called] of watch.called)
      if ((sentOf.get(name)?.size ?? 0) < called && isWanted(name))
        report('LOCK-11 every notice is sent', `${name}: ${sentOf.get(name)?.size ?? 0} of ${called}`)
  }
  await sim.run(beginning())
  weather = storm
  await sim.run(
    Promise.all(
      byActor(tasks).map(async (list) => {
        for (const task of list) await actors.take(task)
      }),
    ),
  )
  weather = calm
  await sim.run(end())
  const { operations } = service
  return { operations, steps: sim.steps, struck: sim.struck, states: watch.states, broken, trace: sim.trace }
}

/** Whether the policy wants a kind of notice sent. */
const isWanted = (name: string) =>
  defaultPolicy.notices.credentialChanges || !name.startsWith('credential-changed')
