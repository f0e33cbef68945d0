/** Several processes of the service on one storage: they die and restart, and their clocks jump. */
import type { ResultAsync } from 'neverthrow'
import { defineTimeline } from '../../src/access-control/timeline.ts'
import {
  type Authentication,
  type AuthenticationOptions,
  createAuthentication,
} from '../../src/authentication.ts'
import type { Performed } from './model.ts'
import { ask, type Holdings } from './operations.ts'
import { currentOperation, portsOf, type Shared, type Weather } from './ports.ts'
import { type Scheduler, seeded } from './scheduler.ts'
import type { Answer, UnderWay, Watch } from './watch.ts'

/** A deliberate fault: the ports that a process gets instead of its own. */
export type Sabotage = (ports: AuthenticationOptions) => AuthenticationOptions

const timeline = defineTimeline({
  launch: Date.parse('2023-06-05T09:00:00+08:00'),
  decommissioning: Date.parse('2023-12-04T00:00:00+08:00'),
})._unsafeUnwrap()

interface Process {
  readonly name: string
  readonly auth: Authentication
  readonly dead: Promise<'dead'>
  readonly die: () => void
  readonly jump: (milliseconds: number) => void
}

/** What a service needs in addition to its storage. */
export interface Running {
  readonly sim: Scheduler
  readonly seed: number
  readonly watch: Watch
  readonly shared: Shared
  readonly weather: () => Weather
  readonly held: Holdings
  readonly sabotage: Sabotage
  readonly onDeath: (process: string) => void
  readonly onJump: () => void
}

const uncertain: readonly string[] = ['port-failed', 'internal-error']

/** The service, as its callers see it. */
export class Service {
  operations = 0
  readonly #running: Running
  readonly #count: number
  #born = 0
  #processes: Process[]

  constructor(running: Running, count: number) {
    this.#running = running
    this.#count = count
    this.#processes = Array.from({ length: count }, () => this.#start())
  }

  #start(): Process {
    const { sim, seed, shared, sabotage, onDeath } = this.#running
    const name = `p${++this.#born}`
    const own = seed * 101 + this.#born
    let die = () => {}
    const dead = new Promise<'dead'>((resolve) => {
      die = () => {
        sim.kill(name)
        onDeath(name)
        resolve('dead')
      }
    })
    const { ports, jump } = portsOf(sim, name, own, shared)
    // Every second process has a record cache.
    const recordCache = seeded(own)() < 0.5
    const auth = createAuthentication({ ...sabotage(ports), timeline, recordCache })
    return { name, auth, dead, die, jump }
  }

  /** A process dies and is started again. */
  restart(place: number): void {
    const index = place % this.#count
    this.#processes[index]?.die()
    this.#processes[index] = this.#start()
  }

  /** The clock of a process jumps. */
  jump(place: number, milliseconds: number): void {
    const process = this.#processes[place % this.#count] as Process
    this.#running.sim.note(`the clock of ${process.name} jumps by ${milliseconds} ms`)
    process.jump(milliseconds)
    this.#running.onJump()
  }

  /** Restarts all processes with correct clocks. */
  renew(): void {
    for (const process of this.#processes) process.die()
    this.#processes = this.#processes.map(() => this.#start())
  }

  /** Runs an operation in a process, and returns what the caller then knows of it. */
  async perform<T = object>(
    operation: Performed,
    random: () => number,
    how?: (auth: Authentication) => ResultAsync<T, { readonly code: string }>,
  ): Promise<Answer & { readonly value?: T }> {
    const { sim, weather, watch, held } = this.#running
    const place = Math.floor(random() * this.#count)
    const process = this.#processes[place] as Process
    this.operations += 1
    if (sim.strikes('crash', weather().crash))
      void sim.step('environment', 'crash', Math.floor(sim.random() * 60)).then(() => {
        if (this.#processes[place] === process) this.restart(place)
      })
    const underWay: UnderWay = {
      ...{ process: process.name, reads: new Set<number>(), operation },
      since: watch.versions.length,
    }
    const label = `${process.name} ${operation.op} ${operation.op === 'read' ? operation.what : operation.id}`
    sim.note(`> ${label}`)
    const run = () => (how ?? ((auth) => ask(auth, held, operation) as never))(process.auth)
    const result = await Promise.race([currentOperation.run(underWay, run), process.dead])
    const answer: Answer & { readonly value?: T } =
      result === 'dead'
        ? { kind: 'unknown', code: 'crashed' }
        : result.match<Answer & { readonly value?: T }>(
            (value) => {
              const { next } = value as { readonly next?: string }
              return {
                kind: 'accepted',
                value,
                ...(next === undefined || operation.op === 'read' ? {} : { next }),
              }
            },
            ({ code }) => ({ kind: uncertain.includes(code) ? 'unknown' : 'refused', code }),
          )
    sim.note(`< ${label}: ${answer.kind === 'accepted' ? 'accepted' : answer.code}`)
    watch.answered(underWay, answer)
    if (answer.kind === 'accepted') (answer.value as { readonly bind?: () => void }).bind?.()
    return answer
  }
}
