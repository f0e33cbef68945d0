/**
 * A seeded scheduler: everything asynchronous waits here, and continues in an order that only the seed
 * determines.
 */

/** A seeded source of numbers from 0 to below 1 (mulberry32). */
export const seeded = (seed: number) => {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

interface Waiting {
  readonly process: string
  readonly label: string
  readonly at: number
  readonly go: () => void
}

/** How a run is scheduled. */
export interface Schedule {
  readonly seed: number
  /** A number that selects another order of the same work. */
  readonly order: number
  readonly now: number
  /** The faults that occur, by kind and opportunity (`crash 3`); absent: random. */
  readonly faults?: readonly string[] | undefined
}

/** Virtual time, waiting steps, and the trace of the order in which they continued. */
export class Scheduler {
  now: number
  readonly random: () => number
  readonly trace: string[] = []
  /** The faults that occurred, by kind and opportunity. */
  readonly struck: string[] = []
  steps = 0
  readonly #chance: () => number
  readonly #listed: ReadonlySet<string> | undefined
  readonly #opportunities = new Map<string, number>()
  #waiting: Waiting[] = []

  constructor({ seed, order, now, faults }: Schedule) {
    this.random = seeded(seed * 31 + order)
    this.#chance = seeded(seed * 31 + 7_919)
    this.#listed = faults === undefined ? undefined : new Set(faults)
    this.now = now
  }

  /** Whether a fault of a kind occurs at this opportunity. */
  strikes(kind: string, probability: number): boolean {
    if (probability === 0) return false
    const opportunity = (this.#opportunities.get(kind) ?? 0) + 1
    this.#opportunities.set(kind, opportunity)
    const name = `${kind} ${opportunity}`
    const struck = this.#listed === undefined ? this.#chance() < probability : this.#listed.has(name)
    if (struck) {
      this.struck.push(name)
      this.trace.push(`${this.now} ! ${name}`)
    }
    return struck
  }

  /** Adds a line to the trace. */
  note(line: string): void {
    this.trace.push(`${this.now} ${line}`)
  }

  /** A step that continues when the scheduler decides, after a minimum number of milliseconds. */
  step(process: string, label: string, after = 0): Promise<void> {
    return new Promise((go) => {
      this.#waiting.push({ process, label, at: this.now + after, go })
    })
  }

  /** Ends a process: its waiting steps never continue. */
  kill(process: string): void {
    this.#waiting = this.#waiting.filter((each) => each.process !== process)
    this.note(`${process} dies`)
  }

  /** Runs until a promise is settled and nothing else is due. */
  async run(done: Promise<unknown>, maxSteps = 200_000): Promise<void> {
    let over = false
    let failure: unknown
    done.then(
      () => {
        over = true
      },
      (error: unknown) => {
        over = true
        failure = error ?? new Error('the simulation failed')
      },
    )
    for (;;) {
      // Promises that can continue without the scheduler do so first: no port leaves this process.
      await new Promise<void>((resolve) => setImmediate(resolve))
      if (over) break
      if (this.steps++ > maxSteps) throw new Error('the simulation does not end')
      const [first] = this.#waiting
      if (first === undefined) throw new Error('every step waits, and nothing is due')
      const soonest = this.#waiting.reduce((a, b) => (b.at < a.at ? b : a), first)
      if (soonest.at > this.now) this.now = soonest.at
      const due = this.#waiting.filter(({ at }) => at <= this.now)
      const next = due[Math.floor(this.random() * due.length)] ?? soonest
      this.#waiting.splice(this.#waiting.indexOf(next), 1)
      this.note(`${next.process} ${next.label}`)
      next.go()
    }
    if (failure !== undefined) throw failure
  }
}
