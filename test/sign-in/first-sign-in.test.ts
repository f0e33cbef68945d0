/** The first sign-in, and the state afterwards. */
import { expect, test } from 'vitest'
import {
  codeOf,
  eventsOf,
  good,
  keyOf,
  lastReason,
  morning,
  refusal,
  testService,
} from '../support/test-service.ts'
import { expectTrailVerifies } from '../support/trail-check.ts'
import {
  administrator,
  begun,
  channelSet,
  codeOfNow,
  initialised,
  loggedIn,
  mailed,
  passwordSet,
  phone,
  registered,
  user,
  view,
  wrong,
} from '../support/user-journeys.ts'

test.each([
  ['MobileApp', user],
  ['Email', user],
  ['MobileApp', administrator],
] as const)(
  'ACC-01 · the first sign-in by %s takes a password set by an emailed code, the sign-in page, a channel, then both factors (%s)',
  async (channel, userId) => {
    const service = testService()
    await registered(service, userId)
    const { challenge } = await good(service.auth.passwordSetUp.begin({ userId }))
    expect(service.mailer.mails).toMatchObject([
      { type: 'code', to: `${userId.toLowerCase()}@example.com`, userId, purpose: 'password' },
    ])
    await good(service.auth.passwordSetUp.confirmCode({ challenge, code: mailed(service, userId) }))
    const password = 'Sixteen-chars-1!'
    const done = await service.auth.passwordSetUp.complete({ challenge, password, confirmation: password })
    expect(done._unsafeUnwrap()).toBeUndefined()
    expect((await view(service, { userId })).stage).toBe('PasswordSet')

    const first = await begun(service, { userId, password })
    expect(first).toEqual({ next: 'enrolOtp', challenge: expect.any(String), suggested: 'MobileApp' })
    const theirs = await channelSet(service, first.challenge, userId, channel)
    expect(await view(service, { userId })).toMatchObject({ stage: 'Initialised', channel })

    const person = { userId, password, channel, phone: theirs, system: 'CCASS/CCMS' } as const
    const step = await begun(service, person)
    expect(step).toMatchObject({ next: 'otp', channel })
    const login = await good(
      service.auth.signIn.confirmOtp({ challenge: step.challenge, code: codeOfNow(service, person) }),
    )
    if (login.next !== 'done') throw new Error(login.next)
    expect(login.session).toMatchObject({ userId, participant: 'B01234', method: channel })
    expect(login.session.role).toBe(userId === user ? 'User' : 'DelegatedAdministrator')
    expect(login.session.system).toBe(userId === user ? 'CCASS/CCMS' : 'DMS')
    await expectTrailVerifies(service, userId)
  },
)

test('ACC-01 · neither the code, the password nor the channel alone completes a sign-in', async () => {
  const service = testService()
  const person = await initialised(service)
  const types = (await eventsOf(service, person.userId)).map(({ type }) => type)
  expect(types).toEqual([
    'Registered',
    'PasswordCodeRequested',
    'CodeIssued',
    'PasswordCodeAccepted',
    'PasswordSet',
    'PasswordAccepted',
    'ChannelChosen',
    'ChannelEnrolled',
  ])
})

test('ACC-02 · without a registered email nothing is sent, and 2FA cannot be initialised', async () => {
  const service = testService()
  await good(service.auth.registry.register({ userId: user, role: 'User', origin: 'imported', by: 'HKEX' }))
  const { challenge } = await good(service.auth.passwordSetUp.begin({ userId: user }))
  expect(service.mailer.mails).toEqual([])
  expect(await lastReason(service, user)).toBe('no-registered-email')
  expect(await codeOf(service.auth.passwordSetUp.confirmCode({ challenge, code: '00000000' }))).toBe(
    'code-refused',
  )
  await good(service.auth.registry.change({ userId: user, by: 'HKEX', changes: { email: 'a@example.com' } }))
  await passwordSet(service, user)
})

