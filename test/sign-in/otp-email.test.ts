/** One-time passwords by email: what is good, how often one is sent, and what if it is not delivered. */
import { expect, test } from 'vitest'
import {
  codeOf,
  count,
  eventsOf,
  good,
  lastReason,
  recordOf,
  refusal,
  type TestService,
  testService,
} from '../support/test-service.ts'
import {
  begun,
  type ClientConnectPerson,
  channelSet,
  initialised,
  mailed,
  passwordSet,
  registered,
  user,
  view,
  wrong,
} from '../support/user-journeys.ts'

const minutes = 60_000

/** An open sign-in: its challenge takes codes. */
const login = async (service: TestService, person: ClientConnectPerson) => {
  const { challenge } = await begun(service, person)
  return {
    challenge,
    give: (code: string) => codeOf(service.auth.signIn.confirmOtp({ challenge, code })),
    resend: () => service.auth.signIn.resendCode({ challenge }),
  }
}

const whys = async (service: TestService) =>
  (await eventsOf(service, user))
    .filter(({ type }) => type === 'SignInCodeRejected')
    .map(({ reason }) => reason)

test('OTP-06 · an emailed code has six digits, is valid for five minutes, to the millisecond, and can be used once', async () => {
  const service = testService()
  const person = await initialised(service, user, 'Email')
  const late = await login(service, person)
  expect(mailed(service, user)).toMatch(/^\d{6}$/)
  expect(service.mailer.mails.at(-1)).toMatchObject({ validSeconds: 300, purpose: 'sign-in' })
  service.clock.pass(5 * minutes)
  expect(await late.give(mailed(service, user))).toBe('code-refused')
  expect(await whys(service)).toEqual(['outdated'])
  const { give } = await login(service, person)
  const code = mailed(service, user)
  service.clock.pass(5 * minutes - 1)
  expect(await give(code)).toBe('ok')
  expect(await late.give(code)).toBe('code-refused')
})

test('OTP-06 · only the newest code is valid, in whichever sign-in it was requested', async () => {
  const service = testService()
  const person = await initialised(service, user, 'Email')
  const one = await login(service, person)
  const former = mailed(service, user)
  const two = await login(service, person)
  const middle = mailed(service, user)
  await good(two.resend())
  expect(new Set([former, middle, mailed(service, user)]).size).toBe(3)
  expect([await one.give(former), await two.give(middle)]).toEqual(['code-refused', 'code-refused'])
  expect(await one.give(mailed(service, user))).toBe('ok')
})

test('OTP-06 · a code is stored only as a keyed hash that is bound to account and purpose', async () => {
  const service = testService()
  const one = await initialised(service, 'B0123401', 'Email')
  const { give } = await login(service, one)
  const code = mailed(service, one.userId)
  const kept = Object.values((await recordOf(service, one.userId))?.vault ?? {}).filter((x) =>
    x.startsWith('v1.'),
  )
  expect(kept.length).toBe(1)
  for (const text of kept) {
    expect(await service.secretBox.verifyMac(text, `email-code:B0123401:sign-in:${code}`)).toBe(true)
    expect(await service.secretBox.verifyMac(text, `email-code:B0123402:sign-in:${code}`)).toBe(false)
    expect(await service.secretBox.verifyMac(text, `email-code:B0123401:password:${code}`)).toBe(false)
  }
  expect(await give(code)).toBe('ok')
  expect(
    Object.values((await recordOf(service, one.userId))?.vault ?? {}).some((x) => x.startsWith('v1.')),
  ).toBe(false)
})

test('OTP-06 · a code for one purpose is not valid for another', async () => {
  const service = testService()
  await registered(service, user)
  const password = await passwordSet(service, user)
  const { challenge: first } = await begun(service, { userId: user, password })
  await good(service.auth.enrolment.chooseChannel({ challenge: first, channel: 'Email' }))
  const ofChannel = mailed(service, user)
  const { challenge: reset } = await good(service.auth.passwordSetUp.begin({ userId: user }))
  const ofPassword = mailed(service, user)
  const confirm = (code: string) => codeOf(service.auth.enrolment.confirm({ challenge: first, code }))
  expect(await codeOf(service.auth.passwordSetUp.confirmCode({ challenge: reset, code: ofChannel }))).toBe(
    'code-refused',
  )
  expect(await confirm(ofPassword)).toBe('code-refused')
  expect(await confirm(ofChannel)).toBe('ok')
  // A sign-in's code has a different length and is not even counted (LOCK-15).
  const { give } = await login(service, { userId: user, password } as ClientConnectPerson)
  expect(await give(ofChannel)).toBe('malformed-code')
})

test('OTP-07 · five codes can be sent in fifteen minutes, and the next when the first is fifteen minutes old', async () => {
  const service = testService()
  const person = await initialised(service, user, 'Email')
  const began = service.clock.now()
  const { challenge, resend, give } = await login(service, person)
  for (let i = 0; i < 4; i++) await good(resend())
  const newest = mailed(service, user)
  const sent = service.mailer.mails.length
  const refused = { code: 'too-many-codes', rule: 'OTP-07', retryAt: began + 15 * minutes }
  expect(await refusal(resend())).toEqual(refused)
  expect(await refusal(service.auth.signIn.begin(person))).toEqual(refused)
  expect(service.mailer.mails.length).toBe(sent)
  expect((await view(service, person)).failedAttempts.failedSignIns).toBe(0)
  expect(await give(newest)).toBe('ok')

  service.clock.set(began + 15 * minutes - 1)
  expect(await codeOf(service.auth.signIn.begin(person))).toBe('too-many-codes')
  service.clock.set(began + 15 * minutes)
  expect(await codeOf(service.auth.signIn.begin(person))).toBe('ok')
  expect(await codeOf(service.auth.signIn.resendCode({ challenge }))).toBe('challenge-ended')
})

