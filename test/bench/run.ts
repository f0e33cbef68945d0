/**
 * Measures what the library costs, against comparable libraries and against the minimum work: `npm run
 * bench`; with `-- --quick` to check that it runs, `-- --only=postgres,import` for some parts, `-- --write`
 * to write the figures of these parts to `docs/performance.md`. It measures the built package.
 *
 * Both figures of a ratio come from the same run. A missed aim is reported, but does not fail the run.
 */
import { cpus, loadavg, totalmem } from 'node:os'
import { allocationLines } from './allocation.ts'
import { growthTables, marketTables } from './growth.ts'
import { effort, table } from './harness.ts'
import { importLines } from './imports.ts'
import { lockoutLines } from './lockout.ts'
import { hashedLoginLine, loginLines } from './login.ts'
import { takeNotes, writePart } from './measured.ts'
import { migrationLines, postgresMigrationLines } from './migration.ts'
import { observerLines } from './observer.ts'
import { versions, writePage } from './page.ts'
import { passwordLines } from './password.ts'
import { hasPostgres, postgresLines } from './postgres.ts'
import { profileTable } from './profile.ts'
import { trailLines } from './trail.ts'
import { planningTable, transitionLines } from './transition.ts'
import { verifyTable } from './verify.ts'

const only = process.argv
  .find((each) => each.startsWith('--only='))
  ?.slice('--only='.length)
  .split(',')
const writes = process.argv.includes('--write')
if (writes && effort.quick) throw new Error('--quick measures nothing worth writing')

const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, load ${(loadavg()[0] ?? 0).toFixed(1)} at the start`
console.log(`Node ${process.version}, ${machine}, medians of ${effort.rounds} rounds`)
if (effort.quick) console.log('--quick: to see that it runs; the figures mean little')

const onPostgres = (measure: () => Promise<number>) => async (): Promise<number> => {
  if (hasPostgres()) return measure()
  console.log('\nNo PostgreSQL is installed here (Debian: package postgresql): it is not measured.')
  return 0
}

/** The parts, by their names for `--only=`. What is compared is measured in the same part. */
const parts: Readonly<Record<string, () => Promise<number>>> = {
  postgres: onPostgres(async () => table('A sign-in on PostgreSQL', await postgresLines())),
  memory: async () => table('A sign-in, store in memory', [...(await loginLines()), await hashedLoginLine()]),
  observer: async () => table('A sign-in with an observer, processor time', await observerLines()),
  import: async () => table('Import', importLines()),
  sqlite: async () => table('A listing applied to SQLite', await migrationLines()),
  'postgres-listing': onPostgres(async () =>
    table('A listing applied to PostgreSQL', await postgresMigrationLines()),
  ),
  csv: async () => table('A User Profile Listing from CSV', await transitionLines()),
  planning: planningTable,
  trail: async () => table('The trail of an account, verified', await trailLines()),
  password: async () => table('checkPassword, every unmet rule reported', await passwordLines()),
  lockout: async () => table('A wrong one-time code: the lockout step', await lockoutLines()),
  allocation: async () => table('Allocation of a User ID', await allocationLines()),
  profile: profileTable,
  growth: growthTables,
  market: marketTables,
  verify: verifyTable,
}

const unknown = only?.find((name) => !Object.hasOwn(parts, name))
if (unknown !== undefined)
  throw new Error(`--only must name parts of ${Object.keys(parts).join(', ')}, got ${unknown}`)

let missed = 0
for (const [name, part] of Object.entries(parts)) {
  if (only !== undefined && !only.includes(name)) continue
  missed += await part()
  const noted = takeNotes()
  if (writes && noted.tables.length > 0)
    writePart(name, { machine, versions: `Node ${process.version}, ${versions()}`, ...noted })
}
console.log(missed === 0 ? '\nAll aims are met.' : `\n${missed} aim(s) MISSED, as marked above.`)
if (writes) writePage()
