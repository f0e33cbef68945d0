/** A seeded scheduler: everything that waits, waits here, and goes on in an order that the seed alone decides. */

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

/** Virtual time, waiting steps, and the trace of the order in which they went on. */
export class Scheduler {
  now: number
  readonly random: () => number
  readonly trace: string[] = []
  readonly faults = new Map<string, number>()
  steps = 0
  #waiting: Waiting[] = []

  constructor(seed: number, now: number) {
    this.random = seeded(seed)
    this.now = now
  }

  /** Whether something with a probability happens now; counted as a fault of its kind. */
  strikes(kind: string, probability: number): boolean {
    const struck = this.random() < probability
    if (struck) this.faults.set(kind, (this.faults.get(kind) ?? 0) + 1)
    return struck
  }

  /** A step that goes on when the scheduler says so, no sooner than after some milliseconds. */
  step(process: string, label: string, after = 0): Promise<void> {
    return new Promise((go) => {
      this.#waiting.push({ process, label, at: this.now + after, go })
    })
  }

  /** A process dies: what it waits for never comes. */
  kill(process: string): void {
    this.#waiting = this.#waiting.filter((each) => each.process !== process)
    this.trace.push(`${process} dies`)
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
        failure = error
      },
    )
    for (;;) {
      // Everything that can go on by itself does so first: promises alone, for no port leaves this process.
      await new Promise<void>((resolve) => setImmediate(resolve))
      if (over) break
      if (this.steps++ > maxSteps) throw new Error('the simulation does not come to an end')
      const due = this.#waiting.filter(({ at }) => at <= this.now)
      const [first] = [...this.#waiting].sort((a, b) => a.at - b.at)
      if (first === undefined) throw new Error('everything waits for nothing')
      if (due.length === 0) {
        this.now = first.at
        continue
      }
      const next = due[Math.floor(this.random() * due.length)] ?? first
      this.#waiting = this.#waiting.filter((each) => each !== next)
      this.trace.push(`${this.now} ${next.process} ${next.label}`)
      next.go()
    }
    if (failure !== undefined) throw failure
  }
}
