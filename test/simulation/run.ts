/**
 * `npm run simulate -- --seeds 1000 [--from 1] [--fault NAME]` runs seeds on every core and prints figures. For the first
 * seed that fails it prints a minimal trace and the command that repeats it: `--plan PLAN`.
 */
import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { planOf, printPlan, readPlan } from './plan.ts'
import { plantedFaults } from './sabotage.ts'
import { run, shrink } from './shrink.ts'

const option = (name: string): string | undefined => {
  const place = process.argv.indexOf(`--${name}`)
  return place < 0 ? undefined : process.argv[place + 1]
}

/** A worker's report on some seeds. */
interface Report {
  readonly seeds: number
  readonly operations: number
  readonly steps: number
  readonly faults: readonly (readonly [string, number])[]
  readonly states: readonly string[]
  readonly failed?: number
}

const fault = option('fault')
const sabotage = fault === undefined ? undefined : plantedFaults[fault]?.sabotage
if (fault !== undefined && sabotage === undefined) {
  console.error(`no planted fault has the name ${fault}; there are: ${Object.keys(plantedFaults).join(', ')}`)
  process.exit(2)
}

const kindOf = (struck: string) => struck.replace(/ \d+$/, '')

/** Runs every n-th seed, and reports at intervals. */
const work = async (from: number, to: number, every: number) => {
  let faults = new Map<string, number>()
  let states: string[] = []
  let sum = { seeds: 0, operations: 0, steps: 0 }
  const known = new Set<string>()
  const report = (failed?: number) => {
    const message: Report = {
      ...sum,
      faults: [...faults],
      states,
      ...(failed === undefined ? {} : { failed }),
    }
    faults = new Map()
    states = []
    sum = { seeds: 0, operations: 0, steps: 0 }
    return new Promise<void>((done) => void process.send?.(message, () => done()))
  }
  for (let seed = from; seed < to; seed += every) {
    const outcome = await run(planOf(seed), sabotage)
    sum = {
      seeds: sum.seeds + 1,
      operations: sum.operations + outcome.operations,
      steps: sum.steps + outcome.steps,
    }
    const planned = planOf(seed).tasks.filter(({ role }) => role === 'environment')
    for (const kind of [...outcome.struck.map(kindOf), ...planned.map(({ what }) => what)])
      faults.set(kind, (faults.get(kind) ?? 0) + 1)
    for (const state of outcome.states)
      if (!known.has(state)) {
        known.add(state)
        states.push(state)
      }
    if (outcome.broken.size > 0) return report(seed)
    if (sum.seeds === 50) await report()
  }
  return report()
}

/** A minimal failing plan, as text. */
const explain = async (seed: number) => {
  const { plan, broken, trace, runs } = await shrink(planOf(seed), sabotage)
  const planted = fault === undefined ? '' : ` --fault '${fault}'`
  console.error(trace.join('\n'))
  console.error(`seed ${seed}: ${broken}`)
  console.error(
    `shortened in ${runs} runs to ${plan.tasks.length} tasks, ${plan.faults?.length ?? 0} faults, ${plan.processes} processes`,
  )
  console.error(`to repeat: npm run simulate --${planted} --plan '${printPlan(plan)}'`)
  process.exitCode = 1
}

const lead = async (seeds: number, from: number) => {
  const workers = Math.max(1, Math.min(Number(option('workers') ?? availableParallelism()), seeds))
  const begun = Date.now()
  const seconds = () => Math.round((Date.now() - begun) / 1_000)
  const total = { seeds: 0, operations: 0, steps: 0 }
  const faults = new Map<string, number>()
  const states = new Set<string>()
  const failed: number[] = []
  let shown = 0
  await Promise.all(
    Array.from({ length: workers }, (_, n) => {
      const planted = fault === undefined ? [] : ['--fault', fault]
      const child = fork(fileURLToPath(import.meta.url), [
        ...['--worker', `${from + n}`, '--to', `${from + seeds}`, '--every', `${workers}`],
        ...planted,
      ])
      child.on('message', (report: Report) => {
        total.seeds += report.seeds
        total.operations += report.operations
        total.steps += report.steps
        for (const [kind, count] of report.faults) faults.set(kind, (faults.get(kind) ?? 0) + count)
        for (const state of report.states) states.add(state)
        if (report.failed !== undefined) failed.push(report.failed)
        if (total.seeds - shown >= 500) {
          shown = total.seeds
          console.log(`${total.seeds} seeds, ${states.size} states of accounts, ${seconds()} s`)
        }
      })
      return new Promise<void>((done, fail) =>
        child.on('exit', (code) => (code === 0 ? done() : fail(new Error(`a worker ended with ${code}`)))),
      )
    }),
  )
  const [first] = failed.sort((a, b) => a - b)
  if (first !== undefined) await explain(first)
  const struck = [...faults].sort().map(([kind, count]) => `${kind} ${count}`)
  console.log(
    `${total.seeds} seeds, ${total.operations} operations, ${total.steps} steps, ${states.size} distinct states of accounts`,
  )
  console.log(`faults that struck: ${struck.join(', ')}; ${workers} workers, ${seconds()} s`)
}

const plan = option('plan')
const worker = option('worker')
if (plan !== undefined) {
  const outcome = await run(readPlan(plan), sabotage)
  console.log(outcome.trace.join('\n'))
  for (const [name, detail] of outcome.broken) console.error(`${name}: ${detail}`)
  process.exitCode = outcome.broken.size === 0 ? 0 : 1
} else if (worker !== undefined) await work(Number(worker), Number(option('to')), Number(option('every')))
else await lead(Number(option('seeds') ?? 100), Number(option('from') ?? 1))
