/** After an unlock nothing old is valid: no password, device, challenge, session or code. */
import { expect, test } from 'vitest'
import type { OtpChannel } from '../../src/index.ts'
import { codeOf, credentialsIn, good, lastReason, recordOf, testService } from '../support/test-service.ts'
import { expectTrailVerifies } from '../support/trail-check.ts'
import {
  another,
  begun,
  channelSet,
  initialised,
  locked,
  loggedIn,
  mailed,
  passwordSet,
  phone,
  registered,
  setUp,
  unlocked,
  user,
  view,
  wrongPasswords,
} from '../support/user-journeys.ts'

test.each(['MobileApp', 'Email'] as const)(
  'ACC-07 · after an unlock password and OTP channel are set up as if for the first time (%s)',
  async (channel) => {
    const w = testService()
    const person = await locked(w, await initialised(w, user, channel))
    expect(await view(w, person)).toMatchObject({ locked: true, stage: 'Locked', channel })
    const after = await unlocked(w, person)
    expect(after).toMatchObject({
      locked: false,
      stage: 'Registered',
      failedAttempts: { passwords: 0, otps: 0 },
    })
    expect(after).not.toHaveProperty('channel')
    const other: OtpChannel = channel === 'Email' ? 'MobileApp' : 'Email'
    const renewed = await setUp(w, user, other)
    expect((await loggedIn(w, renewed)).method).toBe(other)
    await expectTrailVerifies(w, user)
  },
)

test('MNT-09, ACC-07 · an account that is not locked can be unlocked, which resets an email user’s password', async () => {
  const w = testService()
  const person = await initialised(w, user, 'Email')
  await wrongPasswords(w, person, 3)
  expect((await unlocked(w, person)).failedAttempts).toEqual({ passwords: 0, otps: 0, failedSignIns: 0 })
  await loggedIn(w, await setUp(w, user, 'Email'))
})

test('ACC-08 · the old password is void from the moment of the unlock, and its hash is deleted', async () => {
  const w = testService()
  const person = await initialised(w)
  await unlocked(w, person)
  const { userId, password, system } = person
  expect(await codeOf(w.auth.signIn.begin({ userId, password, system }))).toBe('sign-in-refused')
  expect(await lastReason(w, user)).toBe('no-password-set')
  expect(credentialsIn(await recordOf(w, user))).toEqual({})
})

test('ACC-08 · a lock voids password and device as well, and only an unlock ends it', async () => {
  const w = testService()
  await locked(w, await initialised(w))
  expect(credentialsIn(await recordOf(w, user))).toEqual({})
})

test('ACC-08 · the old device is void, and its codes are refused after the new enrolment', async () => {
  const w = testService()
  const old = await initialised(w)
  await unlocked(w, old)
  const renewed = await setUp(w, user, 'MobileApp')
  const { challenge } = await begun(w, renewed)
  expect(await codeOf(w.auth.signIn.confirmOtp({ challenge, code: old.phone.code() }))).toBe('code-refused')
})

test.each(['MobileApp', 'Email'] as const)(
  'ACC-08 · an open sign-in and its code are void (%s)',
  async (channel) => {
    const w = testService()
    const person = await initialised(w, user, channel)
    const { challenge } = await begun(w, person)
    const code = channel === 'Email' ? mailed(w, user) : person.phone.code()
    await unlocked(w, person)
    expect(await codeOf(w.auth.signIn.confirmOtp({ challenge, code }))).toBe('challenge-ended')
    expect(await codeOf(w.auth.signIn.resendCode({ challenge }))).toBe('challenge-ended')
    expect(await codeOf(w.auth.signIn.cancel({ challenge }))).toBe('challenge-ended')
  },
)

