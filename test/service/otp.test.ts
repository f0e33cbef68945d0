/** One-time passwords as the service sends, takes and refuses them. */
import { expect, test } from 'vitest'
import {
  begun,
  channelSet,
  codeOfNow,
  initialised,
  loggedIn,
  mailed,
  type Person,
  passwordSet,
  phone,
  registered,
  user,
  view,
  wrong,
} from '../support/journeys.ts'
import {
  codeOf,
  count,
  eventsOf,
  good,
  lastReason,
  recordOf,
  refusal,
  type World,
  world,
} from '../support/world.ts'

const minutes = 60_000

/** A login begun: what takes its codes. */
const login = async (w: World, person: Person) => {
  const { challenge } = await begun(w, person)
  return {
    challenge,
    give: (code: string) => codeOf(w.auth.signIn.confirmOtp({ challenge, code })),
    resend: () => w.auth.signIn.resendCode({ challenge }),
  }
}

const whys = async (w: World) =>
  (await eventsOf(w, user)).filter(({ type }) => type === 'LoginCodeRejected').map(({ why }) => why)

test('OTP-01 · a code of the one channel is none of the other', async () => {
  const w = world()
  const email = await initialised(w, user, 'Email')
  const app = await initialised(w, 'B0123402', 'MobileApp')
  expect(await (await login(w, email)).give(app.phone.code())).toBe('code-refused')
  expect(await (await login(w, app)).give(mailed(w, user))).toBe('code-refused')
})

test('OTP-04 · one step either side is good, two are not', async () => {
  const w = world()
  const person = await initialised(w)
  w.clock.pass(10 * minutes)
  const { give } = await login(w, person)
  expect(await give(person.phone.code(2))).toBe('code-refused')
  expect(await give(person.phone.code(-2))).toBe('code-refused')
  expect(await give(person.phone.code(1))).toBe('ok')
  expect(await (await login(w, person)).give(person.phone.code(-1))).toBe('ok')
})

test('OTP-05 · a code is good once: the same step, and any before it, are refused as replays', async () => {
  const w = world()
  const person = await initialised(w)
  w.clock.pass(10 * minutes)
  expect(await (await login(w, person)).give(person.phone.code())).toBe('ok')
  const { give } = await login(w, person)
  expect(await give(person.phone.code())).toBe('code-refused')
  expect(await give(person.phone.code(1))).toBe('code-refused')
  expect(await whys(w)).toEqual(['replayed', 'replayed'])
  w.clock.pass(30_000)
  expect(await give(person.phone.code())).toBe('ok')
})

test('OTP-05 · the code that completed the enrolment opens no login', async () => {
  const w = world()
  await registered(w, user)
  const password = await passwordSet(w, user)
  const { challenge } = await begun(w, { userId: user, password })
  const theirs = await channelSet(w, challenge, user, 'MobileApp')
  const { give } = await login(w, { userId: user, password } as Person)
  expect(await give(theirs.code(1))).toBe('code-refused')
  expect(await whys(w)).toEqual(['replayed'])
  expect(await give(theirs.code())).toBe('ok')
})

test('OTP-06 · five minutes to the millisecond, single use, six digits', async () => {
  const w = world()
  const person = await initialised(w, user, 'Email')
  const late = await login(w, person)
  expect(mailed(w, user)).toMatch(/^\d{6}$/)
  expect(w.mailer.mails.at(-1)).toMatchObject({ validSeconds: 300, purpose: 'login' })
  w.clock.pass(5 * minutes)
  expect(await late.give(mailed(w, user))).toBe('code-refused')
  expect(await whys(w)).toEqual(['outdated'])
  const { give } = await login(w, person)
  const code = mailed(w, user)
  w.clock.pass(5 * minutes - 1)
  expect(await give(code)).toBe('ok')
  expect(await late.give(code)).toBe('code-refused')
})

