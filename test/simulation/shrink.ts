/** Minimises a failing plan: fewer tasks, processes and faults, as long as it fails in the same way. */
import type { Plan } from './plan.ts'
import type { Sabotage } from './service.ts'
import { type Outcome, simulate } from './simulate.ts'

/** The number of orders that are tried for a shorter plan. */
const orders = [0, 1, 2]

/** A plan of which no part can be omitted, and its failure. */
export interface Minimal {
  readonly plan: Plan
  readonly broken: string
  /** The steps of people, processes and faults up to the failure. */
  readonly trace: readonly string[]
  readonly runs: number
}

/** The violated properties of a run; a run that does not end counts as one. */
export const run = async (plan: Plan, sabotage?: Sabotage): Promise<Outcome> => {
  try {
    return await simulate(plan, sabotage)
  } catch (error) {
    const broken = new Map([['the run ends', error instanceof Error ? error.message : String(error)]])
    return { operations: 0, steps: 0, struck: plan.faults ?? [], states: new Set(), broken, trace: [] }
  }
}

const telling = / [<>!] |BROKEN| dies$|jumps|commits/

/** Omits parts of a list, large ones first. */
const withoutParts = function* <T>(list: readonly T[]): Generator<readonly T[]> {
  for (let size = Math.ceil(list.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let from = 0; from < list.length; from += size)
      yield [...list.slice(0, from), ...list.slice(from + size)]
}

const shorter = function* (plan: Plan): Generator<Plan> {
  for (const tasks of withoutParts(plan.tasks)) yield { ...plan, tasks }
  for (const faults of withoutParts(plan.faults ?? [])) yield { ...plan, faults }
  if (plan.processes > 1) yield { ...plan, processes: plan.processes - 1 }
  if (plan.prepared > 0) yield { ...plan, prepared: plan.prepared - 1 }
}

/** Shortens a failing plan, with at most a few hundred runs. */
export const shrink = async (failing: Plan, sabotage?: Sabotage, maxRuns = 400): Promise<Minimal> => {
  let runs = 1
  const first = await run(failing, sabotage)
  const [name] = [...first.broken.keys()]
  if (name === undefined) throw new Error('the plan does not fail')
  let best: { plan: Plan; outcome: Outcome } = { plan: { ...failing, faults: first.struck }, outcome: first }
  let shortened = true
  search: while (shortened) {
    shortened = false
    for (const candidate of shorter(best.plan))
      for (const order of orders) {
        if (runs >= maxRuns) break search
        runs += 1
        const plan = { ...candidate, order }
        const outcome = await run(plan, sabotage)
        if (![...outcome.broken.keys()].includes(name)) continue
        best = { plan, outcome }
        shortened = true
        continue search
      }
  }
  const lines = best.outcome.trace.filter((line) => telling.test(line))
  const end = lines.findIndex((line) => line.includes(`BROKEN ${name}`))
  return { plan: best.plan, broken: name, trace: end < 0 ? lines : lines.slice(0, end + 1), runs }
}