test('ACC-08 · an emailed password code is void, also if it was already entered', async () => {
  const w = testService()
  const person = await initialised(w)
  const { passwordSetUp } = w.auth
  const { challenge: given } = await good(passwordSetUp.begin({ userId: user }))
  await good(passwordSetUp.confirmCode({ challenge: given, code: mailed(w, user) }))
  const { challenge: open } = await good(passwordSetUp.begin({ userId: user }))
  const code = mailed(w, user)
  await unlocked(w, person)
  expect(await codeOf(passwordSetUp.confirmCode({ challenge: open, code }))).toBe('code-refused')
  const fresh = { password: another(1), confirmation: another(1) }
  expect(await codeOf(passwordSetUp.complete({ challenge: given, ...fresh }))).toBe('challenge-ended')
  expect((await view(w, person)).stage).toBe('Registered')
})

test('ACC-08 · a code sent before the unlock is refused in a reset requested after it', async () => {
  const w = testService()
  const person = await initialised(w)
  await good(w.auth.passwordSetUp.begin({ userId: user }))
  const before = mailed(w, user)
  await unlocked(w, person)
  const { challenge } = await good(w.auth.passwordSetUp.begin({ userId: user }))
  expect(mailed(w, user)).not.toBe(before)
  expect(await codeOf(w.auth.passwordSetUp.confirmCode({ challenge, code: before }))).toBe('code-refused')
})

test.each(['MobileApp', 'Email'] as const)(
  'ACC-08 · an enrolment in progress is void (%s)',
  async (channel) => {
    const w = testService()
    await registered(w, user)
    const password = await passwordSet(w, user)
    const { challenge } = await begun(w, { userId: user, password })
    const enrolment = await good(w.auth.enrolment.chooseChannel({ challenge, channel }))
    const code = enrolment.channel === 'Email' ? mailed(w, user) : phone(w.clock, enrolment.secret).code()
    await unlocked(w, { userId: user })
    expect(await codeOf(w.auth.enrolment.confirm({ challenge, code }))).toBe('challenge-ended')
    expect(await codeOf(w.auth.enrolment.chooseChannel({ challenge, channel }))).toBe('challenge-ended')
    const renewed = await passwordSet(w, user)
    expect(await codeOf(w.auth.enrolment.confirm({ challenge, code }))).toBe('challenge-ended')
    await channelSet(w, (await begun(w, { userId: user, password: renewed })).challenge, user, channel)
  },
)

test('ACC-08 · the change of an expired password in progress is void', async () => {
  const w = testService()
  const person = await initialised(w)
  w.clock.pass(90 * 86_400_000)
  const { challenge } = await begun(w, person)
  await unlocked(w, person)
  const fresh = { password: another(1), confirmation: another(1) }
  expect(await codeOf(w.auth.passwordSetUp.complete({ challenge, ...fresh }))).toBe('challenge-ended')
})

test('ACC-08 · a requested device change is cancelled', async () => {
  const w = testService()
  const person = await initialised(w)
  await good(w.auth.selfService.changeDevice({ session: await loggedIn(w, person) }))
  await unlocked(w, person)
  const renewed = await setUp(w, user, 'MobileApp')
  expect((await begun(w, renewed)).next).toBe('otp')
  w.clock.pass(30_000)
  await loggedIn(w, renewed)
})

test('ACC-08 · every session of the account ends', async () => {
  const w = testService()
  const person = await initialised(w)
  const session = await loggedIn(w, person)
  await unlocked(w, person)
  expect(await codeOf(w.auth.sessions.check({ session }))).toBe('session-ended')
  await setUp(w, user, 'MobileApp')
  expect(await codeOf(w.auth.sessions.check({ session }))).toBe('session-ended')
  expect(await codeOf(w.auth.selfService.changeDevice({ session }))).toBe('session-ended')
})

test('ACC-07 · the limits of codes and of wrong set-up codes start again after an unlock', async () => {
  const w = testService()
  const person = await initialised(w)
  for (let i = 0; i < 5; i++) await good(w.auth.passwordSetUp.begin({ userId: user }))
  const sent = w.mailer.mails.length
  await good(w.auth.passwordSetUp.begin({ userId: user }))
  expect(w.mailer.mails.length).toBe(sent)
  await unlocked(w, person)
  await passwordSet(w, user)
})