test('OTP-06 · the newest code alone is good, of whatever login it is', async () => {
  const w = world()
  const person = await initialised(w, user, 'Email')
  const one = await login(w, person)
  const former = mailed(w, user)
  const two = await login(w, person)
  const middle = mailed(w, user)
  await good(two.resend())
  expect(new Set([former, middle, mailed(w, user)]).size).toBe(3)
  expect([await one.give(former), await two.give(middle)]).toEqual(['code-refused', 'code-refused'])
  expect(await one.give(mailed(w, user))).toBe('ok')
})

test('OTP-06 · stored only as a keyed hash, bound to account and purpose', async () => {
  const w = world()
  const one = await initialised(w, 'B0123401', 'Email')
  const { give } = await login(w, one)
  const code = mailed(w, one.userId)
  const kept = Object.values((await recordOf(w, one.userId))?.vault ?? {}).filter((x) => x.startsWith('v1.'))
  expect(kept.length).toBe(1)
  for (const text of kept) {
    expect(await w.secretBox.verifyMac(text, `email-code:B0123401:login:${code}`)).toBe(true)
    expect(await w.secretBox.verifyMac(text, `email-code:B0123402:login:${code}`)).toBe(false)
    expect(await w.secretBox.verifyMac(text, `email-code:B0123401:password:${code}`)).toBe(false)
  }
  expect(await give(code)).toBe('ok')
  expect(Object.values((await recordOf(w, one.userId))?.vault ?? {}).some((x) => x.startsWith('v1.'))).toBe(
    false,
  )
})

test('OTP-06 · a code of one purpose is none of another', async () => {
  const w = world()
  await registered(w, user)
  const password = await passwordSet(w, user)
  const { challenge: first } = await begun(w, { userId: user, password })
  await good(w.auth.channelSetUp.choose({ challenge: first, channel: 'Email' }))
  const ofChannel = mailed(w, user)
  const { challenge: reset } = await good(w.auth.passwordSetUp.begin({ userId: user }))
  const ofPassword = mailed(w, user)
  const confirm = (code: string) => codeOf(w.auth.channelSetUp.confirm({ challenge: first, code }))
  expect(await codeOf(w.auth.passwordSetUp.confirmCode({ challenge: reset, code: ofChannel }))).toBe(
    'code-refused',
  )
  expect(await confirm(ofPassword)).toBe('code-refused')
  expect(await confirm(ofChannel)).toBe('ok')
  const { give } = await login(w, { userId: user, password } as Person)
  expect(await give(ofChannel)).toBe('code-refused')
})

test('OTP-07 · five codes in fifteen minutes, then none until the first is fifteen minutes old', async () => {
  const w = world()
  const person = await initialised(w, user, 'Email')
  const began = w.clock.now()
  const { challenge, resend, give } = await login(w, person)
  for (let i = 0; i < 4; i++) await good(resend())
  const newest = mailed(w, user)
  const sent = w.mailer.mails.length
  const refused = { code: 'too-many-codes', rule: 'OTP-07', retryAt: began + 15 * minutes }
  expect(await refusal(resend())).toEqual(refused)
  expect(await refusal(w.auth.signIn.begin(person))).toEqual(refused)
  expect(w.mailer.mails.length).toBe(sent)
  expect((await view(w, person)).attempts.failedLogins).toBe(0)
  expect(await give(newest)).toBe('ok')

  w.clock.set(began + 15 * minutes - 1)
  expect(await codeOf(w.auth.signIn.begin(person))).toBe('too-many-codes')
  w.clock.set(began + 15 * minutes)
  expect(await codeOf(w.auth.signIn.begin(person))).toBe('ok')
  expect(await codeOf(w.auth.signIn.resendCode({ challenge }))).toBe('challenge-ended')
})

test('OTP-07 · each purpose has a limit of its own', async () => {
  const w = world()
  await registered(w, user)
  const password = await passwordSet(w, user)
  const { challenge } = await begun(w, { userId: user, password })
  const choose = () => codeOf(w.auth.channelSetUp.choose({ challenge, channel: 'Email' }))
  for (let i = 0; i < 5; i++) expect(await choose()).toBe('ok')
  expect(await choose()).toBe('too-many-codes')
  for (let i = 0; i < 4; i++) await good(w.auth.passwordSetUp.begin({ userId: user }))
  expect(await count(w, user, 'CodeIssued')).toBe(10)
  await good(w.auth.passwordSetUp.begin({ userId: user }))
  expect(await lastReason(w, user)).toBe('too-many-codes')
})