test('OTP-07 · each purpose has its own limit', async () => {
  const service = testService()
  await registered(service, user)
  const password = await passwordSet(service, user)
  const { challenge } = await begun(service, { userId: user, password })
  const choose = () => codeOf(service.auth.enrolment.chooseChannel({ challenge, channel: 'Email' }))
  for (let i = 0; i < 5; i++) expect(await choose()).toBe('ok')
  expect(await choose()).toBe('too-many-codes')
  for (let i = 0; i < 4; i++) await good(service.auth.passwordSetUp.begin({ userId: user }))
  expect(await count(service, user, 'CodeIssued')).toBe(10)
  await good(service.auth.passwordSetUp.begin({ userId: user }))
  expect(await lastReason(service, user)).toBe('too-many-codes')
})

test('OTP-07 · an unlock starts the limit again', async () => {
  const service = testService()
  await registered(service, user)
  const ask = async () => {
    const before = await count(service, user, 'CodeIssued')
    await good(service.auth.passwordSetUp.begin({ userId: user }))
    return (await count(service, user, 'CodeIssued')) - before
  }
  for (let i = 0; i < 5; i++) expect(await ask()).toBe(1)
  expect(await ask()).toBe(0)
  await good(service.auth.registry.unlock({ userId: user, by: 'HKEX' }))
  expect(await ask()).toBe(1)
})

test('OTP-07 · a resend is not counted and resets nothing: after two wrong codes and a resend, the third ends the challenge', async () => {
  const service = testService()
  const person = await initialised(service, user, 'Email')
  const { give, resend } = await login(service, person)
  const miss = () => give(wrong(mailed(service, user)))
  expect([await miss(), await miss()]).toEqual(['code-refused', 'code-refused'])
  await good(resend())
  expect((await view(service, person)).failedAttempts.otps).toBe(2)
  expect(await miss()).toBe('challenge-ended')
})

test.each([
  ['try-again', true],
  ['refused', false],
] as const)(
  'OTP-07 · if the delivery fails (%s), the caller gets a clear refusal, and the code is void and refunded',
  async (delivery, retry) => {
    const service = testService()
    const person = await initialised(service, user, 'Email')
    const { give, resend, challenge } = await login(service, person)
    const before = mailed(service, user)
    service.mailer.answer(delivery)
    for (let i = 0; i < 10; i++)
      expect(await refusal(resend())).toEqual({ code: 'delivery-failed', rule: 'OTP-07', retry })
    expect(await codeOf(service.auth.signIn.begin(person))).toBe('delivery-failed')
    expect(await codeOf(service.auth.passwordSetUp.begin({ userId: user }))).toBe('ok') // not eligible: no mail
    service.mailer.answer('delivered')
    expect((await view(service, person)).failedAttempts.failedSignIns).toBe(0)
    expect(await give(before)).toBe('code-refused') // it was not the newest any more
    for (let i = 0; i < 4; i++) await good(resend())
    expect(await codeOf(service.auth.signIn.resendCode({ challenge }))).toBe('too-many-codes')
    expect(await give(mailed(service, user))).toBe('ok')
  },
)

test('OTP-07 · a code whose delivery was reported as failed is void even if it arrived', async () => {
  const arrived: string[] = []
  const service = testService({
    between: (ports) => ({
      ...ports,
      mailer: {
        send: async (mail) => {
          if (mail.type === 'code') arrived.push(mail.code)
          return ports.mailer.send(mail)
        },
      },
    }),
  })
  const person = await initialised(service, user, 'Email')
  const { give, resend } = await login(service, person)
  service.mailer.answer('try-again')
  expect(await codeOf(resend())).toBe('delivery-failed')
  expect(arrived.at(-1)).not.toBe(mailed(service, user))
  expect(await give(arrived.at(-1) ?? '')).toBe('code-refused')
})

test('OTP-07 · a password or channel code that is not delivered can be asked for again, without limit', async () => {
  const service = testService()
  await registered(service, user)
  service.mailer.answer('try-again')
  for (let i = 0; i < 10; i++)
    expect(await codeOf(service.auth.passwordSetUp.begin({ userId: user }))).toBe('delivery-failed')
  service.mailer.answer('delivered')
  const password = await passwordSet(service, user)
  const { challenge } = await begun(service, { userId: user, password })
  service.mailer.answer('refused')
  for (let i = 0; i < 10; i++)
    expect(await codeOf(service.auth.enrolment.chooseChannel({ challenge, channel: 'Email' }))).toBe(
      'delivery-failed',
    )
  service.mailer.answer('delivered')
  await channelSet(service, challenge, user, 'Email')
})

test('LOCK-06, OTP-04 · where the channels’ codes differ in length, text with the other’s length is not a code and not counted', async () => {
  const service = testService({ policy: { totp: { digits: 8 }, enrolment: { codeDigits: 6 } } })
  await registered(service, user)
  const password = await passwordSet(service, user)
  const first = await begun(service, { userId: user, password })
  await good(service.auth.enrolment.chooseChannel({ challenge: first.challenge, channel: 'Email' }))
  expect(await codeOf(service.auth.enrolment.confirm({ challenge: first.challenge, code: '12345678' }))).toBe(
    'malformed-code',
  )
  await good(service.auth.enrolment.confirm({ challenge: first.challenge, code: mailed(service, user) }))
  const { give } = await login(service, { userId: user, password } as ClientConnectPerson)
  expect(await give('12345678')).toBe('malformed-code')
  expect((await view(service, { userId: user })).failedAttempts.otps).toBe(0)
})
