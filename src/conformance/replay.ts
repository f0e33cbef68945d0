import type { Policy } from '../policy/policy.ts'
import { Bench, Divergence } from './bench.ts'
import type { ConformanceDriver } from './driver.ts'
import type { Difference } from './linearise.ts'
import type { ConformanceStep } from './steps.ts'
import { takeStep } from './take-step.ts'

/**
 * Creates a new, empty system whose clock stands at `at`.
 *
 * @category Conformance
 */
export type SystemFactory = (input: { readonly at: number }) => Promise<ConformanceDriver>

/** Everything that is needed to repeat a history. */
export interface Setting {
  readonly makeSystem: SystemFactory
  readonly start: number
  readonly policy: Policy
}

/** The run of a history, to its end or to the first difference. */
export interface Run {
  readonly bench: Bench
  readonly difference?: Difference
}

/** Identifies the place of a difference, to compare differences. */
export const placeOf = ({ kind, operation, reason }: Difference): string =>
  `${kind}|${operation.op}|${reason ?? ''}`

/** Performs steps on a new system. */
export const replay = async (
  { makeSystem, start, policy }: Setting,
  steps: readonly ConformanceStep[],
): Promise<Run> => {
  const driver = await makeSystem({ at: start })
  const bench = new Bench(driver, start, policy)
  try {
    for (const step of steps) await takeStep(bench, step)
    return { bench }
  } catch (error) {
    if (error instanceof Divergence) return { bench, difference: error.difference }
    throw error
  } finally {
    await driver.close?.()
  }
}

/** Simpler versions of a step, simplest first. */
const simpler = (step: ConformanceStep): readonly ConformanceStep[] => {
  if (step.do === 'together') {
    const fewer = step.steps.map((_, n) => ({
      ...step,
      steps: step.steps.filter((__, other) => other !== n),
    }))
    return step.steps.length > 2 ? [{ ...step, steps: step.steps.slice(0, 2) }, ...fewer] : step.steps
  }
  if (step.do === 'set up') return [{ do: 'create', who: step.who }]
  if (step.do === 'sign in')
    return [{ do: 'enter password', who: step.who, password: 'correct', system: 'own', times: 1 }]
  return 'times' in step && step.times > 1
    ? [...new Set([1, Math.floor(step.times / 2), step.times - 1])].map((times) => ({ ...step, times }))
    : []
}

/** Combines two steps of the same kind. */
const merged = (one: ConformanceStep, other: ConformanceStep | undefined): ConformanceStep | undefined => {
  if (other === undefined || !('times' in one && 'times' in other)) return undefined
  const both = { ...one, times: one.times + other.times }
  return JSON.stringify({ ...one, times: 0 }) === JSON.stringify({ ...other, times: 0 }) ? both : undefined
}

/**
 * How many times a shortened history with parallel operations is tried before it counts as showing no
 * difference.
 */
const triesAtOnce = 3

/**
 * Shortens a history as long as it shows the same difference, until no step can be removed and no number
 * reduced.
 */
export const minimise = async (
  setting: Setting,
  steps: readonly ConformanceStep[],
  difference: Difference,
): Promise<{ readonly steps: readonly ConformanceStep[]; readonly run: Run }> => {
  const place = placeOf(difference)
  const shows = async (candidate: readonly ConformanceStep[]): Promise<Run | undefined> => {
    const tries = candidate.some((step) => step.do === 'together') ? triesAtOnce : 1
    for (let n = 0; n < tries; n++) {
      const run = await replay(setting, candidate)
      if (run.difference !== undefined && placeOf(run.difference) === place) return run
    }
    return undefined
  }
  let left = steps
  let run = (await shows(left)) ?? (await replay(setting, left))
  for (let shortened = true; shortened; ) {
    shortened = false
    for (let n = left.length - 1; n >= 0; n--) {
      const step = left[n]
      if (step === undefined) continue
      const without = [...left.slice(0, n), ...left.slice(n + 1)]
      const both = merged(step, left[n + 1])
      const candidates = [
        without,
        ...(both === undefined ? [] : [[...left.slice(0, n), both, ...left.slice(n + 2)]]),
        ...simpler(step).map((each) => [...left.slice(0, n), each, ...left.slice(n + 1)]),
      ]
      for (const candidate of candidates) {
        const again = await shows(candidate)
        if (again === undefined) continue
        left = candidate
        run = again
        shortened = true
        break
      }
    }
  }
  return { steps: left, run }
}