test('OTP-07 · asking again is no attempt and resets none: two misses, a resend, and the third ends it', async () => {
  const w = world()
  const person = await initialised(w, user, 'Email')
  const { give, resend } = await login(w, person)
  const miss = () => give(wrong(mailed(w, user)))
  expect([await miss(), await miss()]).toEqual(['code-refused', 'code-refused'])
  await good(resend())
  expect((await view(w, person)).attempts.otps).toBe(2)
  expect(await miss()).toBe('challenge-ended')
})

test.each([
  ['try-again', true],
  ['refused', false],
] as const)(
  'OTP-07 · a delivery that fails (%s) is a clear answer, voids its code, and is given back',
  async (delivery, retry) => {
    const w = world()
    const person = await initialised(w, user, 'Email')
    const { give, resend, challenge } = await login(w, person)
    const before = mailed(w, user)
    w.mailer.answer(delivery)
    for (let i = 0; i < 10; i++)
      expect(await refusal(resend())).toEqual({ code: 'delivery-failed', rule: 'OTP-07', retry })
    expect(await codeOf(w.auth.signIn.begin(person))).toBe('delivery-failed')
    expect(await codeOf(w.auth.passwordSetUp.begin({ userId: user }))).toBe('ok') // not eligible: no mail
    w.mailer.answer('delivered')
    expect((await view(w, person)).attempts.failedLogins).toBe(0)
    expect(await give(before)).toBe('code-refused') // it was not the newest any more
    for (let i = 0; i < 4; i++) await good(resend())
    expect(await codeOf(w.auth.signIn.resendCode({ challenge }))).toBe('too-many-codes')
    expect(await give(mailed(w, user))).toBe('ok')
  },
)

test('OTP-07 · a password or channel code that is not delivered can be asked for again, without limit', async () => {
  const w = world()
  await registered(w, user)
  w.mailer.answer('try-again')
  for (let i = 0; i < 10; i++)
    expect(await codeOf(w.auth.passwordSetUp.begin({ userId: user }))).toBe('delivery-failed')
  w.mailer.answer('delivered')
  const password = await passwordSet(w, user)
  const { challenge } = await begun(w, { userId: user, password })
  w.mailer.answer('refused')
  for (let i = 0; i < 10; i++)
    expect(await codeOf(w.auth.channelSetUp.choose({ challenge, channel: 'Email' }))).toBe('delivery-failed')
  w.mailer.answer('delivered')
  await channelSet(w, challenge, user, 'Email')
})

test('OTP-08, OTP-10 · change of device: the old one proves it at the next login, then the new one is set up', async () => {
  const w = world()
  const person = await initialised(w)
  const principal = await loggedIn(w, person)
  await good(w.auth.selfService.changeDevice({ principal }))
  expect(await count(w, user, 'PasswordSet')).toBe(1)

  const { give, challenge } = await login(w, person)
  expect(await codeOf(w.auth.channelSetUp.choose({ challenge, channel: 'MobileApp' }))).toBe(
    'challenge-ended',
  )
  expect(await give(wrong(person.phone.code()))).toBe('code-refused')
  const step = await good(w.auth.signIn.confirmOtp({ challenge, code: person.phone.code() }))
  expect(step).toEqual({ next: 'setUpOtp', challenge, suggested: 'MobileApp' })
  expect(await count(w, user, 'LoginCompleted')).toBe(1)
  w.clock.pass(30_000)
  const theirs = await channelSet(w, challenge, user, 'MobileApp')

  const anew = await login(w, person)
  expect(await anew.give(person.phone.code())).toBe('code-refused')
  expect(await anew.give(theirs.code())).toBe('ok')
})

