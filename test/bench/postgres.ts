/**
 * The table of sign-ins on PostgreSQL: milliseconds, statements, and sign-ins per second at concurrency 1, 16
 * and 64.
 */
import { isAbsolute } from 'node:path'
import { performance } from 'node:perf_hooks'
import { Pool } from 'pg'
import { startPostgres } from '../peers/support/postgres.ts'
import { postgresProgram } from '../peers/support/programs.ts'
import type { AimName } from './aims.ts'
import { type BenchLine, effort, median } from './harness.ts'
import { noteAim, noteTable } from './measured.ts'
import { bare } from './postgres-bare.ts'
import { betterAuths } from './postgres-better-auth.ts'
import { type Contestant, counting, type LogIn } from './postgres-logins.ts'
import { ours } from './postgres-ours.ts'

const atOnce = [1, 16, 64] as const
const rounds = effort.quick ? 1 : 5
const loginsEach = effort.quick ? 64 : 192

interface Runner {
  readonly name: string
  readonly logins: readonly LogIn[]
  readonly seen: { statements: number }
  readonly pool: Pool
}

/** Milliseconds per sign-in when a number of users sign in repeatedly and concurrently. */
const run = async (logins: readonly LogIn[], people: number): Promise<number> => {
  const each = loginsEach / people
  const begun = performance.now()
  await Promise.all(
    logins.slice(0, people).map(async (logIn) => {
      for (let i = 0; i < each; i++) await logIn()
    }),
  )
  return (performance.now() - begun) / loginsEach
}

/** The results of a contestant: milliseconds per sign-in by concurrency, and its statements. */
type Measured = Record<(typeof atOnce)[number], number[]> & { statements: number }

const prepared = async (url: string, of: (pool: Pool) => Contestant): Promise<Runner> => {
  const pool = new Pool({ connectionString: url, max: 16 })
  const seen = counting(pool)
  const contestant = of(pool)
  return { name: contestant.name, logins: await contestant.prepare(64), seen, pool }
}

/** Whether PostgreSQL can be started here. */
export const hasPostgres = () => isAbsolute(postgresProgram('postgres'))

/** Prints the figures. Returns the rows of the table. */
export const postgresLines = async (): Promise<readonly BenchLine[]> => {
  const server = await startPostgres({ settings: { synchronous_commit: 'on', fsync: 'on' } })
  try {
    const runners: Runner[] = []
    for (const of of [ours(true), ours(false), betterAuths, bare])
      runners.push(await prepared(await server.database(), of))
    const measured = new Map<string, Measured>()
    for (const { name, logins, seen } of runners) {
      await run(logins, 64) // the round before the compiler was done
      const before = seen.statements
      await logins[0]?.()
      measured.set(name, { 1: [], 16: [], 64: [], statements: seen.statements - before })
    }
    for (let round = 0; round < rounds; round++)
      for (const people of atOnce)
        for (let i = 0; i < runners.length; i++) {
          const runner = runners[(i + round) % runners.length]
          if (runner) measured.get(runner.name)?.[people].push(await run(runner.logins, people))
        }
    for (const { pool } of runners) await pool.end()

    noteStatements(measured)
    return linesOf(measured)
  } finally {
    await server.close()
  }
}

/** Prints and records the statements of each, and its sign-ins per second. */
const noteStatements = (measured: ReadonlyMap<string, Measured>): void => {
  const rows = [...measured].map(([name, figures]) => [
    name,
    `${figures.statements}`,
    ...atOnce.map((people) => {
      const ms = median(figures[people])
      return `${ms.toFixed(2)} ms, ${(1_000 / ms).toFixed(0)}/s`
    }),
  ])
  const heading = 'A sign-in on PostgreSQL, password and TOTP, nothing hashed'
  noteTable({ heading, head: ['', 'statements', ...atOnce.map((n) => `${n} at once`)], rows })
  console.log(`\n${heading}`)
  for (const row of rows) console.log(`  ${row.map((cell) => cell.padEnd(24)).join('')}`)
  for (const kind of ['warm', 'cold'] as const)
    noteAim(`${kind}-statements`, measured.get(`ccass-2fa, ${kind}`)?.statements ?? Number.NaN)
}

const linesOf = (measured: ReadonlyMap<string, Measured>): readonly BenchLine[] => {
  const [theirs, least] = [...measured.keys()].slice(2)
  const lines: BenchLine[] = []
  for (const kind of ['warm', 'cold'] as const)
    for (const people of atOnce) {
      const of = (name: string) => measured.get(name)?.[people] ?? []
      const mine = of(`ccass-2fa, ${kind}`)
      const line = (
        name: string,
        ratio: (own: number, other: number) => number,
        aim?: AimName,
      ): BenchLine => ({
        what: `a ${kind} sign-in, ${people} at once`,
        ours: median(mine) * 1e6,
        peer: { name, time: median(of(name)) * 1e6 },
        ratio: median(mine.map((own, i) => ratio(own, of(name)[i] ?? Number.NaN))),
        ...(aim === undefined ? {} : { aim }),
      })
      if (kind === 'warm' && theirs !== undefined)
        lines.push(line(theirs, (own, other) => other / own, `warm-${people}-peer`))
      if (least !== undefined) lines.push(line(least, (own, other) => own / other, `${kind}-${people}-bare`))
    }
  return lines
}
