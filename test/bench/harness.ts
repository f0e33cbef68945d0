/**
 * Measures and prints. mitata measures: it is the only maintained harness that compiles a separate loop for
 * each measured function and reads the clock once per batch, not once per call. Without both, a step of some
 * tens of nanoseconds disappears in call and clock overhead, and every ratio comes out closer to 1 than it
 * is. tinybench, the other candidate, reads the clock at each call.
 */
import { performance } from 'node:perf_hooks'
import { do_not_optimize, measure } from 'mitata'
import { type AimName, aimOf, figureText, limitText } from './aims.ts'
import { noteAim, noteTable } from './measured.ts'

/** Durations and repetitions. `--quick` only checks that everything runs: its figures mean little. */
export const effort = process.argv.includes('--quick')
  ? { quick: true, rounds: 2, sampleMs: 15, logins: 10, hashes: 2, turns: 5 }
  : { quick: false, rounds: 9, sampleMs: 80, logins: 100, hashes: 151, turns: 4_000 }

/** The median of some numbers. */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low = Number.NaN, high = Number.NaN] = [
    sorted[sorted.length % 2 ? middle : middle - 1],
    sorted[middle],
  ]
  return (low + high) / 2
}

/** Consumes a result, so that no compiler removes the code that produced it. */
export const keep: (result: unknown) => void = do_not_optimize

/** Flattens a text into one piece, like one read from a request; others are slower to read. */
export const flat = (text: string): string => Buffer.from(text, 'utf8').toString('utf8')

/** The compared functions by name; each passes its result to {@link keep}. */
export type Contestants<Name extends string> = Readonly<Record<Name, () => void>>

const runOrders = <T>(items: readonly T[], round: number): readonly T[] => {
  const start = round % items.length
  return [...items.slice(start), ...items.slice(0, start)]
}

/** The duration of a batch of calls: so short that other work on the machine seldom interrupts it. */
const batchNs = 100_000

/** The number of calls of a function in a batch; mitata makes four at a time. */
const batchOf = (contestant: () => void): number => {
  const calls = 400
  for (let i = 0; i < calls; i++) contestant()
  const begun = performance.now()
  for (let i = 0; i < calls; i++) contestant()
  const ns = ((performance.now() - begun) * 1e6) / calls
  return 4 * Math.max(1, Math.min(1_024, Math.round(batchNs / ns / 4)))
}

/**
 * The duration of one call of each function, in nanoseconds. They take turns, and each round begins with
 * another one, so that anything that slows the machine down affects all of them equally. The lower quartile
 * of each round's batches counts, because slower ones mostly measured other work; the result is the median of
 * the rounds.
 */
export const compare = async <Name extends string>(
  contestants: Contestants<Name>,
): Promise<Record<Name, number>> => {
  const names = Object.keys(contestants) as Name[]
  const batches = new Map(names.map((name) => [name, batchOf(contestants[name])]))
  const taken = new Map<Name, number[]>(names.map((name) => [name, []]))
  for (let round = 0; round < effort.rounds; round++) {
    for (const name of runOrders(names, round)) {
      const { p25 } = await measure(contestants[name], {
        min_cpu_time: effort.sampleMs * 1e6,
        batch_samples: batches.get(name) ?? 4,
        gc: false,
      })
      taken.get(name)?.push(p25)
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(taken.get(name) ?? [])])) as Record<
    Name,
    number
  >
}

/** Cycles through the arguments, so that a measured function does not always get the same one. */
export const inTurn = <T>(first: T, ...others: readonly T[]): (() => T) => {
  const all = [first, ...others]
  let next = 0
  return () => {
    const item = all[next] ?? first
    next = next + 1 === all.length ? 0 : next + 1
    return item
  }
}

/** A row of the table. Times are in nanoseconds; a row with an aim shows whether it is met. */
export interface BenchLine {
  readonly what: string
  readonly ours: number
  readonly peer?: { readonly name: string; readonly time: number }
  /** The aim in `aims.ts` that the row measures. */
  readonly aim?: AimName
  /** The ratio if it is measured in pairs; otherwise the quotient of the times. */
  readonly ratio?: number
}

const time = (ns: number) => {
  if (ns < 1e3) return `${ns.toFixed(1)} ns`
  return ns < 1e6 ? `${(ns / 1e3).toFixed(2)} µs` : `${(ns / 1e6).toFixed(2)} ms`
}

const judged = ({ ours, peer, aim: name, ratio }: BenchLine): readonly [string, string, string] => {
  if (peer === undefined) return ['', '', '']
  const times = ratio ?? ours / peer.time
  if (name === undefined) return [`${times.toFixed(times < 1.1 && times > 0.9 ? 3 : 2)}× its time`, '', '']
  const aim = aimOf(name)
  const figure = 'faster' in aim.limit ? (ratio ?? peer.time / ours) : times
  return [figureText(aim, figure), limitText(aim), noteAim(name, figure) ? 'yes' : 'MISSED']
}

/** Prints rows under a heading, aligned. Returns the number of missed aims. */
export const table = (heading: string, lines: readonly BenchLine[]): number => {
  const head = ['what', 'ours', 'peer', 'ratio', 'aim', 'met?']
  const rows = lines.map((line) => [
    line.what,
    time(line.ours),
    line.peer ? `${line.peer.name} ${time(line.peer.time)}` : '',
    ...judged(line),
  ])
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => (row[column] ?? '').length)),
  )
  const print = (row: readonly string[]) =>
    console.log(`  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
  noteTable({ heading, head, rows })
  console.log(`\n${heading}`)
  print(head)
  print(widths.map((width) => '─'.repeat(width)))
  for (const row of rows) print(row)
  return rows.filter((row) => row.at(-1) === 'MISSED').length
}
