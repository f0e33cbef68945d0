import * as fc from 'fast-check'
import type { RuleId } from '../kernel/rule-id.ts'
import { defaultPolicy, type Policy } from '../policy/policy.ts'
import { Bench, Divergence } from './bench.ts'
import type { DriverFunction } from './driver.ts'
import { themes } from './histories.ts'
import type { Difference } from './linearise.ts'
import { nameRule } from './name-rule.ts'
import { minimise, placeOf, type Setting, type SystemFactory } from './replay.ts'
import { type ConformanceFinding, type ConformanceReport, newReport } from './report.ts'
import { type ConformanceStep, describeStep } from './steps.ts'
import { takeStep } from './take-step.ts'

/**
 * How a system is put to the test.
 *
 * @category Conformance
 */
export interface ConformanceOptions {
  /** Histories of each theme, 1 or more; 100 unless given. */
  readonly histories?: number
  /** How many operations are performed at once, 1–8; 1 unless given: one after the other. */
  readonly clients?: number
  /** The seed of the random histories; the same seed gives the same ones. 1 unless given. */
  readonly seed?: number
  /** The policy of the system; the rulebook's own unless given. */
  readonly policy?: Policy
  /** The instant at which a system begins, epoch milliseconds; 5 June 2023, 10:00 in Hong Kong unless given. */
  readonly start?: number
  /** The themes to run, by name; all unless given. */
  readonly only?: readonly string[]
  /** Told of each theme that is done, and of what was found so far. */
  readonly onProgress?: (progress: { readonly theme: string; readonly findings: number }) => void
}

const HOUR = 3_600_000

/** A history that differs, to be shortened. */
interface Suspect {
  readonly steps: readonly ConformanceStep[]
  readonly difference: Difference
}

/** This many histories that differ in the same place are shortened. */
const maxAlike = 2

/** A step as a command of fast-check's model-based runs. The bench holds the model and the system. */
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
 * Tests whether a system keeps the rules of the rulebook, by histories of what people do with it. Each history is
 * performed on a new system and on the library's pure state machines; answers, mails and locks must agree. Where they
 * do not, the history is shortened until every step is necessary, and the rule is named.
 *
 * It never throws for what the system does; what `makeSystem` throws rejects the promise.
 *
 * @param makeSystem - makes a new system with nothing in it, whose clock stands at `at` until it is advanced.
 * @returns what was found, and which rules were exercised, how often.
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
      for (const name of Object.keys(driver)) offered.add(name as DriverFunction)
      taken.push(...beginning)
      try {
        for (const step of beginning) await takeStep(bench, step)
        await fc.asyncModelRun(async () => ({ model: bench, real: bench }), commands)
      } catch (error) {
        if (!(error instanceof Divergence)) throw error
        const place = placeOf(error.difference)
        const alike = suspects.get(place) ?? []
        suspects.set(place, [...alike, { steps: [...taken], difference: error.difference }])
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

    for (const alike of suspects.values()) {
      const shortest = [...alike].sort((a, b) => a.steps.length - b.steps.length).slice(0, maxAlike)
      for (const suspect of shortest) {
        const { steps, run } = await minimise(setting, suspect.steps, suspect.difference)
        const rule = nameRule(run)
        const found = { rule, steps, difference: run.difference ?? suspect.difference }
        const before = findings.get(rule)
        if (before === undefined || steps.length < before.steps.length) findings.set(rule, found)
      }
    }
    options.onProgress?.({ theme: theme.name, findings: findings.size })
  }
  return newReport({ findings: [...findings.values()], exercised, offered, seed, clients, ...total })
}
