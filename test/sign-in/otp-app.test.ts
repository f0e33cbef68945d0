/** One-time passwords of the mobile app, and the change of its device. */
import { describe, expect, test } from 'vitest'
import { codeOf, count, eventsOf, good, type TestService, testService } from '../support/test-service.ts'
import {
  begun,
  type ClientConnectPerson,
  channelSet,
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

test('OTP-01 · a code of one channel is not valid for the other', async () => {
  const service = testService()
  const email = await initialised(service, user, 'Email')
  const app = await initialised(service, 'B0123402', 'MobileApp')
  expect(await (await login(service, email)).give(app.phone.code())).toBe('code-refused')
  expect(await (await login(service, app)).give(mailed(service, user))).toBe('code-refused')
})

test('OTP-04 · codes of one step either side are accepted, and those of two steps are refused', async () => {
  const service = testService()
  const person = await initialised(service)
  service.clock.pass(10 * minutes)
  const { give } = await login(service, person)
  expect(await give(person.phone.code(2))).toBe('code-refused')
  expect(await give(person.phone.code(-2))).toBe('code-refused')
  expect(await give(person.phone.code(1))).toBe('ok')
  expect(await (await login(service, person)).give(person.phone.code(-1))).toBe('ok')
})

test('OTP-05 · a code is accepted once: its step and any earlier one are refused as replays', async () => {
  const service = testService()
  const person = await initialised(service)
  service.clock.pass(10 * minutes)
  expect(await (await login(service, person)).give(person.phone.code())).toBe('ok')
  const { give } = await login(service, person)
  expect(await give(person.phone.code())).toBe('code-refused')
  expect(await give(person.phone.code(1))).toBe('code-refused')
  expect(await whys(service)).toEqual(['replayed', 'replayed'])
  service.clock.pass(30_000)
  expect(await give(person.phone.code())).toBe('ok')
})

test('OTP-05 · the code that completed the enrolment is refused in a sign-in', async () => {
  const service = testService()
  await registered(service, user)
  const password = await passwordSet(service, user)
  const { challenge } = await begun(service, { userId: user, password })
  const theirs = await channelSet(service, challenge, user, 'MobileApp')
  const { give } = await login(service, { userId: user, password } as ClientConnectPerson)
  expect(await give(theirs.code(1))).toBe('code-refused')
  expect(await whys(service)).toEqual(['replayed'])
  expect(await give(theirs.code())).toBe('ok')
})

test('OTP-04 · the policy sets the parameters: eight digits, SHA-256, a minute per step, no window', async () => {
  const totp = { digits: 8, algorithm: 'SHA256', periodSeconds: 60, windowSteps: 0 } as const
  const service = testService({ policy: { totp } })
  await registered(service, user)
  const password = await passwordSet(service, user)
  const { challenge } = await begun(service, { userId: user, password })
  const enrolment = await good(service.auth.enrolment.chooseChannel({ challenge, channel: 'MobileApp' }))
  if (enrolment.channel !== 'MobileApp') throw new Error(enrolment.channel)
  expect(Object.fromEntries(new URL(enrolment.uri).searchParams)).toMatchObject({
    ...{ algorithm: 'SHA256', digits: '8', period: '60' },
  })
  const theirs = phone(service.clock, enrolment.secret, service.auth.policy)
  expect(theirs.secret.length).toBe(32)
  expect(theirs.code()).toMatch(/^\d{8}$/)
  await good(service.auth.enrolment.confirm({ challenge, code: theirs.code() }))
  service.clock.pass(60_000)
  const { give } = await login(service, { userId: user, password } as ClientConnectPerson)
  expect(await give(theirs.code())).toBe('ok')
})

test('OTP-08, OTP-10 · a change of device is verified by the old device at the next sign-in, and then the new one is enrolled', async () => {
  const service = testService()
  const person = await initialised(service)
  const session = await loggedIn(service, person)
  await good(service.auth.selfService.changeDevice({ session }))
  expect(await count(service, user, 'PasswordSet')).toBe(1)

  const { give, challenge } = await login(service, person)
  expect(await codeOf(service.auth.enrolment.chooseChannel({ challenge, channel: 'MobileApp' }))).toBe(
    'challenge-ended',
  )
  expect(await give(wrong(person.phone.code()))).toBe('code-refused')
  const step = await good(service.auth.signIn.confirmOtp({ challenge, code: person.phone.code() }))
  expect(step).toEqual({ next: 'enrolOtp', challenge, suggested: 'MobileApp' })
  expect(await count(service, user, 'SignInCompleted')).toBe(1)
  service.clock.pass(30_000)
  const theirs = await channelSet(service, challenge, user, 'MobileApp')

  const renewed = await login(service, person)
  expect(await renewed.give(person.phone.code())).toBe('code-refused')
  expect(await renewed.give(theirs.code())).toBe('ok')
})

test('OTP-09 · the old device remains valid until the new one is enrolled, also if the enrolment is interrupted', async () => {
  const service = testService()
  const person = await initialised(service)
  await good(service.auth.selfService.changeDevice({ session: await loggedIn(service, person) }))
  for (let i = 0; i < 3; i++) {
    const { give, challenge } = await login(service, person)
    expect(await give(person.phone.code())).toBe('ok')
    await good(service.auth.enrolment.chooseChannel({ challenge, channel: 'MobileApp' }))
    service.clock.pass(30_000)
  }
  const { give } = await login(service, person)
  expect(await give(person.phone.code(1))).toBe('code-refused') // a step that proved once is used up
  expect((await view(service, person)).stage).toBe('Initialised')
})

test('OTP-10 · the policy can let the password alone verify a change of device', async () => {
  const service = testService({ policy: { deviceChange: { verifiedBy: 'password' } } })
  const person = await initialised(service)
  await good(service.auth.selfService.changeDevice({ session: await loggedIn(service, person) }))
  const step = await begun(service, person)
  expect(step.next).toBe('enrolOtp')
  const theirs = await channelSet(service, step.challenge, user, 'MobileApp')
  await loggedIn(service, { ...person, phone: theirs })
})

test('OTP-10 · a sign-in that was open before still requires the old device, even if the policy lets the password verify the change', async () => {
  const service = testService({ policy: { deviceChange: { verifiedBy: 'password' } } })
  const person = await initialised(service)
  const session = await loggedIn(service, person)
  const { give, challenge } = await login(service, person)
  await good(service.auth.selfService.changeDevice({ session }))
  expect(await codeOf(service.auth.enrolment.chooseChannel({ challenge, channel: 'MobileApp' }))).toBe(
    'challenge-ended',
  )
  expect(await give(person.phone.code())).toBe('ok')
})

describe('OTP-13 · after the enrolment of a mobile app', () => {
  const enrolling = async (service: TestService) => {
    await registered(service, user)
    const password = await passwordSet(service, user)
    const { challenge } = await begun(service, { userId: user, password })
    const app = await good(service.auth.enrolment.chooseChannel({ challenge, channel: 'MobileApp' }))
    return { challenge, password, theirs: phone(service.clock, app.secret) }
  }

  test.each([-1, 0, 1])(
    'after a code of step %i the holder learns when the next one is accepted',
    async (steps) => {
      const service = testService()
      const { challenge, password, theirs } = await enrolling(service)
      const done = await good(service.auth.enrolment.confirm({ challenge, code: theirs.code(-steps) }))
      if (done.channel !== 'MobileApp') throw new Error(done.channel)
      const now = service.clock.now()
      const step = Math.floor(now / 30_000)
      expect(done).toEqual({ channel: 'MobileApp', nextCodeAt: (step + steps + 1) * 30_000 })
      // A millisecond earlier the app shows a used code; from then on, a new one.
      service.clock.pass(Math.max(0, done.nextCodeAt - 1 - now))
      const { give } = await login(service, { userId: user, password } as ClientConnectPerson)
      const used = Math.floor(service.clock.now() / 30_000) <= step + steps
      expect(await give(theirs.code())).toBe(used ? 'code-refused' : 'ok')
      if (used) {
        service.clock.pass(done.nextCodeAt - service.clock.now())
        expect(await give(theirs.code())).toBe('ok')
      }
    },
  )

  test('a used code is refused exactly like a wrong one', async () => {
    const service = testService()
    const { challenge, password, theirs } = await enrolling(service)
    await good(service.auth.enrolment.confirm({ challenge, code: theirs.code() }))
    const begin = () => good(service.auth.signIn.begin({ userId: user, password, system: 'CCASS/CCMS' }))
    const first = await begin()
    const usedUp = await service.auth.signIn.confirmOtp({ challenge: first.challenge, code: theirs.code() })
    const second = await begin()
    const wrongOne = await service.auth.signIn.confirmOtp({
      challenge: second.challenge,
      code: wrong(theirs.code()),
    })
    expect(usedUp.isErr() && usedUp.error).toEqual({ code: 'code-refused', rule: 'LOCK-06' })
    expect(wrongOne).toEqual(usedUp)
  })

  test('for email the result contains only the channel', async () => {
    const service = testService()
    await registered(service, user)
    const password = await passwordSet(service, user)
    const { challenge } = await begun(service, { userId: user, password })
    await good(service.auth.enrolment.chooseChannel({ challenge, channel: 'Email' }))
    const done = await good(
      service.auth.enrolment.confirm({ challenge, code: service.mailer.codeFor(user) ?? '' }),
    )
    expect(done).toEqual({ channel: 'Email' })
  })
})
