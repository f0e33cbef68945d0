/** The password on the sign-in page, and requesting another code. */
import { describe, expect, test } from 'vitest'
import type { SignInDenial } from '../../src/access-control/denials.ts'
import type { System } from '../../src/index.ts'
import { DAY } from '../../src/kernel/instant.ts'
import {
  challenge,
  challengeEnd,
  codeEnd,
  command,
  event,
  given,
  happened,
  history,
  t0,
  times,
} from '../support/random-histories.ts'

const enter = (
  contents: { correct?: boolean; system?: System; id?: string; shut?: SignInDenial } = {},
  at = t0,
) => {
  const { correct = true, system = 'CCASS/CCMS', id = 'sign-in', shut } = contents
  return command(
    'EnterPassword',
    {
      passwordMatches: correct,
      system,
      denial: shut,
      challenge: id,
      code: 'login-1',
    },
    at,
  )
}
const rejected = event('PasswordRejected', 'LOCK-01', { via: 'CCASS/CCMS' })
const locked = event('Locked', 'LOCK-01', { historySize: 0 })
const accepted = (
  rule: 'OTP-01' | 'ACC-01' | 'PW-11' | 'OTP-08',
  open: ReturnType<(typeof challenge)[keyof typeof challenge]>,
  at = t0,
) => event('PasswordAccepted', rule, { system: 'CCASS/CCMS', challenge: open }, at)

