/**
 * What the library costs, against what others cost that do the same and what doing almost nothing costs:
 * `npm run bench`, or `npm run bench -- --quick` to see that it runs. It measures the built package.
 *
 * Every ratio is of two figures of one run. An aim that is missed is said to be; nothing fails for it.
 */
import { cpus } from 'node:os'
import { allocationLines } from './allocation.ts'
import { effort, table } from './harness.ts'
import { importLines } from './imports.ts'
import { lockoutLines } from './lockout.ts'
import { hashedLoginLine, loginLines } from './login.ts'
import { migrationLines } from './migration.ts'
import { passwordLines } from './password.ts'
import { hasPostgres, postgresLines } from './postgres.ts'
import { trailLines } from './trail.ts'
import { planningTable, transitionLines } from './transition.ts'

console.log(
  `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}, medians of ${effort.rounds} rounds`,
)
if (effort.quick) console.log('--quick: to see that it runs; the figures mean little')

let missed = 0
missed += table('Import', importLines())
missed += table('checkPassword, every unmet rule reported', await passwordLines())
missed += table('A wrong one-time code: the lockout step', await lockoutLines())
missed += table('A complete sign-in', [...(await loginLines()), await hashedLoginLine()])
missed += table('Allocation of a User ID', await allocationLines())
missed += table('A listing applied to SQLite', await migrationLines())
missed += table('A User Profile Listing from CSV', await transitionLines())
missed += table('The trail of an account, verified', await trailLines())
missed += await planningTable()
if (hasPostgres()) missed += table('A full sign-in on PostgreSQL', await postgresLines())
else
  console.log(
    '\nNo PostgreSQL is installed here (Debian: package postgresql): sign-ins on it are not measured.',
  )
console.log(missed === 0 ? '\nAll aims are met.' : `\n${missed} aim(s) MISSED, as marked above.`)
