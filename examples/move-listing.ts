/**
 * Migrates the accounts of a User Profile Listing: applies and reconciles it, with the queries that a host
 * needs meanwhile. `npm run example:move-listing [listing.csv]`. docs/transition.md shows the regions.
 */
import assert from 'node:assert/strict'
import { createReadStream } from 'node:fs'
import { createAuthentication, defineTimeline } from 'ccass-2fa'
import { argon2Hasher } from 'ccass-2fa/argon2'
import { captureMailer } from 'ccass-2fa/capture-mailer'
import { readListingCsv } from 'ccass-2fa/listing-csv'
import { DAY } from 'ccass-2fa/rules'
import { sqliteStorage } from 'ccass-2fa/sqlite'
import { webCryptoRandom, webCryptoSecretBox } from 'ccass-2fa/web-crypto'
import Database from 'libsql'

const launch = Date.parse('2023-06-05T09:00:00+08:00')
const decommissioning = Date.parse('2023-12-04T00:00:00+08:00')
const timeline = defineTimeline({ launch, decommissioning })
if (timeline.isErr()) throw new Error(JSON.stringify(timeline.error.problems))
let now = Date.parse('2023-05-02T09:00:00+08:00')
const random = webCryptoRandom()
const auth = createAuthentication({
  storage: sqliteStorage(new Database(':memory:')),
  clock: { now: () => now },
  mailer: captureMailer(),
  passwordHasher: argon2Hasher(),
  random,
  secretBox: webCryptoSecretBox([{ id: 'k1', key: random.bytes(32) }]),
  timeline: timeline.value,
})

// #region lines
const linesOfFile = async () => {
  const listing = await readListingCsv(() =>
    createReadStream(process.argv[2] ?? new URL('data/user-profile-listing.csv', import.meta.url)),
  )
  if (listing.isErr()) throw new Error(listing.error.problem)
  return listing.value.rows
}
// #endregion

// #region apply
const stop = new AbortController() // stop.abort() stops before the next line
const applied = await auth.migration.apply({
  lines: await linesOfFile(),
  by: 'HKEX transition', // the actor in the audit trail
  signal: stop.signal,
  onProgress: ({ lines, upToLine, imported }) =>
    console.log(`${lines} lines, ${imported} imported; done up to line ${upToLine}`),
})
if (applied.isErr()) throw new Error(applied.error.code) // call it again to continue
console.log(applied.value.status, applied.value.imported, applied.value.present)
// #endregion

// #region reconcile
now = launch
const reconciled = await auth.migration.reconcile({
  lines: await linesOfFile(),
  onAccount: ({ userId, outcome, differs, pending }) => console.log(userId, outcome, differs, pending),
})
if (reconciled.isErr()) throw new Error(reconciled.error.code)
const { plan, reconciliation } = reconciled.value // for textReport and htmlReport
// #endregion

// #region remind
const participant = 'B01234'
const waiting = await auth.migration.notInitialised({ participant }) // who needs a reminder, and who can help
const expiring = await auth.migration.expiring({ participant, before: now + 30 * DAY })
const late = await auth.migration.lateRegistrations({ participant })
// #endregion

// #region access
const access = await auth.access.evaluate({
  userId: 'B0123401',
  resource: 'terminal', // or DMS, ONRD, PG
  site: 'backup', // default: primary
  at: launch, // default: now
})
if (access.isErr()) throw new Error(access.error.code)
console.log(access.value.decisions.smartcard) // { decision: 'deny', rule: 'MIG-09', reason: 'backup-centre' }
// #endregion

// #region smartcard
const card = await auth.smartcards.signIn({
  userId: 'B0123401',
  system: 'CCASS/CCMS',
  srn: '0101101200012AB2', // the serial number, as your existing flow read it
})
if (card.isErr()) throw new Error(card.error.code) // smartcard-refused has the reason and the rule
console.log(card.value.method) // 'Smartcard'
// #endregion

// #region retire
now = decommissioning
await auth.migration.decommissionSmartcards({ participant, by: 'HKEX transition' })
// #endregion

const gone = await auth.sessions.check({ session: card.value })
assert.equal(gone.isErr() && gone.error.code, 'session-ended')
if (process.argv[2] === undefined) {
  assert.equal(applied.value.imported, 13)
  assert.equal(plan.totals.lines, 13)
  assert.equal(reconciliation.totals.arrived, 13)
  assert.equal(waiting.isOk() && waiting.value.accounts.length, 6)
  assert.deepEqual(expiring.isOk() && expiring.value.accounts, [])
  assert.deepEqual(late.isOk() && late.value.accounts, [])
}
