/** The messages between Stryker's process and the warm Vitest worker. */

/** Mutants by id, with the number of times each was reached. */
export type Reached = Record<string, number>

/** The counters of Stryker's instrumented code: outside of tests (`static`), and by test. */
export interface Coverage {
  static: Reached
  perTest: Record<string, Reached>
}

/** One run of tests. */
export interface RunRequest {
  readonly kind: 'run'
  readonly id: number
  /** The active mutant; absent for a run of the unchanged code. */
  readonly mutant?: string
  /** Tests by id; absent: all. */
  readonly tests?: readonly string[]
  /** Whether modules are evaluated again with the mutant, because it changes what happens on import. */
  readonly reload: boolean
  readonly hitLimit?: number
  /** Whether the run ends with its first failure. */
  readonly bail: boolean
  readonly coverage: boolean
}

/** The outcome of one test. */
export interface RanTest {
  readonly id: string
  readonly name: string
  readonly file: string
  readonly state: 'pass' | 'fail' | 'skip'
  readonly milliseconds: number
  readonly failure?: string
}

/** The answer to a request. */
export interface RunReply {
  readonly kind: 'ran'
  readonly id: number
  readonly tests: readonly RanTest[]
  readonly coverage?: Coverage
  readonly hitCount?: number
  /**
   * Whether a killing test also failed without the mutant, so that everything was reloaded and the run
   * repeated.
   */
  readonly repeated: boolean
}

/** The worker is ready. */
export interface Ready {
  readonly kind: 'ready'
}

/** The worker may end. */
export interface Stop {
  readonly kind: 'stop'
}

export const channelName = (pid: number) => `mutation-${pid}`
