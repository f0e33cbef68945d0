/** Open challenges: their duration, their number, their account, and their purpose. */
import { expect, test } from 'vitest'
import {
  codeOf,
  count,
  eventsOf,
  good,
  lastReason,
  recordOf,
  type TestService,
  testService,
} from '../support/test-service.ts'
import {
  begun,
  type ClientConnectPerson,
  codeOfNow,
  initialised,
  mailed,
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

test('OTP-11 · the challenge between password and code expires after ten minutes, to the millisecond', async () => {
  const service = testService()
  const person = await initialised(service)
  const one = await login(service, person)
  service.clock.pass(10 * minutes - 1)
  expect(await one.give(person.phone.code())).toBe('ok')
  const two = await login(service, person)
  service.clock.pass(10 * minutes)
  expect(await two.give(person.phone.code())).toBe('challenge-ended')
  expect(await lastReason(service, user)).toBe('challenge-expired')
  expect((await view(service, person)).failedAttempts.otps).toBe(0)
})

test('OTP-11 · sixteen challenges can be open at once, and a further one closes the oldest', async () => {
  const service = testService()
  const person = await initialised(service)
  const logins = []
  for (let i = 0; i < 18; i++) logins.push(await login(service, person))
  const code = wrong(person.phone.code())
  const answers = []
  for (const { challenge } of logins) answers.push(await codeOf(service.auth.signIn.cancel({ challenge })))
  expect(answers).toEqual([...Array(2).fill('challenge-ended'), ...Array(16).fill('ok')])
  expect(await logins[17]?.give(code)).toBe('challenge-ended')
  const ended = (await eventsOf(service, user))
    .filter(({ type }) => type === 'ChallengeEnded')
    .map(({ reason }) => reason)
  expect(ended).toEqual([...Array(2).fill('superseded'), ...Array(16).fill('cancelled')])
})

test('OTP-11 · expired challenges are removed first, without an entry in the trail', async () => {
  const service = testService({ policy: { challenge: { maxOpen: 2 } } })
  const person = await initialised(service)
  await login(service, person)
  await login(service, person)
  service.clock.pass(10 * minutes)
  await login(service, person)
  const open = await login(service, person)
  expect(await count(service, user, 'ChallengeEnded')).toBe(0)
  expect(await open.give(person.phone.code())).toBe('ok')
})

test('OTP-11 · the record contains no challenge token, and a token is valid for its own account only', async () => {
  const service = testService()
  const [one, two] = [await initialised(service, 'B0123401'), await initialised(service, 'B0123402')]
  const { challenge } = await login(service, one)
  await login(service, two)
  const random = challenge.slice(challenge.indexOf('.') + 1)
  expect(JSON.stringify(await recordOf(service, one.userId))).not.toContain(random)
  expect(
    await codeOf(service.auth.signIn.confirmOtp({ challenge: `B0123402.${random}`, code: two.phone.code() })),
  ).toBe('challenge-ended')
  expect((await view(service, two)).failedAttempts.otps).toBe(0)
  expect(await codeOf(service.auth.signIn.confirmOtp({ challenge, code: one.phone.code() }))).toBe('ok')
})

test('OTP-11 · a challenge of one kind is refused as one of another kind', async () => {
  const service = testService()
  const person = await initialised(service)
  const { challenge: ofLogin } = await login(service, person)
  const { challenge: ofReset } = await good(service.auth.passwordSetUp.begin({ userId: user }))
  const { signIn, passwordSetUp, enrolment } = service.auth
  const fresh = { password: 'Another-Horse-1!', confirmation: 'Another-Horse-1!' }
  expect([
    await codeOf(passwordSetUp.confirmCode({ challenge: ofLogin, code: mailed(service, user) })),
    await codeOf(passwordSetUp.complete({ challenge: ofLogin, ...fresh })),
    await codeOf(enrolment.chooseChannel({ challenge: ofLogin, channel: 'Email' })),
    await codeOf(enrolment.confirm({ challenge: ofLogin, code: person.phone.code() })),
    await codeOf(signIn.confirmOtp({ challenge: ofReset, code: person.phone.code() })),
    await codeOf(signIn.resendCode({ challenge: ofReset })),
    await codeOf(enrolment.chooseChannel({ challenge: ofReset, channel: 'MobileApp' })),
    await codeOf(passwordSetUp.complete({ challenge: ofReset, ...fresh })),
  ]).toEqual(['code-refused', ...Array(7).fill('challenge-ended')])
  expect(await codeOf(signIn.confirmOtp({ challenge: ofLogin, code: codeOfNow(service, person) }))).toBe('ok')
})