test('ACC-02 · without a registered email no channel can be chosen or enrolled, also not by a sign-in', async () => {
  const service = testService()
  await registered(service, user)
  const password = await passwordSet(service, user)
  const { challenge } = await begun(service, { userId: user, password })
  await good(service.auth.registry.change({ userId: user, by: 'HKEX', changes: { email: null } }))
  await good(service.auth.outbox.deliver())
  const sent = service.mailer.mails.length
  const refused = { code: 'no-registered-email', rule: 'ACC-02' }
  for (const channel of ['Email', 'MobileApp'] as const)
    expect(await refusal(service.auth.enrolment.chooseChannel({ challenge, channel }))).toEqual(refused)
  expect(service.mailer.mails.length).toBe(sent)
  const again = service.auth.signIn.begin({ userId: user, password, system: 'CCASS/CCMS' })
  expect(await refusal(again)).toEqual(refused)
  expect((await view(service, { userId: user })).stage).toBe('PasswordSet')
})

test('ACC-03 · an account is initialised only when password and channel are complete', async () => {
  const service = testService()
  const accountStages: string[] = []
  const look = async () => accountStages.push((await view(service, { userId: user })).stage)
  await registered(service, user)
  await look()
  const password = await passwordSet(service, user)
  await look()
  const { challenge } = await begun(service, { userId: user, password })
  await good(service.auth.enrolment.chooseChannel({ challenge, channel: 'MobileApp' }))
  await look()
  await channelSet(service, challenge, user, 'MobileApp')
  await look()
  expect(accountStages).toEqual(['Registered', 'PasswordSet', 'PasswordSet', 'Initialised'])
})

test('ACC-03, OTP-11 · an enrolment that was interrupted can be continued by another sign-in', async () => {
  const service = testService()
  await registered(service, user)
  const password = await passwordSet(service, user)
  const { challenge: first } = await begun(service, { userId: user, password })
  await good(service.auth.enrolment.chooseChannel({ challenge: first, channel: 'Email' }))
  service.clock.pass(10 * 60_000)
  expect(
    await codeOf(service.auth.enrolment.confirm({ challenge: first, code: mailed(service, user) })),
  ).toBe('challenge-ended')
  const { challenge } = await begun(service, { userId: user, password })
  await channelSet(service, challenge, user, 'MobileApp')
})

test('OTP-04 · the enrolment shows an otpauth URI with SHA-1, 6 digits and 30 s, and is complete only after a correct code', async () => {
  const service = testService()
  await registered(service, user)
  const password = await passwordSet(service, user)
  const { challenge } = await begun(service, { userId: user, password })
  const confirm = (code: string) => service.auth.enrolment.confirm({ challenge, code })
  expect(await codeOf(confirm('000000'))).toBe('no-channel-chosen')
  const enrolment = await good(service.auth.enrolment.chooseChannel({ challenge, channel: 'MobileApp' }))
  if (enrolment.channel !== 'MobileApp') throw new Error(enrolment.channel)
  const uri = new URL(enrolment.uri)
  expect([uri.protocol, uri.host]).toEqual(['otpauth:', 'totp'])
  expect(Object.fromEntries(uri.searchParams)).toMatchObject({
    secret: enrolment.secret,
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  })
  const theirs = phone(service.clock, enrolment.secret)
  expect(theirs.secret.length).toBe(20)
  expect(await codeOf(confirm(wrong(theirs.code())))).toBe('code-refused')
  expect((await view(service, { userId: user })).stage).toBe('PasswordSet')
  expect(await codeOf(confirm(theirs.code()))).toBe('ok')
})

test('OTP-02 · the mobile app is the suggested channel, at the first sign-in and for another device', async () => {
  const service = testService()
  await registered(service, user)
  const password = await passwordSet(service, user)
  const first = await begun(service, { userId: user, password })
  expect(first).toMatchObject({ next: 'enrolOtp', suggested: 'MobileApp' })
  const theirs = await channelSet(service, first.challenge, user, 'MobileApp')
  const person = {
    userId: user,
    password,
    channel: 'MobileApp',
    phone: theirs,
    system: 'CCASS/CCMS',
  } as const
  await good(service.auth.selfService.changeDevice({ session: await loggedIn(service, person) }))
  const { challenge } = await begun(service, person)
  expect(await good(service.auth.signIn.confirmOtp({ challenge, code: theirs.code() }))).toMatchObject({
    next: 'enrolOtp',
    suggested: 'MobileApp',
  })
})

