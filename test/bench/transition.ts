/**
 * Reads and plans a User Profile Listing: the cost per row against bare csv-parse, which neither knows what a
 * listing is nor continues after a broken quote; and the memory of planning, regardless of the listing's
 * length.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'csv-parse'
import { build } from 'esbuild'
import { readListingCsv } from '../../dist/listing-csv.js'
import { type BenchLine, effort, median } from './harness.ts'
import { noteAim, noteTable } from './measured.ts'
import { listingOf } from './transition-listing.ts'
import { planned } from './transition-plan.ts'
import type { Planned } from './transition-process.ts'

const rows = effort.quick ? 1_000 : 20_000

const bare = async (pieces: readonly Buffer[]) => {
  const parser = parse()
  const write = async () => {
    for (const piece of pieces) if (!parser.write(piece)) await once(parser, 'drain')
    parser.end()
  }
  void write()
  let count = 0
  for await (const _ of parser) count++
  return count
}

const read = async (pieces: readonly Buffer[]) => {
  let count = 0
  for await (const _ of (await readListingCsv(pieces))._unsafeUnwrap().rows) count++
  return count
}

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const begun = performance.now()
  await work()
  return ((performance.now() - begun) * 1e6) / rows
}

/** They take turns; the ratio is the median of the rounds' ratios. */
const rowLine = async (what: string, inQuotes: boolean, ours: typeof read): Promise<BenchLine> => {
  const pieces = [...listingOf(rows, inQuotes)]
  const times: { readonly ours: number; readonly bare: number }[] = []
  for (let round = 0; round <= effort.rounds; round++)
    times.push({ ours: await timed(() => ours(pieces)), bare: await timed(() => bare(pieces)) })
  times.shift() // the round before the compiler was done
  return {
    what: `${what}, a row`,
    ours: median(times.map((each) => each.ours)),
    peer: { name: 'csv-parse alone', time: median(times.map((each) => each.bare)) },
    ratio: median(times.map((each) => each.ours / each.bare)),
  }
}

/** Lines of the table. */
export const transitionLines = async (): Promise<readonly BenchLine[]> => {
  const plan = async (pieces: readonly Buffer[]) => (await planned(pieces)).totals.lines
  return [
    await rowLine('read', false, read),
    await rowLine('read, every cell in quotes', true, read),
    await rowLine('read and planned', false, plan),
    await rowLine('read and planned, every cell in quotes', true, plan),
  ]
}

/** The planning script as one file: running TypeScript would take more memory than the plan. */
const withScript = async <T>(use: (script: string) => Promise<T>): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), 'ccass-2fa-bench-'))
  try {
    const outfile = join(folder, 'plan.mjs')
    const entry = fileURLToPath(new URL('transition-process.ts', import.meta.url))
    await build({
      entryPoints: [entry],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
    })
    return await use(outfile)
  } finally {
    await rm(folder, { recursive: true })
  }
}

const inProcessOfItsOwn = async (script: string, accounts: number): Promise<Planned> => {
  const [answer] = await once(fork(script, [`${accounts}`], { execArgv: [] }), 'message')
  return answer as Planned
}

/** Prints the memory of planning by number of accounts. Returns the number of missed aims. */
export const planningTable = (): Promise<number> => withScript(planning)

const planning = async (script: string): Promise<number> => {
  const sizes = effort.quick ? [1e4] : [1e4, 1e5, 1e6]
  const all: Planned[] = []
  console.log('\nPlanning a listing, in a process of its own')
  for (const accounts of sizes) {
    const { nsPerAccount, residentMB, beforeMB } = await inProcessOfItsOwn(script, accounts)
    all.push({ accounts, nsPerAccount, residentMB, beforeMB })
    console.log(
      `  ${accounts.toLocaleString('en').padStart(9)} accounts: ${(nsPerAccount / 1e3).toFixed(1)} µs each, ` +
        `${residentMB.toFixed(0)} MB resident (${beforeMB.toFixed(0)} before the first byte); ` +
        `aim < 200 MB: ${residentMB < 200 ? 'yes' : 'MISSED'}`,
    )
  }
  if (!effort.quick) noteAim('planning-memory', all.at(-1)?.residentMB ?? 0)
  noteTable({
    heading: 'Planning a listing, in a process of its own',
    head: ['accounts', 'each', 'resident'],
    rows: all.map(({ accounts, nsPerAccount, residentMB }) => [
      accounts.toLocaleString('en'),
      `${(nsPerAccount / 1e3).toFixed(1)} µs`,
      `${residentMB.toFixed(0)} MB`,
    ]),
  })
  const growth = (all.at(-1)?.nsPerAccount ?? 0) / (all[0]?.nsPerAccount ?? 1)
  const missed = all.filter(({ residentMB }) => residentMB >= 200).length
  if (all.length === 1) return missed
  const isFlat = noteAim('planning-flat', growth)
  console.log(
    `  an account of the longest takes ${growth.toFixed(2)}× that of the shortest; aim ≤ 1.5×: ${isFlat ? 'yes' : 'MISSED'}`,
  )
  return missed + (isFlat ? 0 : 1)
}