test('OTP-09 · the old device is good until the new one is set up, broken off or not', async () => {
  const w = world()
  const person = await initialised(w)
  await good(w.auth.selfService.changeDevice({ principal: await loggedIn(w, person) }))
  for (let i = 0; i < 3; i++) {
    const { give, challenge } = await login(w, person)
    expect(await give(person.phone.code())).toBe('ok')
    await good(w.auth.channelSetUp.choose({ challenge, channel: 'MobileApp' }))
    w.clock.pass(30_000)
  }
  const { give } = await login(w, person)
  expect(await give(person.phone.code(1))).toBe('code-refused') // a step that proved once is used up
  expect((await view(w, person)).stage).toBe('Initialised')
})

test('OTP-10 · the policy may let the password alone prove it', async () => {
  const w = world({ policy: { deviceChange: { provedBy: 'password' } } })
  const person = await initialised(w)
  await good(w.auth.selfService.changeDevice({ principal: await loggedIn(w, person) }))
  const step = await begun(w, person)
  expect(step.next).toBe('setUpOtp')
  const theirs = await channelSet(w, step.challenge, user, 'MobileApp')
  await loggedIn(w, { ...person, phone: theirs })
})

test('OTP-10 · …and then a login that was open with the old device still needs it', async () => {
  const w = world({ policy: { deviceChange: { provedBy: 'password' } } })
  const person = await initialised(w)
  const principal = await loggedIn(w, person)
  const { give, challenge } = await login(w, person)
  await good(w.auth.selfService.changeDevice({ principal }))
  expect(await codeOf(w.auth.channelSetUp.choose({ challenge, channel: 'MobileApp' }))).toBe(
    'challenge-ended',
  )
  expect(await give(person.phone.code())).toBe('ok')
})

test('OTP-11 · a login lives ten minutes to the millisecond between password and code', async () => {
  const w = world()
  const person = await initialised(w)
  const one = await login(w, person)
  w.clock.pass(10 * minutes - 1)
  expect(await one.give(person.phone.code())).toBe('ok')
  const two = await login(w, person)
  w.clock.pass(10 * minutes)
  expect(await two.give(person.phone.code())).toBe('challenge-ended')
  expect(await lastReason(w, user)).toBe('challenge-expired')
  expect((await view(w, person)).attempts.otps).toBe(0)
})

test('OTP-11 · sixteen are open at once; beyond that the oldest gives way', async () => {
  const w = world()
  const person = await initialised(w)
  const logins = []
  for (let i = 0; i < 18; i++) logins.push(await login(w, person))
  const code = wrong(person.phone.code())
  const answers = []
  for (const { challenge } of logins) answers.push(await codeOf(w.auth.signIn.cancel({ challenge })))
  expect(answers).toEqual([...Array(2).fill('challenge-ended'), ...Array(16).fill('ok')])
  expect(await logins[17]?.give(code)).toBe('challenge-ended')
  const ended = (await eventsOf(w, user))
    .filter(({ type }) => type === 'ChallengeEnded')
    .map(({ why }) => why)
  expect(ended).toEqual([...Array(2).fill('displaced'), ...Array(16).fill('cancelled')])
})

test('OTP-11 · those that have expired give way first, and unnoticed', async () => {
  const w = world({ policy: { challenge: { mostOpen: 2 } } })
  const person = await initialised(w)
  await login(w, person)
  await login(w, person)
  w.clock.pass(10 * minutes)
  await login(w, person)
  const open = await login(w, person)
  expect(await count(w, user, 'ChallengeEnded')).toBe(0)
  expect(await open.give(person.phone.code())).toBe('ok')
})

