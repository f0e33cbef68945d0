/** The life of a password: its expiry, its change, its hash. */
import { expect, test } from 'vitest'
import {
  codeOf,
  count,
  good,
  lastReason,
  ninetyDays,
  recordOf,
  refusal,
  type TestService,
  testService,
} from '../support/test-service.ts'
import {
  another,
  begun,
  type ClientConnectPerson,
  initialised,
  loggedIn,
  mailed,
  passwordSet,
  registered,
  user,
  view,
  wrongPasswords,
} from '../support/user-journeys.ts'

/** A reset whose code was confirmed and that awaits the new password. */
const resetBegun = async (service: TestService) => {
  const { challenge } = await good(service.auth.passwordSetUp.begin({ userId: user }))
  await good(service.auth.passwordSetUp.confirmCode({ challenge, code: mailed(service, user) }))
  return (password: string, confirmation = password) =>
    service.auth.passwordSetUp.complete({ challenge, password, confirmation })
}

/** Change Password by a signed-in holder. */
const changing = async (service: TestService, person: ClientConnectPerson) => {
  const session = await loggedIn(service, person)
  return (password: string, current = person.password, confirmation = password) =>
    service.auth.selfService.changePassword({ session, current, password, confirmation })
}

test('PW-10, PW-11 · from 90 × 24 h on, to the millisecond, the correct password leads to its change', async () => {
  const service = testService()
  const person = await initialised(service)
  const set = await resetBegun(service)
  const changedAt = service.clock.now()
  await good(set(another(1)))
  const holder = { ...person, password: another(1) }
  service.clock.set(changedAt + ninetyDays - 1)
  expect((await begun(service, holder)).next).toBe('otp')
  service.clock.set(changedAt + ninetyDays)
  expect(await begun(service, holder)).toEqual({
    next: 'changePassword',
    challenge: expect.any(String),
    expiredAt: changedAt + ninetyDays,
  })
})

test('PW-09 · a sign-in reports how long the password is still valid', async () => {
  const service = testService()
  const person = await initialised(service)
  service.clock.pass(87 * 86_400_000)
  const { challenge } = await begun(service, person)
  const done = await good(service.auth.signIn.confirmOtp({ challenge, code: person.phone.code() }))
  expect(done).toMatchObject({ next: 'done', password: { status: 'valid', daysLeft: 3 } })
})

test.each(['MobileApp', 'Email'] as const)(
  'PW-12 · the expired password leads to its change and nothing else, then to a sign-in with the OTP (%s)',
  async (channel) => {
    const service = testService()
    const person = await initialised(service, user, channel)
    await wrongPasswords(service, person, 2)
    service.clock.pass(ninetyDays)
    const sent = service.mailer.mails.length
    const { challenge } = await begun(service, person)
    expect(service.mailer.mails.length).toBe(sent)
    expect(await codeOf(service.auth.signIn.confirmOtp({ challenge, code: person.phone.code() }))).toBe(
      'challenge-ended',
    )
    expect(await codeOf(service.auth.enrolment.chooseChannel({ challenge, channel: 'Email' }))).toBe(
      'challenge-ended',
    )
    expect(await codeOf(service.auth.passwordSetUp.confirmCode({ challenge, code: '12345678' }))).toBe(
      'code-refused',
    )

    const fresh = { password: another(1), confirmation: another(1) }
    expect(await codeOf(service.auth.passwordSetUp.complete({ challenge, ...fresh }))).toBe('ok')
    expect(await count(service, user, 'SignInCompleted')).toBe(0)
    expect((await view(service, person)).failedAttempts.passwords).toBe(2)
    expect(await codeOf(service.auth.passwordSetUp.complete({ challenge, ...fresh }))).toBe('challenge-ended')
    await loggedIn(service, { ...person, password: another(1) })
    expect((await view(service, person)).failedAttempts.passwords).toBe(0)
  },
)

test('PW-12 · a wrong password counts as a failed sign-in, expired or not', async () => {
  const service = testService()
  const person = await initialised(service)
  service.clock.pass(ninetyDays)
  await wrongPasswords(service, person, 5)
  expect((await view(service, person)).locked).toBe(true)
})

test('ACC-18, PW-11 · a password that expires before the channel is enrolled is void, and the first sign-in starts again', async () => {
  const service = testService()
  await registered(service, user)
  const password = await passwordSet(service, user)
  service.clock.pass(ninetyDays)
  expect(await codeOf(service.auth.signIn.begin({ userId: user, password, system: 'CCASS/CCMS' }))).toBe(
    'sign-in-refused',
  )
  expect(await lastReason(service, user)).toBe('password-lapsed')
  await passwordSet(service, user, another(1))
  expect((await begun(service, { userId: user, password: another(1) })).next).toBe('enrolOtp')
})

test('PW-13 · after Change Password the new password applies from the next sign-in, and the old one is refused', async () => {
  const service = testService()
  const person = await initialised(service)
  const change = await changing(service, person)
  const { challenge } = await begun(service, person)
  expect(await codeOf(change(another(1)))).toBe('ok')
  expect(await codeOf(service.auth.signIn.confirmOtp({ challenge, code: person.phone.code() }))).toBe(
    'challenge-ended',
  )
  expect(await codeOf(service.auth.signIn.begin(person))).toBe('sign-in-refused')
  await loggedIn(service, { ...person, password: another(1) })
})

test('PW-14 · a wrong current password counts as a failed sign-in; the fifth locks the account and ends the session', async () => {
  const service = testService()
  const person = await initialised(service)
  const change = await changing(service, person)
  await wrongPasswords(service, person, 1)
  for (let i = 0; i < 3; i++)
    expect(await refusal(change(another(1), another(9)))).toEqual({
      code: 'current-password-refused',
      rule: 'PW-14',
    })
  expect((await view(service, person)).failedAttempts.passwords).toBe(4)
  expect(await codeOf(change(another(1), another(9)))).toBe('current-password-refused')
  expect((await view(service, person)).locked).toBe(true)
  expect(await codeOf(change(another(1)))).toBe('session-ended')
})

test('PW-14, LOCK-03 · a correct current password clears no counter', async () => {
  const service = testService()
  const person = await initialised(service)
  const change = await changing(service, person)
  await wrongPasswords(service, person, 3)
  expect(await codeOf(change(another(1)))).toBe('ok')
  expect((await view(service, person)).failedAttempts.passwords).toBe(3)
})

test('PW-15 · a hash made with weaker settings is replaced at the next sign-in, and only by the right password', async () => {
  const service = testService()
  const person = await initialised(service)
  const hashes = async () =>
    Object.values((await recordOf(service, user))?.vault ?? {}).filter((x) => /^stub/.test(x))
  const [weak] = await hashes()
  service.passwordHasher.strength = 2
  await wrongPasswords(service, person, 1)
  expect(await hashes()).toEqual([weak])
  await loggedIn(service, person)
  const [strong, ...others] = await hashes()
  expect([strong, others]).toEqual([expect.stringMatching(/^stub\$2\$/), []])
  await loggedIn(service, person)
  expect(await hashes()).toEqual([strong])
})

test('PW-15 · rehashing the old password does not change its age', async () => {
  const service = testService()
  const person = await initialised(service)
  const before = (await view(service, person)).password
  service.clock.pass(86_400_000)
  service.passwordHasher.strength = 2
  await loggedIn(service, person)
  const after = (await view(service, person)).password
  if (before?.status !== 'valid' || after?.status !== 'valid') throw new Error('expired')
  expect(after.expiresAt).toBe(before.expiresAt)
})
