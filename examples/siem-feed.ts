/**
 * The audit trail is delivered to a SIEM as OCSF events, through a process that is killed and started again.
 *
 *     npm run example:siem-feed
 *
 * Begin reading at `siem-feed/deliver.ts` (what a host calls).
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { OcsfEvent } from 'ccass-2fa/ocsf'
import { openService } from './siem-feed/service.ts'

const folder = mkdtempSync(join(tmpdir(), 'ccass-2fa-siem-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
const [database, log, cursor] = ['accounts.sqlite', 'events.jsonl', 'cursor'].map((name) =>
  join(folder, name),
) as [string, string, string]
const { auth, close } = openService(database)

/** Runs the process that feeds the SIEM: what it printed, and the signal that ended it. */
const feed = (...ending: readonly string[]) => {
  const script = fileURLToPath(new URL('siem-feed/feed.ts', import.meta.url))
  const { stdout, stderr, signal } = spawnSync(
    process.execPath,
    ['--import', 'tsx', script, database, log, cursor, ...ending],
    { encoding: 'utf8' },
  )
  assert.equal(stderr, '')
  return { delivered: stdout.trim(), signal }
}
const received = (): readonly OcsfEvent[] =>
  readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
const uids = () => received().map(({ metadata }) => metadata.uid)

await auth.registry.register({
  ...{ userId: 'B0123401', role: 'User', origin: 'created', by: 'hkex.operator' },
  email: 'holder@participant.example',
})
const guess = (userId: string, source: string) =>
  auth.signIn.begin({
    ...{ userId, password: 'Demo only: a guess!', system: 'CCASS/CCMS' },
    context: { source, userAgent: 'Terminal/1.0' },
  })
await guess('B0123401', '203.0.113.9')
await guess('B0123499', '203.0.113.9')

assert.equal(feed('killed').signal, 'SIGKILL')
const first = uids()
console.log(`Killed after ${first.length} events were written, before the cursor was stored.`)

const { delivered } = feed()
const second = uids()
assert.deepEqual(second, [...first, ...first], 'the same entries again, with the same uid')
console.log(
  `Started again: ${delivered} events, of which ${new Set(second).size - first.length} are new by metadata.uid.`,
)

await guess('B0123402', '198.51.100.7')
assert.equal(feed().delivered, '1', 'from the stored cursor on')
assert.equal(feed().delivered, '0')
const events = [...new Map(received().map((event) => [event.metadata.uid, event])).values()]
console.log(`After one more refused sign-in: 1 event. The SIEM has ${events.length} different events.\n`)

const places = events.map(({ unmapped, metadata }) => ({
  record: JSON.stringify(unmapped['record']),
  ...metadata,
}))
for (const { record } of places) {
  const own = places.filter((entry) => entry.record === record).map(({ sequence }) => sequence)
  assert.deepEqual(
    own,
    own.map((_, index) => index + 1),
    'in the order of the trail, none missing',
  )
}

const refused = events.filter(
  ({ type_name, status }) => type_name === 'Authentication: Logon' && status === 'Failure',
)
assert.deepEqual(
  refused.map(({ user, status_code, src_endpoint }) => [user?.uid, status_code, src_endpoint]),
  [
    ['B0123401', 'no-password-set', { ip: '203.0.113.9' }],
    ['B0123499', 'unknown-user', { ip: '203.0.113.9' }],
    ['B0123402', 'unknown-user', { ip: '198.51.100.7' }],
  ],
)
console.log('Refused sign-ins, with source and reason:')
for (const event of refused) console.log(JSON.stringify(event, undefined, 2))
close()
