/**
 * Measuring and printing. mitata measures: of the harnesses that are looked after it alone gives every
 * measured function a loop compiled for itself and reads the clock once per batch, not once per call;
 * without both, a step of some tens of nanoseconds drowns in calls and clock readings, and every ratio
 * comes out nearer to 1 than it is. tinybench, the other candidate, reads the clock at each call.
 */
import { performance } from 'node:perf_hooks'
import { do_not_optimize, measure } from 'mitata'
import { type AimName, aimOf, figureText, limitText } from './aims.ts'
import { noteAim, noteTable } from './measured.ts'

/** How long and how often. `--quick` only shows that everything runs: its figures mean little. */
export const effort = process.argv.includes('--quick')
  ? { quick: true, rounds: 2, sampleMs: 15, logins: 10, hashes: 2 }
  : { quick: false, rounds: 9, sampleMs: 80, logins: 100, hashes: 31 }

/** The middle of some numbers. */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low = Number.NaN, high = Number.NaN] = [
    sorted[sorted.length % 2 ? middle : middle - 1],
    sorted[middle],
  ]
  return (low + high) / 2
}

/** Takes a result, so that no compiler leaves out what made it. */
export const keep: (result: unknown) => void = do_not_optimize

/** A text laid out in one piece, as one that was read from a request is; others are slower to look at. */
export const flat = (text: string): string => Buffer.from(text, 'utf8').toString('utf8')

/** Functions that are compared, by name; each gives its result to {@link keep}. */
export type Contestants<Name extends string> = Readonly<Record<Name, () => void>>

const runOrders = <T>(items: readonly T[], round: number): readonly T[] => {
  const start = round % items.length
  return [...items.slice(start), ...items.slice(0, start)]
}

/** How long a batch of calls is to last: so short that a busy machine seldom breaks in on it. */
const batchNs = 100_000

/** How many calls of a function make a batch; mitata does four at a time. */
const batchOf = (contestant: () => void): number => {
  const calls = 400
  for (let i = 0; i < calls; i++) contestant()
  const begun = performance.now()
  for (let i = 0; i < calls; i++) contestant()
  const ns = ((performance.now() - begun) * 1e6) / calls
  return 4 * Math.max(1, Math.min(1_024, Math.round(batchNs / ns / 4)))
}

/**
 * What a call of each takes, in nanoseconds. They take turns, each round begun by another one, so that
 * anything that slows the machine down affects all of them alike. Of a round the lower quartile of its batches
 * counts, for what is above it was mostly someone else's work; of the rounds, the median.
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

/** One after the other, round and round: no measured function is given the same argument for ever. */
export const inTurn = <T>(first: T, ...others: readonly T[]): (() => T) => {
  const all = [first, ...others]
  let next = 0
  return () => {
    const item = all[next] ?? first
    next = next + 1 === all.length ? 0 : next + 1
    return item
  }
}

/** A line of the table. Times are in nanoseconds; a line with an aim says whether it is met. */
export interface BenchLine {
  readonly what: string
  readonly ours: number
  readonly peer?: { readonly name: string; readonly time: number }
  /** The aim that the line is measured for, of `aims.ts`. */
  readonly aim?: AimName
  /** The ratio, where it is measured in pairs; the quotient of the times, unless given. */
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

/** Prints lines under a heading, aligned; answers how many aims were missed. */
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
