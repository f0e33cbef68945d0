/**
 * Plans the migration of a User Profile Listing as a dry run: it changes nothing and needs only the file.
 * `npm run example:plan-listing [listing.csv [report.html]]`. docs/transition.md shows the regions.
 */
import assert from 'node:assert/strict'
// #region read
import { createReadStream } from 'node:fs'
import { readListingCsv } from 'ccass-2fa/listing-csv'

const sample = new URL('data/user-profile-listing.csv', import.meta.url)
const listing = await readListingCsv(() => createReadStream(process.argv[2] ?? sample))
if (listing.isErr()) {
  const { problem, missing } = listing.error
  throw new Error(`not a User Profile Listing (${problem}); missing: ${missing.join(', ') || 'nothing'}`)
}

// #endregion

// #region plan
import { defineTimeline } from 'ccass-2fa'
import { listingPlanner } from 'ccass-2fa/migration'

const timeline = defineTimeline({
  launch: Date.parse('2023-06-05T09:00:00+08:00'),
  participants: { BNK999: { launch: Date.parse('2023-07-03T09:00:00+08:00') } }, // this one moves later
})
if (timeline.isErr()) throw new Error(JSON.stringify(timeline.error.problems))

const planning = listingPlanner(timeline.value, {
  at: Date.parse('2023-05-02T09:00:00+08:00'),
  maxima: { B01234: 20 },
  declared: { B01234: [2, 3] }, // checklist items that the participant reports as done
})
for await (const { line, read } of listing.value.rows) planning.add(line, read)
const plan = planning.finish() // totals, and for each participant: what blocks an account, who can help, the checklist

// #endregion

// #region report
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { htmlReport, textReport } from 'ccass-2fa/migration-report'

const report = { plan, source: process.argv[2] ?? 'user-profile-listing.csv' }
for (const piece of textReport(report)) process.stdout.write(piece)
const page = process.argv[3]
if (page !== undefined) await pipeline(Readable.from(htmlReport(report)), createWriteStream(page))
// #endregion

if (process.argv[2] === undefined) {
  const { lines, ready, blocked, refused } = plan.totals
  assert.deepEqual({ lines, ready, blocked, refused }, { lines: 13, ready: 10, blocked: 3, refused: 0 })
}
