import * as fc from 'fast-check'
import { callHost } from '../kernel/call-host.ts'
import type { RuleId } from '../kernel/rule-id.ts'
import { defaultPolicy, type Policy } from '../policy/policy.ts'
import { Bench, Divergence } from './bench.ts'
import { conformanceRules } from './covered-rules.ts'
import type { DriverFunction } from './driver.ts'
import { themes } from './histories.ts'
import type { Difference } from './linearise.ts'
import { nameRule } from './name-rule.ts'
import { minimise, placeOf, type Setting, type SystemFactory } from './replay.ts'
import { type ConformanceFinding, type ConformanceReport, newReport } from './report.ts'
import { type ConformanceStep, describeStep } from './steps.ts'
import { takeStep } from './take-step.ts'

/**
 * Options of {@link checkConformance}.
 *
 * @category Conformance
 */
export interface ConformanceOptions {
  /** Histories per theme, at least 1. Default: 100. */
  readonly histories?: number
  /** The maximum number of parallel operations, 1–8. Default: 1, which means one after the other. */
  readonly clients?: number
  /** The seed of the random histories. The same seed gives the same histories. Default: 1. */
  readonly seed?: number
  /** The policy of the system. Default: the default policy. */
  readonly policy?: Policy
  /**
   * The instant at which a system starts, in epoch milliseconds. Default: 5 June 2023, 10:00 in Hong Kong.
   */
  readonly start?: number
  /** The names of the themes to run. Default: all. */
  readonly only?: readonly string[]
  /** Called after each theme with the number of findings so far. Errors in it are ignored. */
  readonly onProgress?: (progress: { readonly theme: string; readonly findings: number }) => void
}

const HOUR = 3_600_000

/** The driver functions that a rule needs. A driver can inherit them, so they are asked for one by one. */
const named: readonly DriverFunction[] = [...new Set(Object.values(conformanceRules).flat())]

/** A history that showed a difference and still has to be shortened. */
interface Suspect {
  readonly steps: readonly ConformanceStep[]
  readonly difference: Difference
}

/** How many histories with a difference in the same place are shortened. */
const maxAlike = 2

/** A step as a command for fast-check's model-based runs. The bench holds both the model and the system. */
class StepCommand implements fc.AsyncCommand<Bench, Bench> {
  readonly step: ConformanceStep
  readonly taken: ConformanceStep[]

  constructor(step: ConformanceStep, taken: ConformanceStep[]) {
    this.step = step
    this.taken = taken
  }

  check(): boolean {
    return true
  }

  async run(_: Bench, bench: Bench): Promise<void> {
    this.taken.push(this.step)
    await takeStep(bench, this.step)
  }

  toString(): string {
    return describeStep(this.step)
  }
}

/**
 * Tests whether a system follows the rulebook, with random histories of user actions. Each history runs on a
 * new system and on the library's pure state machines. Answers, mails and locks must agree. If they differ,
 * the history is shortened until every step is necessary, and the violated rule is named.
 *
 * It never throws because of the system's behaviour. An error in `makeSystem` rejects the promise.
 *
 * @param makeSystem - creates a new, empty system whose clock stays at `at` until it is advanced.
 * @returns the findings, and how often each rule was exercised.
 * @example
 * ```ts
 * const report = await checkConformance(async ({ at }) => driverOf(newSystem({ clockAt: at })))
 * console.log(report.text)
 * process.exitCode = report.findings.length === 0 ? 0 : 1
 * ```
 * @rule AUD-05
 * @category Conformance
 */
export const checkConformance = async (
  makeSystem: SystemFactory,
  options: ConformanceOptions = {},
): Promise<ConformanceReport> => {
  const { histories = 100, clients = 1, seed = 1, policy = defaultPolicy, only } = options
  const { start = Date.UTC(2023, 5, 5, 2) } = options
  if (!(Number.isSafeInteger(histories) && histories >= 1))
    throw new TypeError('checkConformance: histories must be a whole number, 1 or more')
  if (!(Number.isSafeInteger(clients) && clients >= 1 && clients <= 8))
    throw new TypeError('checkConformance: clients must be a whole number, 1 to 8')
  if (!(Number.isSafeInteger(start) && start >= 0 && start % HOUR === 0))
    throw new TypeError('checkConformance: start must be a full hour, in epoch milliseconds')
  const names = themes(clients).map(({ name }) => name)
  // A theme that is not run finds nothing, which looks like a system that conforms.
  const unknown = only?.find((name) => !names.includes(name))
  if (unknown !== undefined || only?.length === 0)
    throw new TypeError(`checkConformance: only must name themes: ${names.join(', ')}; not: ${unknown ?? ''}`)
  const setting: Setting = { makeSystem, start, policy }
  const exercised = new Map<RuleId, number>()
  const offered = new Set<DriverFunction>()
  const findings = new Map<RuleId, ConformanceFinding>()
  const total = { histories: 0, operations: 0 }

  for (const theme of themes(clients)) {
    if (only !== undefined && !only.includes(theme.name)) continue
    const suspects = new Map<string, Suspect[]>()
    const once = async (
      beginning: readonly ConformanceStep[],
      commands: Iterable<fc.AsyncCommand<Bench, Bench>>,
      taken: ConformanceStep[],
    ) => {
      const driver = await makeSystem({ at: start })
      const bench = new Bench(driver, start, policy)
      for (const name of named) if (bench.has(name)) offered.add(name)
      taken.push(...beginning)
      try {
        for (const step of beginning) await takeStep(bench, step)
        await fc.asyncModelRun(async () => ({ model: bench, real: bench }), commands)
      } catch (error) {
        if (!(error instanceof Divergence)) throw error
        const key = placeOf(error.difference)
        const similar = suspects.get(key) ?? []
        suspects.set(key, [...similar, { steps: [...taken], difference: error.difference }])
      } finally {
        await driver.close?.()
      }
      total.histories += 1
      total.operations += bench.operations
      for (const [rule, count] of bench.exercised) exercised.set(rule, (exercised.get(rule) ?? 0) + count)
    }
    const taken: ConformanceStep[] = []
    const property = fc.asyncProperty(
      fc.constantFrom(...theme.beginnings),
      fc.commands(
        theme.steps.map((each) => each.map((step) => new StepCommand(step, taken))),
        { maxCommands: theme.maxSteps, size: 'max' },
      ),
      async (beginning, commands) => {
        taken.length = 0
        await once(beginning, commands, taken)
      },
    )
    const checked = await fc.check(property, { seed, numRuns: histories, endOnFailure: true, unbiased: true })
    if (checked.failed) throw checked.errorInstance ?? new Error('a history could not be run')

    for (const similar of suspects.values()) {
      const shortest = [...similar].sort((a, b) => a.steps.length - b.steps.length).slice(0, maxAlike)
      for (const suspect of shortest) {
        const { steps, run } = await minimise(setting, suspect.steps, suspect.difference)
        const rule = nameRule(run, steps)
        const found = { rule, steps, difference: run.difference ?? suspect.difference }
        const before = findings.get(rule)
        if (before === undefined || steps.length < before.steps.length) findings.set(rule, found)
      }
    }
    callHost(
      () => options.onProgress?.({ theme: theme.name, findings: findings.size }),
      () => {},
    )
  }
  return newReport({ findings: [...findings.values()], exercised, offered, seed, clients, ...total })
}