describe('EnterPassword', () => {
  test('OTP-01 · the password of an app user opens a challenge that awaits the app’s code', () => {
    const account = given(history.app).when(enter()).then(accepted('OTP-01', challenge.login()))
    expect(account).toMatchObject({ challenges: [{ id: 'sign-in', failedAttempts: 0, consentedAt: t0 }] })
  })

  test('OTP-01, OTP-06 · the password of an email user opens a challenge and issues a code', () => {
    const code = { credential: 'login-1', expiresAt: codeEnd(t0) }
    const account = given(history.email)
      .when(enter())
      .then(
        accepted('OTP-01', challenge.login()),
        event('CodeIssued', 'OTP-06', { purpose: 'sign-in', code, window: { used: 1, since: t0 } }),
      )
    expect(account).toMatchObject({
      codes: { 'sign-in': code },
      codesIssued: { 'sign-in': { used: 1, since: t0 } },
    })
  })

  test('ACC-01 · the password of an account without a channel opens the enrolment', () => {
    given(history.passwordSet)
      .when(enter())
      .then(accepted('ACC-01', challenge.channel('sign-in')))
  })

  test('ACC-12, ACC-13, MIG-03 · where access is denied, a correct or wrong password is not counted', () => {
    const doors = [
      ['users-do-not-enter-dms', 'ACC-13'],
      ['administrators-enter-dms-only', 'ACC-13'],
      ['administrator-without-business-group', 'ACC-13'],
      ['before-launch', 'MIG-03'],
    ] as const
    for (const [shut, rule] of doors)
      for (const correct of [true, false])
        for (const before of [history.registered, history.passwordSet, history.app])
          given(before).when(enter({ correct, shut })).refused(shut, rule)
    const administrator = [happened.registered({ role: 'DelegatedAdministrator' }), ...history.app.slice(1)]
    const dms = { system: 'DMS', challenge: { ...challenge.login(), system: 'DMS' } } as const
    given(administrator)
      .when(enter({ system: 'DMS' }))
      .then(event('PasswordAccepted', 'OTP-01', dms))
  })

  test('LOCK-13 · while no password is set, every password is refused and nothing is counted', () => {
    for (const correct of [true, false])
      given(history.registered).when(enter({ correct })).refused('no-password-set', 'LOCK-13')
  })

  test('LOCK-01 · a wrong password is counted, and the fifth locks the account', () => {
    for (const before of [history.passwordSet, history.app, history.email]) {
      given(before)
        .when(enter({ correct: false }))
        .then(rejected)
      given(before, times(3, happened.wrongPassword))
        .when(enter({ correct: false }))
        .then(rejected)
      const account = given(before, times(4, happened.wrongPassword))
        .when(enter({ correct: false }))
        .then(rejected, locked)
      expect(account).toMatchObject({ stage: 'Locked', failedAttempts: { passwords: 5, otps: 0 } })
    }
  })

  test('LOCK-04 · every three wrong codes count as one wrong password', () => {
    given(history.app, times(3, happened.wrongPassword), times(2, happened.wrongCode))
      .when(enter({ correct: false }))
      .then(rejected)
    given(history.app, times(3, happened.wrongPassword), times(3, happened.wrongCode))
      .when(enter({ correct: false }))
      .then(rejected, locked)
  })

  test('LOCK-03 · a correct password clears no counter', () => {
    const account = given(history.app, times(4, happened.wrongPassword), times(2, happened.wrongCode))
      .when(enter())
      .then(accepted('OTP-01', challenge.login()))
    expect(account).toMatchObject({ failedAttempts: { passwords: 4, otps: 2 } })
  })

  test('PW-11, PW-10 · from the millisecond of its expiry a correct password leads to the password change, with either channel', () => {
    const at = t0 + 90 * DAY
    for (const before of [history.app, history.email])
      given(before)
        .when(enter({}, at))
        .then(accepted('PW-11', challenge.expired('sign-in', at), at))
    given(history.app)
      .when(enter({}, at - 1))
      .then(accepted('OTP-01', challenge.login('sign-in', at - 1), at - 1))
    given(history.app)
      .when(enter({ correct: false }, at))
      .then({ ...rejected, at })
  })

  test('OTP-08, OTP-10 · after a request for a device change the old device verifies it, or the password if the policy says so', () => {
    const before = [...history.app, happened.deviceChangeRequested()]
    given(before).when(enter()).then(accepted('OTP-01', challenge.login()))
    given(before)
      .when(enter(), { deviceChange: { verifiedBy: 'password' } })
      .then(accepted('OTP-08', challenge.channel('sign-in')))
  })

  test('ACC-02, OTP-07 · an email user is refused without a registered email or beyond the limit of codes', () => {
    given(history.email, happened.changed({ email: null }))
      .when(enter())
      .refused('no-registered-email', 'ACC-02')
    const spent = [...history.email, happened.issued('sign-in', 5)]
    given(spent)
      .when(enter({}, t0 + 899_999))
      .refused('too-many-codes', 'OTP-07')
    given(spent)
      .when(enter({ correct: false }))
      .then(rejected)
    const at = t0 + 900_000
    given(spent)
      .when(enter({}, at))
      .then(
        accepted('OTP-01', challenge.login('sign-in', at), at),
        event(
          'CodeIssued',
          'OTP-06',
          {
            ...{ purpose: 'sign-in', code: { credential: 'login-1', expiresAt: codeEnd(at) } },
            window: { used: 1, since: at },
          },
          at,
        ),
      )
  })

  test('PW-15 · a hash with current settings replaces only the hash that was verified', () => {
    const replace = (former: string) => command('ReplacePasswordHash', { former, credential: 'p9' })
    const account = given(history.app)
      .when(replace('p1'))
      .then(event('PasswordRehashed', 'PW-15', { credential: 'p9' }))
    expect(account).toMatchObject({ password: { credential: 'p9', changedAt: t0 } })
    given(history.app).when(replace('p0')).then()
    for (const before of [[], history.registered, history.locked, history.deleted])
      given(before).when(replace('p1')).then()
  })

  test('OTP-11 · beyond the limit the oldest challenge of its kind is closed; expired ones are removed first', () => {
    const policy = { challenge: { maxOpen: 2 } }
    const open = [challenge.login('a'), challenge.login('b')].map((one) => happened.opened(one))
    const ended = event('ChallengeEnded', 'OTP-11', { challenge: 'a', reason: 'superseded' })
    const account = given(history.app, open)
      .when(enter(), policy)
      .then(ended, accepted('OTP-01', challenge.login()))
    expect(account).toMatchObject({ challenges: [{ id: 'b' }, { id: 'sign-in' }] })

    const at = challengeEnd(t0)
    const fresh = given(history.app, open)
      .when(enter({}, at), policy)
      .then(accepted('OTP-01', challenge.login('sign-in', at), at))
    expect(fresh).toMatchObject({ challenges: [{ id: 'sign-in' }] })
    given(history.app, open.slice(1), happened.asked())
      .when(enter(), policy)
      .then(accepted('OTP-01', challenge.login()))
  })
})

describe('ResendSignInCode', () => {
  const resend = command('ResendSignInCode', { challenge: 'sign-in', code: 'login-2' })
  const byEmail = [...history.email, happened.opened(challenge.login()), happened.issued('sign-in')]

  test('OTP-07 · a resend issues another code, which alone is valid; it counts nothing and resets nothing', () => {
    const code = { credential: 'login-2', expiresAt: codeEnd(t0) }
    const account = given(byEmail, times(2, happened.wrongCode))
      .when(resend)
      .then(event('CodeIssued', 'OTP-06', { purpose: 'sign-in', code, window: { used: 2, since: t0 } }))
    expect(account).toMatchObject({
      codes: { 'sign-in': code },
      failedAttempts: { otps: 2 },
      challenges: [{ failedAttempts: 2 }],
    })
  })

  test('OTP-03, ACC-02, OTP-07 · a resend is refused for an app user, without a registered email, or beyond the limit', () => {
    given(history.app, happened.opened(challenge.login())).when(resend).refused('mobile-app-user', 'OTP-03')
    given(byEmail, happened.changed({ email: null }))
      .when(resend)
      .refused('no-registered-email', 'ACC-02')
    given(byEmail, happened.issued('sign-in', 5)).when(resend).refused('too-many-codes', 'OTP-07')
  })
})
