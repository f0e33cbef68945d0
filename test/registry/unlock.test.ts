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
    const service = testService()
    const person = await locked(service, await initialised(service, user, channel))
    expect(await view(service, person)).toMatchObject({ locked: true, stage: 'Locked', channel })
    const after = await unlocked(service, person)
    expect(after).toMatchObject({
      locked: false,
      stage: 'Registered',
      failedAttempts: { passwords: 0, otps: 0 },
    })
    expect(after).not.toHaveProperty('channel')
    const other: OtpChannel = channel === 'Email' ? 'MobileApp' : 'Email'
    const renewed = await setUp(service, user, other)
    expect((await loggedIn(service, renewed)).method).toBe(other)
    await expectTrailVerifies(service, user)
  },
)

test('MNT-09, ACC-07 · an account that is not locked can be unlocked, which resets an email user’s password', async () => {
  const service = testService()
  const person = await initialised(service, user, 'Email')
  await wrongPasswords(service, person, 3)
  expect((await unlocked(service, person)).failedAttempts).toEqual({
    passwords: 0,
    otps: 0,
    failedSignIns: 0,
  })
  await loggedIn(service, await setUp(service, user, 'Email'))
})

test('ACC-08 · the old password is void from the moment of the unlock, and its hash is deleted', async () => {
  const service = testService()
  const person = await initialised(service)
  await unlocked(service, person)
  const { userId, password, system } = person
  expect(await codeOf(service.auth.signIn.begin({ userId, password, system }))).toBe('sign-in-refused')
  expect(await lastReason(service, user)).toBe('no-password-set')
  expect(credentialsIn(await recordOf(service, user))).toEqual({})
})

test('ACC-08 · a lock voids password and device as well, and only an unlock ends it', async () => {
  const service = testService()
  await locked(service, await initialised(service))
  expect(credentialsIn(await recordOf(service, user))).toEqual({})
})

test('ACC-08 · the old device is void, and its codes are refused after the new enrolment', async () => {
  const service = testService()
  const old = await initialised(service)
  await unlocked(service, old)
  const renewed = await setUp(service, user, 'MobileApp')
  const { challenge } = await begun(service, renewed)
  expect(await codeOf(service.auth.signIn.confirmOtp({ challenge, code: old.phone.code() }))).toBe(
    'code-refused',
  )
})

test.each(['MobileApp', 'Email'] as const)(
  'ACC-08 · an open sign-in and its code are void (%s)',
  async (channel) => {
    const service = testService()
    const person = await initialised(service, user, channel)
    const { challenge } = await begun(service, person)
    const code = channel === 'Email' ? mailed(service, user) : person.phone.code()
    await unlocked(service, person)
    expect(await codeOf(service.auth.signIn.confirmOtp({ challenge, code }))).toBe('challenge-ended')
    expect(await codeOf(service.auth.signIn.resendCode({ challenge }))).toBe('challenge-ended')
    expect(await codeOf(service.auth.signIn.cancel({ challenge }))).toBe('challenge-ended')
  },
)

test('ACC-08 · an emailed password code is void, also if it was already entered', async () => {
  const service = testService()
  const person = await initialised(service)
  const { passwordSetUp } = service.auth
  const { challenge: given } = await good(passwordSetUp.begin({ userId: user }))
  await good(passwordSetUp.confirmCode({ challenge: given, code: mailed(service, user) }))
  const { challenge: open } = await good(passwordSetUp.begin({ userId: user }))
  const code = mailed(service, user)
  await unlocked(service, person)
  expect(await codeOf(passwordSetUp.confirmCode({ challenge: open, code }))).toBe('code-refused')
  const fresh = { password: another(1), confirmation: another(1) }
  expect(await codeOf(passwordSetUp.complete({ challenge: given, ...fresh }))).toBe('challenge-ended')
  expect((await view(service, person)).stage).toBe('Registered')
})

test('ACC-08 · a code sent before the unlock is refused in a reset requested after it', async () => {
  const service = testService()
  const person = await initialised(service)
  await good(service.auth.passwordSetUp.begin({ userId: user }))
  const before = mailed(service, user)
  await unlocked(service, person)
  const { challenge } = await good(service.auth.passwordSetUp.begin({ userId: user }))
  expect(mailed(service, user)).not.toBe(before)
  expect(await codeOf(service.auth.passwordSetUp.confirmCode({ challenge, code: before }))).toBe(
    'code-refused',
  )
})

test.each(['MobileApp', 'Email'] as const)(
  'ACC-08 · an enrolment in progress is void (%s)',
  async (channel) => {
    const service = testService()
    await registered(service, user)
    const password = await passwordSet(service, user)
    const { challenge } = await begun(service, { userId: user, password })
    const enrolment = await good(service.auth.enrolment.chooseChannel({ challenge, channel }))
    const code =
      enrolment.channel === 'Email' ? mailed(service, user) : phone(service.clock, enrolment.secret).code()
    await unlocked(service, { userId: user })
    expect(await codeOf(service.auth.enrolment.confirm({ challenge, code }))).toBe('challenge-ended')
    expect(await codeOf(service.auth.enrolment.chooseChannel({ challenge, channel }))).toBe('challenge-ended')
    const renewed = await passwordSet(service, user)
    expect(await codeOf(service.auth.enrolment.confirm({ challenge, code }))).toBe('challenge-ended')
    await channelSet(
      service,
      (await begun(service, { userId: user, password: renewed })).challenge,
      user,
      channel,
    )
  },
)

test('ACC-08 · the change of an expired password in progress is void', async () => {
  const service = testService()
  const person = await initialised(service)
  service.clock.pass(90 * 86_400_000)
  const { challenge } = await begun(service, person)
  await unlocked(service, person)
  const fresh = { password: another(1), confirmation: another(1) }
  expect(await codeOf(service.auth.passwordSetUp.complete({ challenge, ...fresh }))).toBe('challenge-ended')
})

test('ACC-08 · a requested device change is cancelled', async () => {
  const service = testService()
  const person = await initialised(service)
  await good(service.auth.selfService.changeDevice({ session: await loggedIn(service, person) }))
  await unlocked(service, person)
  const renewed = await setUp(service, user, 'MobileApp')
  expect((await begun(service, renewed)).next).toBe('otp')
  service.clock.pass(30_000)
  await loggedIn(service, renewed)
})

test('ACC-08 · every session of the account ends', async () => {
  const service = testService()
  const person = await initialised(service)
  const session = await loggedIn(service, person)
  await unlocked(service, person)
  expect(await codeOf(service.auth.sessions.check({ session }))).toBe('session-ended')
  await setUp(service, user, 'MobileApp')
  expect(await codeOf(service.auth.sessions.check({ session }))).toBe('session-ended')
  expect(await codeOf(service.auth.selfService.changeDevice({ session }))).toBe('session-ended')
})

test('ACC-07 · the limits of codes and of wrong set-up codes start again after an unlock', async () => {
  const service = testService()
  const person = await initialised(service)
  for (let i = 0; i < 5; i++) await good(service.auth.passwordSetUp.begin({ userId: user }))
  const sent = service.mailer.mails.length
  await good(service.auth.passwordSetUp.begin({ userId: user }))
  expect(service.mailer.mails.length).toBe(sent)
  await unlocked(service, person)
  await passwordSet(service, user)
})
