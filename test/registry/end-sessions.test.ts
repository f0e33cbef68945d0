/** ACC-21: an administrator ends all sessions of an account, and changes nothing else. */
import { expect, test } from 'vitest'
import type { Session } from '../../src/index.ts'
import {
  codeOf,
  count,
  eventsOf,
  good,
  opened,
  refusal,
  testService,
  trailOf,
} from '../support/test-service.ts'
import { expectTrailVerifies } from '../support/trail-check.ts'
import {
  administrator,
  begun,
  initialised,
  loggedIn,
  registered,
  user,
  view,
} from '../support/user-journeys.ts'

const context = { source: '192.0.2.7', userAgent: 'console/1', requestId: 'r-1' }
const isVoid = { code: 'session-ended', rule: 'ACC-15' }
const end = { userId: user, by: administrator, context }

const signedInTwice = async (conditions: Parameters<typeof testService>[0] = {}) => {
  const service = testService(conditions)
  const person = await initialised(service)
  const sessions: readonly Session[] = [await loggedIn(service, person), await loggedIn(service, person)]
  return { service, person, sessions }
}

test.each([false, true])(
  'ACC-21 · an administrator ends every session of an account, in every process and sealed (record cache: %s)',
  async (recordCache) => {
    const { service, sessions } = await signedInTwice({ recordCache })
    const there = service.another()
    const sealed = await Promise.all(sessions.map((session) => good(there.sessions.seal({ session }))))
    expect(await good(service.auth.registry.endSessions(end))).toBeUndefined()
    for (const auth of [service.auth, there]) {
      for (const session of sessions) expect(await refusal(auth.sessions.check({ session }))).toEqual(isVoid)
      for (const text of sealed) expect(await refusal(auth.sessions.open({ sealed: text }))).toEqual(isVoid)
    }
    await expectTrailVerifies(service, user)
  },
)

test('ACC-21, PRI-01 · the trail names the administrator, the sessions, the reason and the request', async () => {
  const { service, sessions } = await signedInTwice()
  await good(service.auth.registry.endSessions(end))
  const entry = (await trailOf(service, user)).at(-1)
  expect(entry && opened(entry)).toMatchObject({
    actor: administrator,
    context,
    event: {
      type: 'SessionsEnded',
      rule: 'ACC-19',
      reason: 'ended-by-administrator',
      sessions: sessions.map(({ id }) => id),
    },
  })
})

test('ACC-21 · an account without open sessions stays unchanged, and nothing is recorded', async () => {
  const { service } = await signedInTwice()
  await good(service.auth.registry.endSessions(end))
  const recorded = await eventsOf(service, user)
  await good(service.auth.registry.endSessions(end))
  expect(await eventsOf(service, user)).toEqual(recorded)
  expect(await count(service, user, 'SessionsEnded')).toBe(1)
})

test('ACC-21 · password, device, counters and open challenges are kept, and the holder can sign in again at once', async () => {
  const { service, person } = await signedInTwice()
  const { challenge } = await begun(service, person)
  await service.auth.signIn.begin({ ...person, password: 'Wrong-Horse-00!!' })
  const before = await view(service, person)
  await good(service.auth.registry.endSessions(end))
  expect(await view(service, person)).toEqual(before)
  const done = await good(service.auth.signIn.confirmOtp({ challenge, code: person.phone.code() }))
  if (done.next !== 'done') throw new Error(done.next)
  expect(await codeOf(service.auth.sessions.check({ session: done.session }))).toBe('ok')
})

test('ACC-21 · sessions of other accounts continue', async () => {
  const { service } = await signedInTwice()
  const session = await loggedIn(service, await initialised(service, 'B0123402'))
  await good(service.auth.registry.endSessions(end))
  expect(await codeOf(service.auth.sessions.check({ session }))).toBe('ok')
})

test('ACC-21, API-04 · ending sessions is refused for an account that does not exist or was deleted, and for malformed input', async () => {
  const service = testService()
  const unknown = { code: 'unknown-account', rule: 'ID-12' }
  expect(await refusal(service.auth.registry.endSessions(end))).toEqual(unknown)
  await registered(service, user)
  await good(service.auth.registry.endSessions(end))
  await good(service.auth.registry.delete({ userId: user, by: 'HKEX' }))
  expect(await refusal(service.auth.registry.endSessions(end))).toEqual(unknown)
  expect(await codeOf(service.auth.registry.endSessions({ ...end, userId: 'B01234' }))).toBe(
    'malformed-user-id',
  )
  expect(await codeOf(service.auth.registry.endSessions({ ...end, by: '' }))).toBe('malformed-input')
})
