/**
 * The migration from smartcard to 2FA: a listing is planned, applied, interrupted, resumed and reconciled.
 * Then the same happens with a generated listing of 100,000 accounts, whose process is killed meanwhile.
 *
 *     npm run example:migrate [-- <listing.csv> [<accounts>]]
 *
 * You can pass your own User Profile Listing. The report is kept at the path that is printed.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { moveGenerated } from './migrate/generated.ts'
import { openHost } from './migrate/host.ts'
import { moveListing, showAccess } from './migrate/supplied.ts'
import { createTrace, RuleBroken } from './support/trace.ts'

const [listing, accounts = '100000'] = process.argv.slice(2)
const supplied = new URL('./data/user-profile-listing.csv', import.meta.url)
const directory = mkdtempSync(join(tmpdir(), 'ccass-2fa-'))
process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
const report = join(tmpdir(), 'ccass-2fa-migration.html')
const trace = createTrace()

try {
  const host = openHost(join(directory, 'supplied.sqlite'))
  await moveListing(host, listing ?? supplied, report, trace)
  if (listing === undefined) await showAccess(host, 'B0123401', trace)
  host.close()
  if (Number(accounts) > 0) await moveGenerated(join(directory, 'generated.sqlite'), Number(accounts), trace)
  trace.heading(`All ${trace.steps} steps agree with the rulebook.`)
} catch (error) {
  trace.heading('The example ends here because of an error.')
  console.error(error instanceof RuleBroken ? `  ${error.message}` : error)
  process.exitCode = 1
}
