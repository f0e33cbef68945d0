/** Wrong clocks: nothing outlives its length, no correct code locks an account, and the host is notified. */
import { expect, test } from 'vitest'
import { DAY, HOUR } from '../../src/kernel/instant.ts'
import { codeOf, good, lastReason, testService } from '../support/test-service.ts'
import { begun, codeOfNow, initialised, loggedIn, mailed, user, view } from '../support/user-journeys.ts'

test.each([
  ['minutes', 10 * 60_000],
  ['hours', 2 * HOUR],
  ['days', 24 * DAY],
  ['years', 3_650 * DAY],
] as const)(
  'API-03, OTP-05 · after a sign-in with a clock %s ahead, twenty correct codes lock no account',
  async (_, jump) => {
    const w = testService({ policy: { password: { maximumAgeDays: 90 } } })
    const person = await initialised(w)
    const now = w.clock.now()
    const { challenge: early } = await begun(w, person)
    w.clock.set(now + 60_000)
    await good(w.auth.signIn.cancel({ challenge: early }))
    w.clock.set(now + Math.min(jump, 80 * DAY))
    const session = await loggedIn(w, person)
    w.clock.set(now)
    expect(await codeOf(w.auth.sessions.check({ session }))).toBe('session-ended')
    for (let i = 0; i < 20; i++) {
      const { challenge } = await begun(w, person)
      expect(await codeOf(w.auth.signIn.confirmOtp({ challenge, code: person.phone.code() }))).toBe(
        'code-refused',
      )
      w.clock.pass(1_000)
    }
    expect(await view(w, person)).toMatchObject({ locked: false, failedAttempts: { otps: 0 } })
    expect(await lastReason(w, user)).toBe('instant-from-the-future')
    expect(w.faults.some(({ port }) => port === 'clock')).toBe(true)
  },
)

test('API-03 · clocks of several hosts that differ by less than five seconds cause no fault', async () => {
  const w = testService()
  const person = await initialised(w)
  const session = await loggedIn(w, person)
  w.clock.set(session.signedInAt - 4_000)
  expect(await codeOf(w.auth.sessions.check({ session }))).toBe('ok')
  w.clock.set(session.signedInAt - 5_001)
  expect(await codeOf(w.auth.sessions.check({ session }))).toBe('session-ended')
  expect(w.faults.map(({ port }) => port)).toEqual(['clock'])
})

test('API-03, OTP-06 · an emailed code and a challenge from a clock ahead are never valid longer than allowed', async () => {
  const w = testService()
  const person = await initialised(w, user, 'Email')
  const now = w.clock.now()
  w.clock.set(now + 2 * HOUR)
  const { challenge } = await begun(w, person)
  const code = mailed(w, user)
  for (const at of [now, now + HOUR]) {
    w.clock.set(at)
    expect(await codeOf(w.auth.signIn.confirmOtp({ challenge, code }))).toBe('challenge-ended')
  }
  w.clock.set(now)
  const { challenge: fresh } = await begun(w, person)
  expect(await codeOf(w.auth.signIn.confirmOtp({ challenge: fresh, code: codeOfNow(w, person) }))).toBe('ok')
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
  const w = testService()
  const person = await initialised(w)
  await good(w.auth.registry.change({ userId: user, by: 'HKEX', changes: { disableAfter: '2030-12-31' } }))
  const session = await loggedIn(w, person)
  const now = w.clock.now()
  w.clock.set(at)
  const { password } = person
  expect(await codeOf(w.auth.signIn.begin({ userId: user, password, system: 'CCASS/CCMS' }))).toBe(
    'port-failed',
  )
  expect(await codeOf(w.auth.sessions.check({ session }))).toBe('port-failed')
  expect(await codeOf(w.auth.passwordSetUp.begin({ userId: user }))).toBe('port-failed')
  w.clock.set(now)
  expect(await codeOf(w.auth.sessions.check({ session }))).toBe('ok')
})
