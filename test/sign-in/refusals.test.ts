/** Refusals are recorded in the trail, with the reason that the caller does not see. */
import { expect, test } from 'vitest'
import type { AccountDenialReason } from '../../src/account/refusal-reason.ts'
import {
  codeOf,
  good,
  lastReason,
  lastRefusal,
  type TestService,
  testService,
} from '../support/test-service.ts'
import { expectTrailVerifies } from '../support/trail-check.ts'
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
  wrong,
} from '../support/user-journeys.ts'

const begin = (
  { auth }: TestService,
  password = 'Correct-Horse-1!',
  system: 'CCASS/CCMS' | 'DMS' = 'CCASS/CCMS',
) => auth.signIn.begin({ userId: user, password, system })
const changed = async (service: TestService, changes: object) => {
  await initialised(service)
  await good(service.auth.registry.change({ userId: user, by: 'HKEX', changes }))
}

/** How each refusal is caused. */
const refusals: Readonly<Partial<Record<AccountDenialReason, (service: TestService) => Promise<unknown>>>> = {
  'unknown-user': (service) => codeOf(begin(service)),
  deleted: async (service) => {
    await registered(service, user)
    await good(service.auth.registry.delete({ userId: user, by: 'HKEX' }))
    await begin(service)
  },
  'user-id-taken': async (service) => {
    await registered(service, user)
    await service.auth.registry.register({ userId: user, role: 'User', origin: 'created', by: 'HKEX' })
  },
  locked: async (service) => {
    await locked(service, await initialised(service))
    await begin(service)
  },
  disabled: async (service) => {
    await changed(service, { status: 'DISABLED' })
    await begin(service)
  },
  'not-yet-enabled': async (service) => {
    await changed(service, { enableFrom: '2030-01-01' })
    await begin(service)
  },
  'no-longer-enabled': async (service) => {
    await changed(service, { disableAfter: '2020-01-01' })
    await begin(service)
  },
  'users-do-not-enter-dms': async (service) => {
    await initialised(service)
    await begin(service, 'Correct-Horse-1!', 'DMS')
  },
  'no-password-set': async (service) => {
    await registered(service, user)
    await begin(service)
  },
  'no-registered-email': async (service) => {
    await registered(service, user, { email: null })
    await service.auth.passwordSetUp.begin({ userId: user })
  },
  'email-otp-user': async (service) => {
    const session = await loggedIn(service, await initialised(service, user, 'Email'))
    await service.auth.selfService.changeDevice({ session })
  },
  'mobile-app-user': async (service) => {
    const { challenge } = await begun(service, await initialised(service))
    await service.auth.signIn.resendCode({ challenge })
  },
  'too-many-codes': async (service) => {
    const { challenge } = await begun(service, await initialised(service, user, 'Email'))
    for (let i = 0; i < 5; i++) await service.auth.signIn.resendCode({ challenge })
  },
  'too-many-enrolment-attempts': async (service) => {
    await initialised(service)
    const { challenge } = await good(service.auth.passwordSetUp.begin({ userId: user }))
    for (let i = 0; i < 10; i++)
      await service.auth.passwordSetUp.confirmCode({ challenge, code: wrong(mailed(service, user)) })
    await service.auth.passwordSetUp.begin({ userId: user })
  },
  'no-such-challenge': async (service) => {
    await initialised(service)
    await service.auth.signIn.confirmOtp({ challenge: `${user}.${'0'.repeat(32)}`, code: '123456' })
  },
  'challenge-expired': async (service) => {
    const person = await initialised(service)
    const { challenge } = await begun(service, person)
    service.clock.pass(600_000)
    await service.auth.signIn.confirmOtp({ challenge, code: person.phone.code() })
  },
  'no-channel-chosen': async (service) => {
    await registered(service, user)
    const { challenge } = await begun(service, { userId: user, password: await passwordSet(service, user) })
    await service.auth.enrolment.confirm({ challenge, code: '123456' })
  },
  'challenge-awaits-something-else': async (service) => {
    const person = await initialised(service)
    const { challenge } = await begun(service, person)
    await service.auth.enrolment.chooseChannel({ challenge, channel: 'Email' })
  },
  'session-of-former-epoch': async (service) => {
    const session = await loggedIn(service, await initialised(service))
    await passwordSet(service, user, another(1))
    await service.auth.selfService.changeDevice({ session })
  },
  'password-used-before': async (service) => {
    const person = await initialised(service)
    const session = await loggedIn(service, person)
    const same = { current: person.password, password: person.password, confirmation: person.password }
    await service.auth.selfService.changePassword({ session, ...same })
  },
  'password-changed-too-recently': async (service) => {
    const person = await initialised(service)
    const session = await loggedIn(service, person)
    const fresh = { password: another(1), confirmation: another(1) }
    await service.auth.selfService.changePassword({ session, current: person.password, ...fresh })
  },
}

const strict = { password: { history: 1, minimumAgeHours: 1 } }

test.each(Object.entries(refusals))(
  'AUD-03 · a refusal is recorded in the trail with its reason: %s',
  async (reason, bringAbout) => {
    const service = testService({
      policy: reason === 'password-used-before' ? { password: { history: 1 } } : strict,
    })
    await bringAbout(service)
    expect(await lastReason(service, user)).toBe(reason)
    const refused = await lastRefusal(service, user)
    expect(refused).toMatchObject({
      type: reason === 'user-id-taken' ? 'AdministrationRefused' : 'CommandRefused',
      operation: expect.any(String),
      rule: expect.any(String),
    })
    await expectTrailVerifies(service, user)
  },
)

test('AUD-03 · a User ID without an account has a trail of refused attempts, and can still become an account', async () => {
  const service = testService()
  await begin(service)
  await service.auth.passwordSetUp.begin({ userId: user })
  const page = await good(service.auth.audit.refusals({ userId: user.toLowerCase() }))
  expect(page.map(({ event }) => event)).toMatchObject([
    { type: 'CommandRefused', operation: 'EnterPassword', reason: 'unknown-user' },
    { type: 'CommandRefused', operation: 'RequestPasswordCode', reason: 'unknown-user' },
  ])
  await loggedIn(service, await initialised(service))
  await expectTrailVerifies(service, user)
})