test('OTP-03 · choosing a channel again voids the former choice', async () => {
  const service = testService()
  await registered(service, user)
  const password = await passwordSet(service, user)
  const { challenge } = await begun(service, { userId: user, password })
  const choose = () => good(service.auth.enrolment.chooseChannel({ challenge, channel: 'MobileApp' }))
  const [former, latter] = [await choose(), await choose()]
  if (former.channel !== 'MobileApp' || latter.channel !== 'MobileApp') throw new Error('not the app')
  const confirm = (secret: string) =>
    codeOf(service.auth.enrolment.confirm({ challenge, code: phone(service.clock, secret).code() }))
  expect(await confirm(former.secret)).toBe('code-refused')
  await good(service.auth.enrolment.chooseChannel({ challenge, channel: 'Email' }))
  expect(await confirm(latter.secret)).toBe('malformed-code')
  expect(await codeOf(service.auth.enrolment.confirm({ challenge, code: mailed(service, user) }))).toBe('ok')
  expect((await view(service, { userId: user })).channel).toBe('Email')
})

test('OTP-03 · an account has exactly one channel: an app user gets no emailed code, and an email user has no device', async () => {
  const service = testService()
  const app = await initialised(service, 'B0123401', 'MobileApp')
  const email = await initialised(service, 'B0123402', 'Email')
  const { challenge } = await begun(service, app)
  expect(await codeOf(service.auth.signIn.resendCode({ challenge }))).toBe('not-an-email-user')
  const session = await loggedIn(service, email)
  expect(await codeOf(service.auth.selfService.changeDevice({ session }))).toBe('no-authenticator-app')
})

test('ACC-11 · the sign-in records when LOG IN was pressed, which is the instant of consent', async () => {
  const service = testService()
  const person = await initialised(service)
  const { challenge } = await begun(service, person)
  const pressed = service.clock.now()
  service.clock.pass(45_000)
  await good(service.auth.signIn.confirmOtp({ challenge, code: person.phone.code() }))
  const login = (await eventsOf(service, user)).at(-1)
  expect(login).toMatchObject({
    type: 'SignInCompleted',
    at: pressed + 45_000,
    consentedAt: pressed,
    system: 'CCASS/CCMS',
    channel: 'MobileApp',
  })
  expect(pressed).toBeGreaterThan(morning)
})

test('ID-08 · the User ID may be typed in lower case', async () => {
  const service = testService()
  const person = await initialised(service)
  const step = await begun(service, { ...person, userId: 'b0123401' })
  expect(
    await codeOf(service.auth.signIn.confirmOtp({ challenge: step.challenge, code: person.phone.code() })),
  ).toBe('ok')
})

test('ID-12 · a used ID is not reused, even after deletion, and an ID whose creation was refused is free', async () => {
  const service = testService()
  const register = (userId: string) =>
    codeOf(service.auth.registry.register({ userId, role: 'User', origin: 'created', by: 'B01234X1' }))
  expect(await codeOf(service.auth.signIn.begin({ userId: user, password: 'x', system: 'CCASS/CCMS' }))).toBe(
    'sign-in-refused',
  )
  expect(await register(user)).toBe('ok')
  expect(await register('b0123401')).toBe('user-id-taken')
  await good(service.auth.registry.delete({ userId: user, by: 'B01234X1' }))
  expect(await register(user)).toBe('user-id-taken')
  expect(await codeOf(service.auth.registry.delete({ userId: user, by: 'B01234X1' }))).toBe('unknown-account')
  expect(await register('B01234X1')).toBe('looks-like-administrator')
  const [record] = await service.storage.load([keyOf(user)])
  expect([record?.state, record?.vault]).toEqual([{ stage: 'Deleted', userId: user }, {}])
  await expectTrailVerifies(service, user)
})

test('ID-12 · of fifty parallel creations of one ID, one succeeds', async () => {
  const service = testService()
  const answers = await Promise.all(
    Array.from({ length: 50 }, () =>
      codeOf(
        service.auth.registry.register({ userId: user, role: 'User', origin: 'created', by: 'B01234X1' }),
      ),
    ),
  )
  expect(answers.filter((answer) => answer === 'ok').length).toBe(1)
  expect(new Set(answers)).toEqual(new Set(['ok', 'user-id-taken']))
})
