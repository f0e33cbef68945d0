/** What Stryker's process and the warm Vitest worker say to each other. */

/** Mutants by id, with how often each was reached. */
export type Reached = Record<string, number>

/** Where Stryker's instrumented code counts: outside of tests (`static`), and by test. */
export interface Coverage {
  static: Reached
  perTest: Record<string, Reached>
}

/** One run of tests. */
export interface RunRequest {
  readonly kind: 'run'
  readonly id: number
  /** The mutant that is switched on; none for a run of the code as it is. */
  readonly mutant?: string
  /** Tests by id; all where absent. */
  readonly tests?: readonly string[]
  /** Whether modules are evaluated again under the mutant: it changes what happens on import. */
  readonly reload: boolean
  readonly hitLimit?: number
  /** Whether the run ends with its first failure. */
  readonly bail: boolean
  readonly coverage: boolean
}

/** How one test ended. */
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
  /** Whether a killing test failed without the mutant too, so that everything was loaded again and the run repeated. */
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
