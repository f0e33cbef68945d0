/** Wrong clocks: nothing outlives its length, no correct code locks an account, and the host is notified. */
import { expect, test } from 'vitest'
import type { Refusal, ResultAsync } from '../../src/index.ts'
import { DAY, HOUR } from '../../src/kernel/instant.ts'
import {
  changing,
  checkerId,
  confirming,
  dmsTestService,
  entered,
  getCode,
  makerId,
  reviewed,
  storedAt,
} from '../support/dms.ts'
import { codeOf, good, lastReason, refusal, testService } from '../support/test-service.ts'
import { begun, codeOfNow, initialised, loggedIn, mailed, user, view } from '../support/user-journeys.ts'

const MINUTE = 60_000

test.each([
  ['minutes', 10 * 60_000],
  ['hours', 2 * HOUR],
  ['days', 24 * DAY],
  ['years', 3_650 * DAY],
] as const)(
  'API-03, OTP-05 · after a sign-in with a clock %s ahead, twenty correct codes lock no account',
  async (_, jump) => {
    const service = testService({ policy: { password: { maximumAgeDays: 90 } } })
    const person = await initialised(service)
    const now = service.clock.now()
    const { challenge: early } = await begun(service, person)
    service.clock.set(now + 60_000)
    await good(service.auth.signIn.cancel({ challenge: early }))
    service.clock.set(now + Math.min(jump, 80 * DAY))
    const session = await loggedIn(service, person)
    service.clock.set(now)
    expect(await codeOf(service.auth.sessions.check({ session }))).toBe('session-ended')
    for (let i = 0; i < 20; i++) {
      const { challenge } = await begun(service, person)
      expect(await codeOf(service.auth.signIn.confirmOtp({ challenge, code: person.phone.code() }))).toBe(
        'code-refused',
      )
      service.clock.pass(1_000)
    }
    expect(await view(service, person)).toMatchObject({ locked: false, failedAttempts: { otps: 0 } })
    expect(await lastReason(service, user)).toBe('instant-from-the-future')
    expect(service.faults.some(({ port }) => port === 'clock')).toBe(true)
  },
)

test('API-03 · clocks of several hosts that differ by less than five seconds cause no fault', async () => {
  const service = testService()
  const person = await initialised(service)
  const session = await loggedIn(service, person)
  service.clock.set(session.signedInAt - 4_000)
  expect(await codeOf(service.auth.sessions.check({ session }))).toBe('ok')
  service.clock.set(session.signedInAt - 5_001)
  expect(await codeOf(service.auth.sessions.check({ session }))).toBe('session-ended')
  expect(service.faults.map(({ port }) => port)).toEqual(['clock'])
})

test('API-03, OTP-06 · an emailed code and a challenge from a clock ahead are never valid longer than allowed', async () => {
  const service = testService()
  const person = await initialised(service, user, 'Email')
  const now = service.clock.now()
  service.clock.set(now + 2 * HOUR)
  const { challenge } = await begun(service, person)
  const code = mailed(service, user)
  for (const at of [now, now + HOUR]) {
    service.clock.set(at)
    expect(await codeOf(service.auth.signIn.confirmOtp({ challenge, code }))).toBe('challenge-ended')
  }
  service.clock.set(now)
  const { challenge: fresh } = await begun(service, person)
  expect(
    await codeOf(service.auth.signIn.confirmOtp({ challenge: fresh, code: codeOfNow(service, person) })),
  ).toBe('ok')
})

test('API-03 · a challenge and a code of a clock ahead are reported, even if nothing else is from the future', async () => {
  for (const channel of ['MobileApp', 'Email'] as const) {
    const service = testService()
    const person = await initialised(service, user, channel)
    service.clock.pass(DAY)
    const { challenge } = await begun(service, person)
    service.clock.pass(-HOUR)
    expect(service.faults).toEqual([])
    expect(
      await codeOf(service.auth.signIn.confirmOtp({ challenge, code: codeOfNow(service, person) })),
    ).toBe('challenge-ended')
    expect(
      service.faults.map(({ port }) => port),
      channel,
    ).toEqual(['clock'])
  }
})