test('OTP-11 · the record knows no handle, and a handle is good for its own account alone', async () => {
  const w = world()
  const [one, two] = [await initialised(w, 'B0123401'), await initialised(w, 'B0123402')]
  const { challenge } = await login(w, one)
  await login(w, two)
  const random = challenge.slice(challenge.indexOf('.') + 1)
  expect(JSON.stringify(await recordOf(w, one.userId))).not.toContain(random)
  expect(
    await codeOf(w.auth.signIn.confirmOtp({ challenge: `B0123402.${random}`, code: two.phone.code() })),
  ).toBe('challenge-ended')
  expect((await view(w, two)).attempts.otps).toBe(0)
  expect(await codeOf(w.auth.signIn.confirmOtp({ challenge, code: one.phone.code() }))).toBe('ok')
})

test('OTP-11 · a challenge of one kind is none of another', async () => {
  const w = world()
  const person = await initialised(w)
  const { challenge: ofLogin } = await login(w, person)
  const { challenge: ofReset } = await good(w.auth.passwordSetUp.begin({ userId: user }))
  const { signIn, passwordSetUp, channelSetUp } = w.auth
  const fresh = { password: 'Another-Horse-1!', confirmation: 'Another-Horse-1!' }
  expect([
    await codeOf(passwordSetUp.confirmCode({ challenge: ofLogin, code: mailed(w, user) })),
    await codeOf(passwordSetUp.complete({ challenge: ofLogin, ...fresh })),
    await codeOf(channelSetUp.choose({ challenge: ofLogin, channel: 'Email' })),
    await codeOf(channelSetUp.confirm({ challenge: ofLogin, code: person.phone.code() })),
    await codeOf(signIn.confirmOtp({ challenge: ofReset, code: person.phone.code() })),
    await codeOf(signIn.resendCode({ challenge: ofReset })),
    await codeOf(channelSetUp.choose({ challenge: ofReset, channel: 'MobileApp' })),
    await codeOf(passwordSetUp.complete({ challenge: ofReset, ...fresh })),
  ]).toEqual(['code-refused', ...Array(7).fill('challenge-ended')])
  expect(await codeOf(signIn.confirmOtp({ challenge: ofLogin, code: codeOfNow(w, person) }))).toBe('ok')
})

test('OTP-04 · the numbers are the policy’s: eight digits, SHA-256, a minute a step, no window', async () => {
  const totp = { digits: 8, algorithm: 'SHA256', periodSeconds: 60, windowSteps: 0 } as const
  const w = world({ policy: { totp } })
  await registered(w, user)
  const password = await passwordSet(w, user)
  const { challenge } = await begun(w, { userId: user, password })
  const enrolment = await good(w.auth.channelSetUp.choose({ challenge, channel: 'MobileApp' }))
  if (enrolment.channel !== 'MobileApp') throw new Error(enrolment.channel)
  expect(Object.fromEntries(new URL(enrolment.uri).searchParams)).toMatchObject({
    ...{ algorithm: 'SHA256', digits: '8', period: '60' },
  })
  const theirs = phone(w.clock, enrolment.secret, w.auth.policy)
  expect(theirs.secret.length).toBe(32)
  expect(theirs.code()).toMatch(/^\d{8}$/)
  await good(w.auth.channelSetUp.confirm({ challenge, code: theirs.code() }))
  w.clock.pass(60_000)
  const { give } = await login(w, { userId: user, password } as Person)
  expect(await give(theirs.code())).toBe('ok')
})

test('LOCK-06, OTP-04 · where the channels’ codes differ in length, the other’s length is no code: not counted', async () => {
  const w = world({ policy: { totp: { digits: 8 } } })
  await registered(w, user)
  const password = await passwordSet(w, user)
  const first = await begun(w, { userId: user, password })
  await good(w.auth.channelSetUp.choose({ challenge: first.challenge, channel: 'Email' }))
  expect(await codeOf(w.auth.channelSetUp.confirm({ challenge: first.challenge, code: '12345678' }))).toBe(
    'malformed-code',
  )
  await good(w.auth.channelSetUp.confirm({ challenge: first.challenge, code: mailed(w, user) }))
  const { give } = await login(w, { userId: user, password } as Person)
  expect(await give('12345678')).toBe('malformed-code')
  expect((await view(w, { userId: user })).attempts.otps).toBe(0)
})
