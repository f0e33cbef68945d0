/** The table of sign-ins on PostgreSQL: milliseconds, statements, and sign-ins a second at 1, 16 and 64 at once. */
import { isAbsolute } from 'node:path'
import { performance } from 'node:perf_hooks'
import { Pool } from 'pg'
import { startPostgres } from '../peers/support/postgres.ts'
import { postgresProgram } from '../peers/support/programs.ts'
import { type BenchLine, effort, median } from './harness.ts'
import { bare } from './postgres-bare.ts'
import { betterAuths } from './postgres-better-auth.ts'
import { type Contestant, counting, type LogIn } from './postgres-logins.ts'
import { ours } from './postgres-ours.ts'

const atOnce = [1, 16, 64] as const
const rounds = effort.quick ? 1 : 7
const loginsEach = effort.quick ? 64 : 192

interface Runner {
  readonly name: string
  readonly logins: readonly LogIn[]
  readonly seen: { statements: number }
  readonly pool: Pool
}

/** Sign-ins one after the other by each of so many people, all at once: milliseconds a sign-in. */
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

/** What was measured of a contestant: a sign-in's milliseconds by how many at once, and its statements. */
type Measured = Record<(typeof atOnce)[number], number[]> & { statements: number }

const prepared = async (url: string, of: (pool: Pool) => Contestant): Promise<Runner> => {
  const pool = new Pool({ connectionString: url, max: 16 })
  const seen = counting(pool)
  const contestant = of(pool)
  return { name: contestant.name, logins: await contestant.prepare(64), seen, pool }
}

/** Whether there is a PostgreSQL that could be started. */
export const hasPostgres = () => isAbsolute(postgresProgram('postgres'))

/** Prints the figures; answers the lines of the table. */
export const postgresLines = async (): Promise<readonly BenchLine[]> => {
  const server = await startPostgres({ settings: { synchronous_commit: 'on', fsync: 'on' } })
  try {
    const runners: Runner[] = []
    for (const of of [ours, betterAuths, bare]) runners.push(await prepared(await server.database(), of))
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

    console.log('\nA full sign-in on PostgreSQL, password and TOTP, nothing hashed')
    for (const [name, figures] of measured) {
      const speeds = atOnce.map((people) => {
        const ms = median(figures[people])
        return `${people} at once ${ms.toFixed(2)} ms, ${(1_000 / ms).toFixed(0)}/s`
      })
      console.log(
        `  ${name.padEnd(22)} ${String(figures.statements).padStart(2)} statements   ${speeds.join('   ')}`,
      )
    }
    return linesOf(
      measured,
      runners.map(({ name }) => name),
    )
  } finally {
    await server.close()
  }
}

const linesOf = (
  measured: ReadonlyMap<string, Measured>,
  [mine = '', theirs = '', least = '']: readonly string[],
) =>
  atOnce.flatMap((people): readonly BenchLine[] => {
    const of = (name: string) => measured.get(name)?.[people] ?? []
    const pairs = (name: string, ratio: (own: number, other: number) => number) =>
      median(of(mine).map((own, i) => ratio(own, of(name)[i] ?? Number.NaN)))
    const what = `a sign-in, ${people} at once`
    const own = median(of(mine)) * 1e6
    return [
      {
        what,
        ours: own,
        peer: { name: theirs, time: median(of(theirs)) * 1e6 },
        aim: { faster: 8 },
        ratio: pairs(theirs, (mineMs, other) => other / mineMs),
      },
      {
        what,
        ours: own,
        peer: { name: least, time: median(of(least)) * 1e6 },
        aim: { within: 1.3 },
        ratio: pairs(least, (mineMs, other) => mineMs / other),
      },
    ]
  })