test('API-03, DMS-05 · a request of a clock ahead can be neither reviewed nor decided; its maker can amend or withdraw it', async () => {
  const service = await dmsTestService()
  const now = service.clock.now()
  const { session } = service.maker
  const entry = changing({ surname: 'WONG' })
  service.clock.pass(10 * MINUTE)
  const { request } = await entered(service, entry)
  const review = await reviewed(service, request)
  const authorisationCode = await getCode(service, request)
  service.clock.set(now)
  const notOpen = { code: 'request-not-open', reason: 'expired' }
  const byChecker = { session: service.checker.session }
  const acts: readonly (() => ResultAsync<unknown, Refusal>)[] = [
    () => service.auth.dms.review({ ...byChecker, request }),
    () => service.auth.dms.getAuthorisationCode({ ...byChecker, review }),
    () => service.auth.dms.reject({ ...byChecker, review }),
    () => service.auth.dms.confirm({ session, request, checkerId, authorisationCode }),
  ]
  for (const act of acts) {
    service.faults.length = 0
    expect(await refusal(act())).toMatchObject(notOpen)
    expect(service.faults.map(({ port }) => port)).toEqual(['clock'])
  }
  // Nothing was closed or counted: amended under the right clock, it takes its usual course.
  await good(service.auth.dms.amend({ session, request, entry }))
  await good(confirming(service, request, await getCode(service, request)))
  service.clock.pass(10 * MINUTE)
  const second = await entered(service, changing({ surname: 'HO' }))
  service.clock.pass(-10 * MINUTE)
  await good(service.auth.dms.withdraw({ session, request: second.request }))
})

test('API-03, DMS-09 · a correct Authorisation Code of a clock ahead is refused, reported, and does not count', async () => {
  const service = await dmsTestService()
  const { request } = await entered(service, changing({ surname: 'WONG' }))
  const now = service.clock.now()
  service.clock.pass(10 * MINUTE)
  const early = await getCode(service, request)
  service.clock.set(now)
  for (let i = 0; i < 6; i++) {
    service.faults.length = 0
    expect(await codeOf(confirming(service, request, early))).toBe('authorisation-refused')
    expect(service.faults.map(({ port }) => port)).toEqual(['clock'])
  }
  expect(await lastReason(service, makerId)).toBe('instant-from-the-future')
  expect((await storedAt(service, 'request', request))?.['failedConfirmations']).toBe(0)
  await good(confirming(service, request, await getCode(service, request)))
})

test('ACC-15 · a policy with a shorter length ends the sessions that a longer one opened', async () => {
  const before = testService()
  const person = await initialised(before)
  const session = await loggedIn(before, person)
  const sealed = await good(before.auth.sessions.seal({ session }))
  const after = testService({ storage: before.storage, policy: { session: { validSeconds: 3_600 } } })
  for (const [at, answer] of [
    [HOUR - 1, 'ok'],
    [HOUR, 'session-ended'],
  ] as const) {
    after.clock.set(session.signedInAt + at)
    expect(await codeOf(after.auth.sessions.open({ sealed }))).toBe(answer)
    expect(await codeOf(after.auth.sessions.check({ session }))).toBe(answer)
  }
})

test('OTP-12, OTP-04 · an enrolment keeps its algorithm, digits and period when the policy changes', async () => {
  const before = testService()
  const person = await initialised(before)
  for (const totp of [{ periodSeconds: 60 }, { digits: 8 }, { algorithm: 'SHA512' }] as const) {
    const after = testService({ storage: before.storage, policy: { totp } })
    after.clock.set(before.clock.now())
    for (let i = 0; i < 3; i++) {
      const { challenge } = await begun(after, person)
      before.clock.set(after.clock.now())
      expect(await codeOf(after.auth.signIn.confirmOtp({ challenge, code: person.phone.code() }))).toBe('ok')
      after.clock.pass(30_000)
      before.clock.set(after.clock.now())
    }
  }
})

test.each([
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  0.5,
  8.64e15 + 1,
  -8.64e15 - 1,
  2 ** 53,
])('API-02, API-03 · a clock that returns %d is a failing port: nothing is counted or opened', async (at) => {
  const service = testService()
  const person = await initialised(service)
  await good(
    service.auth.registry.change({ userId: user, by: 'HKEX', changes: { disableAfter: '2030-12-31' } }),
  )
  const session = await loggedIn(service, person)
  const now = service.clock.now()
  service.clock.set(at)
  const { password } = person
  expect(await codeOf(service.auth.signIn.begin({ userId: user, password, system: 'CCASS/CCMS' }))).toBe(
    'port-failed',
  )
  expect(await codeOf(service.auth.sessions.check({ session }))).toBe('port-failed')
  expect(await codeOf(service.auth.passwordSetUp.begin({ userId: user }))).toBe('port-failed')
  service.clock.set(now)
  expect(await codeOf(service.auth.sessions.check({ session }))).toBe('ok')
})
