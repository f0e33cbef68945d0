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
const changed = async (w: TestService, changes: object) => {
  await initialised(w)
  await good(w.auth.registry.change({ userId: user, by: 'HKEX', changes }))
}

/** How each refusal is caused. */
const refusals: Readonly<Partial<Record<AccountDenialReason, (w: TestService) => Promise<unknown>>>> = {
  'unknown-user': (w) => codeOf(begin(w)),
  deleted: async (w) => {
    await registered(w, user)
    await good(w.auth.registry.delete({ userId: user, by: 'HKEX' }))
    await begin(w)
  },
  'user-id-taken': async (w) => {
    await registered(w, user)
    await w.auth.registry.register({ userId: user, role: 'User', origin: 'created', by: 'HKEX' })
  },
  locked: async (w) => {
    await locked(w, await initialised(w))
    await begin(w)
  },
  disabled: async (w) => {
    await changed(w, { status: 'DISABLED' })
    await begin(w)
  },
  'not-yet-enabled': async (w) => {
    await changed(w, { enableFrom: '2030-01-01' })
    await begin(w)
  },
  'no-longer-enabled': async (w) => {
    await changed(w, { disableAfter: '2020-01-01' })
    await begin(w)
  },
  'users-do-not-enter-dms': async (w) => {
    await initialised(w)
    await begin(w, 'Correct-Horse-1!', 'DMS')
  },
  'no-password-set': async (w) => {
    await registered(w, user)
    await begin(w)
  },
  'no-registered-email': async (w) => {
    await registered(w, user, { email: null })
    await w.auth.passwordSetUp.begin({ userId: user })
  },
  'email-otp-user': async (w) => {
    const session = await loggedIn(w, await initialised(w, user, 'Email'))
    await w.auth.selfService.changeDevice({ session })
  },
  'mobile-app-user': async (w) => {
    const { challenge } = await begun(w, await initialised(w))
    await w.auth.signIn.resendCode({ challenge })
  },
  'too-many-codes': async (w) => {
    const { challenge } = await begun(w, await initialised(w, user, 'Email'))
    for (let i = 0; i < 5; i++) await w.auth.signIn.resendCode({ challenge })
  },
  'too-many-enrolment-attempts': async (w) => {
    await initialised(w)
    const { challenge } = await good(w.auth.passwordSetUp.begin({ userId: user }))
    for (let i = 0; i < 10; i++)
      await w.auth.passwordSetUp.confirmCode({ challenge, code: wrong(mailed(w, user)) })
    await w.auth.passwordSetUp.begin({ userId: user })
  },
  'no-such-challenge': async (w) => {
    await initialised(w)
    await w.auth.signIn.confirmOtp({ challenge: `${user}.${'0'.repeat(32)}`, code: '123456' })
  },
  'challenge-expired': async (w) => {
    const person = await initialised(w)
    const { challenge } = await begun(w, person)
    w.clock.pass(600_000)
    await w.auth.signIn.confirmOtp({ challenge, code: person.phone.code() })
  },
  'no-channel-chosen': async (w) => {
    await registered(w, user)
    const { challenge } = await begun(w, { userId: user, password: await passwordSet(w, user) })
    await w.auth.enrolment.confirm({ challenge, code: '123456' })
  },
  'challenge-awaits-something-else': async (w) => {
    const person = await initialised(w)
    const { challenge } = await begun(w, person)
    await w.auth.enrolment.chooseChannel({ challenge, channel: 'Email' })
  },
  'session-of-former-epoch': async (w) => {
    const session = await loggedIn(w, await initialised(w))
    await passwordSet(w, user, another(1))
    await w.auth.selfService.changeDevice({ session })
  },
  'password-used-before': async (w) => {
    const person = await initialised(w)
    const session = await loggedIn(w, person)
    const same = { current: person.password, password: person.password, confirmation: person.password }
    await w.auth.selfService.changePassword({ session, ...same })
  },
  'password-changed-too-recently': async (w) => {
    const person = await initialised(w)
    const session = await loggedIn(w, person)
    const fresh = { password: another(1), confirmation: another(1) }
    await w.auth.selfService.changePassword({ session, current: person.password, ...fresh })
  },
}

const strict = { password: { history: 1, minimumAgeHours: 1 } }

test.each(Object.entries(refusals))(
  'AUD-03 · a refusal is recorded in the trail with its reason: %s',
  async (reason, bringAbout) => {
    const w = testService({
      policy: reason === 'password-used-before' ? { password: { history: 1 } } : strict,
    })
    await bringAbout(w)
    expect(await lastReason(w, user)).toBe(reason)
    const refused = await lastRefusal(w, user)
    expect(refused).toMatchObject({
      type: reason === 'user-id-taken' ? 'AdministrationRefused' : 'CommandRefused',
      operation: expect.any(String),
      rule: expect.any(String),
    })
    await expectTrailVerifies(w, user)
  },
)

test('AUD-03 · a User ID without an account has a trail of refused attempts, and can still become an account', async () => {
  const w = testService()
  await begin(w)
  await w.auth.passwordSetUp.begin({ userId: user })
  const page = await good(w.auth.audit.refusals({ userId: user.toLowerCase() }))
  expect(page.map(({ event }) => event)).toMatchObject([
    { type: 'CommandRefused', operation: 'EnterPassword', reason: 'unknown-user' },
    { type: 'CommandRefused', operation: 'RequestPasswordCode', reason: 'unknown-user' },
  ])
  await loggedIn(w, await initialised(w))
  await expectTrailVerifies(w, user)
})
