/** Forgot/Reset your password? */
import { expect, test } from 'vitest'
import { codeOf, count, good, lastReason, refusal, testService } from '../support/test-service.ts'
import {
  another,
  begun,
  initialised,
  locked,
  loggedIn,
  mailed,
  passwordSet,
  registered,
  user,
  view,
  wrongPasswords,
} from '../support/user-journeys.ts'

test('ACC-09, ACC-10 · an app user resets the password by an emailed code; the device stays, the old password is void, and no session is created', async () => {
  const service = testService()
  const person = await initialised(service)
  const logins = await count(service, user, 'SignInCompleted')
  await passwordSet(service, user, another(1))
  expect(await count(service, user, 'SignInCompleted')).toBe(logins)
  const { userId, password, system } = person
  expect(await codeOf(service.auth.signIn.begin({ userId, password, system }))).toBe('sign-in-refused')
  await loggedIn(service, { ...person, password: another(1) })
})

test('ACC-09 · an email user cannot reset the password, because one mailbox would be both factors', async () => {
  const service = testService()
  await initialised(service, user, 'Email')
  const sent = service.mailer.mails.length
  const { challenge } = await good(service.auth.passwordSetUp.begin({ userId: user }))
  expect(service.mailer.mails.length).toBe(sent)
  expect(await lastReason(service, user)).toBe('email-otp-user')
  expect(
    await codeOf(service.auth.passwordSetUp.confirmCode({ challenge, code: mailed(service, user) })),
  ).toBe('code-refused')
})

test('ACC-09 · a reset that was open before the channel became email cannot be continued', async () => {
  const service = testService()
  await registered(service, user)
  const password = await passwordSet(service, user)
  const { challenge: login } = await begun(service, { userId: user, password })
  const { challenge } = await good(service.auth.passwordSetUp.begin({ userId: user }))
  const code = mailed(service, user)
  await good(service.auth.enrolment.chooseChannel({ challenge: login, channel: 'Email' }))
  await good(service.auth.enrolment.confirm({ challenge: login, code: mailed(service, user) }))
  expect(await codeOf(service.auth.passwordSetUp.confirmCode({ challenge, code }))).toBe('code-refused')
})

test('ACC-10 · a locked account cannot reset its password', async () => {
  const service = testService()
  const person = await initialised(service)
  const { challenge: before } = await good(service.auth.passwordSetUp.begin({ userId: user }))
  const code = mailed(service, user)
  await locked(service, person)
  expect(await codeOf(service.auth.passwordSetUp.confirmCode({ challenge: before, code }))).toBe(
    'code-refused',
  )
  const sent = service.mailer.mails.length
  await good(service.auth.passwordSetUp.begin({ userId: user }))
  expect(service.mailer.mails.length).toBe(sent)
  expect(await lastReason(service, user)).toBe('locked')
})

test('ACC-10, LOCK-03 · a reset keeps the counters: after four wrong passwords and a reset, one more locks the account', async () => {
  const service = testService()
  const person = await initialised(service)
  await wrongPasswords(service, person, 4)
  await passwordSet(service, user, another(1))
  expect((await view(service, person)).failedAttempts).toEqual({ passwords: 4, otps: 0, failedSignIns: 4 })
  await wrongPasswords(service, person, 1)
  expect((await view(service, person)).locked).toBe(true)
})

test('ACC-10 · a password reset ends a sign-in that was open', async () => {
  const service = testService()
  const person = await initialised(service)
  const { challenge } = await begun(service, person)
  await passwordSet(service, user, another(1))
  expect(await codeOf(service.auth.signIn.confirmOtp({ challenge, code: person.phone.code() }))).toBe(
    'challenge-ended',
  )
})

test('ACC-10 · the challenge of a reset accepts one new password, and only after the code', async () => {
  const service = testService()
  await initialised(service)
  const { passwordSetUp } = service.auth
  const { challenge } = await good(passwordSetUp.begin({ userId: user }))
  const set = (password: string) =>
    codeOf(passwordSetUp.complete({ challenge, password, confirmation: password }))
  expect(await set(another(1))).toBe('challenge-ended')
  await good(passwordSetUp.confirmCode({ challenge, code: mailed(service, user) }))
  expect(await codeOf(passwordSetUp.confirmCode({ challenge, code: mailed(service, user) }))).toBe(
    'code-refused',
  )
  expect(await set('too short')).toBe('password-refused')
  expect(await set(another(2))).toBe('ok')
  expect(await set(another(3))).toBe('challenge-ended')
})

test('OTP-11 · the challenge of a password code expires after ten minutes, also after the code was entered', async () => {
  const service = testService({ policy: { emailCode: { validSeconds: 900 } } })
  await initialised(service)
  const { passwordSetUp } = service.auth
  const begin = async () => (await good(passwordSetUp.begin({ userId: user }))).challenge
  const late = await begin()
  service.clock.pass(600_000)
  expect(await codeOf(passwordSetUp.confirmCode({ challenge: late, code: mailed(service, user) }))).toBe(
    'code-refused',
  )
  expect(await lastReason(service, user)).toBe('challenge-expired')
  const challenge = await begin()
  service.clock.pass(599_999)
  await good(passwordSetUp.confirmCode({ challenge, code: mailed(service, user) }))
  service.clock.pass(1)
  const fresh = { password: another(1), confirmation: another(1) }
  expect(await codeOf(passwordSetUp.complete({ challenge, ...fresh }))).toBe('challenge-ended')
})

test('ACC-16 · every request for a code gets the same answer; the trail records the reason', async () => {
  const service = testService()
  const ask = async (userId: string) => {
    const { challenge, ...rest } = await good(service.auth.passwordSetUp.begin({ userId }))
    expect(challenge).toMatch(new RegExp(`^${userId}\\.[0-9a-f]{32}$`))
    const refused = await refusal(service.auth.passwordSetUp.confirmCode({ challenge, code: '00000000' }))
    return [rest, refused, await lastReason(service, userId)]
  }
  await initialised(service, 'B0123401')
  await initialised(service, 'B0123402', 'Email')
  await registered(service, 'B0123403', { email: null })
  await registered(service, 'B0123404', { status: 'DISABLED' })
  await registered(service, 'B0123405', { enableFrom: '2030-01-01' })
  await locked(service, await initialised(service, 'B0123406'))
  await registered(service, 'B0123407')
  await good(service.auth.registry.delete({ userId: 'B0123407', by: 'HKEX' }))
  for (let i = 0; i < 4; i++) await good(service.auth.passwordSetUp.begin({ userId: 'B0123401' }))

  const answers = []
  for (const end of ['1', '2', '3', '4', '5', '6', '7', '8']) answers.push(await ask(`B012340${end}`))
  const refused = { code: 'code-refused', rule: 'LOCK-06' }
  expect(answers.map(([rest, code]) => [rest, code])).toEqual(answers.map(() => [{}, refused]))
  expect(answers.map(([, , reason]) => reason)).toEqual([
    'no-such-challenge', // its code was one too many: nothing was begun
    'no-such-challenge',
    'no-such-challenge',
    'disabled',
    'not-yet-enabled',
    'locked',
    'deleted',
    'unknown-user',
  ])
})
