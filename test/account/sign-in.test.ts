/** From the login page to the login. */
import { describe, expect, test } from 'vitest'
import { DAY, type System } from '../../src/index.ts'
import {
  challenge,
  challengeEnd,
  codeEnd,
  command,
  event,
  given,
  happened,
  life,
  t0,
  times,
} from '../support/lives.ts'

const enter = (
  contents: { correct?: boolean; system?: System; rehashed?: string; id?: string } = {},
  at = t0,
) => {
  const { correct = true, system = 'CCASS/CCMS', rehashed, id = 'login' } = contents
  return command(
    'EnterPassword',
    { correct, system, challenge: id, code: 'login-1', ...(rehashed === undefined ? {} : { rehashed }) },
    at,
  )
}
const rejected = event('PasswordRejected', 'LOCK-01', { through: 'CCASS/CCMS' })
const locked = event('Locked', 'LOCK-01', { remember: 0 })
const accepted = (
  rule: 'OTP-01' | 'ACC-01' | 'PW-11' | 'OTP-08',
  open: ReturnType<(typeof challenge)[keyof typeof challenge]>,
  at = t0,
) => event('PasswordAccepted', rule, { system: 'CCASS/CCMS', challenge: open }, at)

describe('EnterPassword', () => {
  test('OTP-01 · of an app user: a login that awaits the app’s code', () => {
    const account = given(life.app).when(enter()).then(accepted('OTP-01', challenge.login()))
    expect(account).toMatchObject({ challenges: [{ id: 'login', misses: 0, consentedAt: t0 }] })
  })

  test('OTP-01, OTP-06 · of an email user: a code is issued with it', () => {
    const code = { credential: 'login-1', expiresAt: codeEnd(t0) }
    const account = given(life.email)
      .when(enter())
      .then(
        accepted('OTP-01', challenge.login()),
        event('CodeIssued', 'OTP-06', { purpose: 'login', code, issued: { used: 1, since: t0 } }),
      )
    expect(account).toMatchObject({ codes: { login: code }, issued: { login: { used: 1, since: t0 } } })
  })

  test('ACC-01 · without a channel: its set-up', () => {
    given(life.passwordSet)
      .when(enter())
      .then(accepted('ACC-01', challenge.channel('login')))
  })

  test('ACC-12, ACC-13 · at the login page of the other role, right or wrong: nothing is counted', () => {
    const administrator = [happened.registered({ role: 'DelegatedAdministrator' }), ...life.app.slice(1)]
    for (const correct of [true, false]) {
      for (const before of [life.registered, life.passwordSet, life.app])
        given(before)
          .when(enter({ correct, system: 'DMS' }))
          .refused('wrong-system', 'ACC-12')
      given(administrator).when(enter({ correct })).refused('wrong-system', 'ACC-12')
    }
    const dms = { system: 'DMS', challenge: { ...challenge.login(), system: 'DMS' } } as const
    given(administrator)
      .when(enter({ system: 'DMS' }))
      .then(event('PasswordAccepted', 'OTP-01', dms))
  })

  test('LOCK-13 · where no password is set, right or wrong: nothing is counted', () => {
    for (const correct of [true, false])
      given(life.registered).when(enter({ correct })).refused('no-password-set', 'LOCK-13')
  })

  test('LOCK-01 · a wrong password is counted; the fifth locks', () => {
    for (const before of [life.passwordSet, life.app, life.email]) {
      given(before)
        .when(enter({ correct: false }))
        .then(rejected)
      given(before, times(3, happened.wrongPassword))
        .when(enter({ correct: false }))
        .then(rejected)
      const account = given(before, times(4, happened.wrongPassword))
        .when(enter({ correct: false }))
        .then(rejected, locked)
      expect(account).toMatchObject({ stage: 'Locked', attempts: { passwords: 5, otps: 0 } })
    }
  })

  test('LOCK-04 · …with every three wrong codes for one of them', () => {
    given(life.app, times(3, happened.wrongPassword), times(2, happened.wrongCode))
      .when(enter({ correct: false }))
      .then(rejected)
    given(life.app, times(3, happened.wrongPassword), times(3, happened.wrongCode))
      .when(enter({ correct: false }))
      .then(rejected, locked)
  })

  test('LOCK-03 · a right password clears nothing', () => {
    const account = given(life.app, times(4, happened.wrongPassword), times(2, happened.wrongCode))
      .when(enter())
      .then(accepted('OTP-01', challenge.login()))
    expect(account).toMatchObject({ attempts: { passwords: 4, otps: 2 } })
  })

  test('PW-11, PW-10 · expired to the millisecond: the change of the password, whatever the channel', () => {
    const at = t0 + 90 * DAY
    for (const before of [life.passwordSet, life.app, life.email])
      given(before)
        .when(enter({}, at))
        .then(accepted('PW-11', challenge.expired('login', at), at))
    given(life.app)
      .when(enter({}, at - 1))
      .then(accepted('OTP-01', challenge.login('login', at - 1), at - 1))
    given(life.app)
      .when(enter({ correct: false }, at))
      .then({ ...rejected, at })
  })

  test('OTP-08, OTP-10 · with another device to come: the old one proves it, or the password where the policy says so', () => {
    const before = [...life.app, happened.deviceChangeRequested()]
    given(before).when(enter()).then(accepted('OTP-01', challenge.login()))
    given(before)
      .when(enter(), { deviceChange: { provedBy: 'password' } })
      .then(accepted('OTP-08', challenge.channel('login')))
  })

  test('ACC-02, OTP-07 · an email user without an email, or with too many codes sent', () => {
    given(life.email, happened.changed({ email: null }))
      .when(enter())
      .refused('no-registered-email', 'ACC-02')
    const spent = [...life.email, happened.issued('login', 5)]
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
        accepted('OTP-01', challenge.login('login', at), at),
        event(
          'CodeIssued',
          'OTP-06',
          {
            ...{ purpose: 'login', code: { credential: 'login-1', expiresAt: codeEnd(at) } },
            issued: { used: 1, since: at },
          },
          at,
        ),
      )
  })

  test('PW-15 · a hash of today’s settings takes the old one’s place, and the password is no younger', () => {
    const account = given(life.app)
      .when(enter({ rehashed: 'p9' }, t0 + DAY))
      .then({ ...accepted('OTP-01', challenge.login('login', t0 + DAY), t0 + DAY), rehashed: 'p9' })
    expect(account).toMatchObject({ password: { credential: 'p9', changedAt: t0 } })
  })

  test('OTP-11 · the oldest of its kind gives way beyond the limit; what has expired does so by itself', () => {
    const policy = { challenge: { mostOpen: 2 } }
    const open = [challenge.login('a'), challenge.login('b')].map((one) => happened.opened(one))
    const ended = event('ChallengeEnded', 'OTP-11', { challenge: 'a', why: 'displaced' })
    const account = given(life.app, open)
      .when(enter(), policy)
      .then(ended, accepted('OTP-01', challenge.login()))
    expect(account).toMatchObject({ challenges: [{ id: 'b' }, { id: 'login' }] })

    const at = challengeEnd(t0)
    const fresh = given(life.app, open)
      .when(enter({}, at), policy)
      .then(accepted('OTP-01', challenge.login('login', at), at))
    expect(fresh).toMatchObject({ challenges: [{ id: 'login' }] })
    given(life.app, open.slice(1), happened.asked())
      .when(enter(), policy)
      .then(accepted('OTP-01', challenge.login()))
  })
})

describe('EnterLoginCode', () => {
  const app = (step: number | undefined, id = 'login', at = t0) =>
    command('EnterLoginCode', { challenge: id, fact: { kind: 'MobileApp', step } }, at)
  const mail = (matches: boolean, at = t0) =>
    command('EnterLoginCode', { challenge: 'login', fact: { kind: 'Email', matches } }, at)
  const open = happened.opened(challenge.login())
  const byApp = [...life.app, open]
  const byEmail = [...life.email, open, happened.issued('login')]
  const missed = (why: 'wrong' | 'replayed' | 'outdated', at = t0) =>
    event(
      'LoginCodeRejected',
      { wrong: 'LOCK-02', replayed: 'OTP-05', outdated: 'OTP-06' }[why] as 'LOCK-02',
      { challenge: 'login', why },
      at,
    )
  const completed = (channel: 'MobileApp' | 'Email', step?: number, at = t0) =>
    event(
      'LoginCompleted',
      'LOCK-03',
      {
        ...{ challenge: 'login', system: 'CCASS/CCMS', channel, consentedAt: t0 },
        ...(step === undefined ? {} : { step }),
      },
      at,
    )

  test('LOCK-03, ACC-11 · a right code completes the login and clears the counters; the consent’s instant is told', () => {
    const account = given(byApp, times(4, happened.wrongPassword), times(1, happened.wrongCode))
      .when(app(1_001, 'login', t0 + 30_000))
      .then(completed('MobileApp', 1_001, t0 + 30_000))
    expect(account).toMatchObject({
      ...{ attempts: { passwords: 0, otps: 0 }, challenges: [], channel: { lastStep: 1_001 }, generation: 0 },
    })
  })

  test('OTP-06 · the newest emailed code completes it once', () => {
    const account = given(byEmail)
      .when(mail(true, codeEnd(t0) - 1))
      .then(completed('Email', undefined, codeEnd(t0) - 1))
    expect(account).toMatchObject({ codes: {}, challenges: [] })
  })

  test('OTP-05 · the last accepted step and every one before it are replays; the next is not', () => {
    for (const step of [0, 999, 1_000]) given(byApp).when(app(step)).then(missed('replayed'))
    given(byApp).when(app(1_001)).then(completed('MobileApp', 1_001))
  })

  test('LOCK-06 · wrong, outdated, of the other channel, or of no code at all: a miss', () => {
    given(byApp).when(app(undefined)).then(missed('wrong'))
    given(byApp).when(mail(true)).then(missed('wrong'))
    given(byApp)
      .when(command('EnterLoginCode', { challenge: 'login', fact: undefined }))
      .then(missed('wrong'))
    given(byEmail).when(mail(false)).then(missed('wrong'))
    given(byEmail).when(app(2_000)).then(missed('wrong'))
    given(byEmail)
      .when(mail(true, codeEnd(t0)))
      .then(missed('outdated', codeEnd(t0)))
  })

  test('LOCK-02 · a miss is counted at the account and at the login', () => {
    const account = given(byApp).when(app(undefined)).then(missed('wrong'))
    expect(account).toMatchObject({ attempts: { passwords: 0, otps: 1 }, challenges: [{ misses: 1 }] })
  })

  const over = event('ChallengeEnded', 'LOCK-05', { challenge: 'login', why: 'misses' })

  test('LOCK-05 · the third miss ends the challenge', () => {
    const account = given(byApp, times(2, happened.wrongCode))
      .when(app(undefined))
      .then(missed('wrong'), over)
    expect(account).toMatchObject({ challenges: [], attempts: { otps: 3 } })
    given(byApp, times(1, happened.wrongCode)).when(app(undefined)).then(missed('wrong'))
  })

  test('LOCK-05, LOCK-04 · …whether it is the account’s third, in whatever logins, or the login’s', () => {
    given(
      byApp,
      times(2, () => happened.wrongCode('another')),
    )
      .when(app(undefined))
      .then(missed('wrong'), over)
    const cleared = event('LoginCompleted', 'LOCK-03', {
      ...{ challenge: 'another', system: 'CCASS/CCMS', channel: 'MobileApp', consentedAt: t0 },
    })
    given(byApp, times(2, happened.wrongCode), cleared).when(app(undefined)).then(missed('wrong'), over)
  })

  test('LOCK-04 · the fifteenth wrong code locks; so does the third with four wrong passwords', () => {
    const account = given(
      byApp,
      times(14, () => happened.wrongCode('x')),
    )
      .when(app(undefined))
      .then(missed('wrong'), locked)
    expect(account).toMatchObject({ stage: 'Locked', channel: 'MobileApp', challenges: [], generation: 1 })
    given(byApp, times(4, happened.wrongPassword), times(2, happened.wrongCode))
      .when(app(undefined))
      .then(missed('wrong'), locked)
    given(
      byApp,
      times(13, () => happened.wrongCode('x')),
    )
      .when(app(undefined))
      .then(missed('wrong'))
  })

  test('LOCK-03 · a right code is right, however near the lock', () => {
    given(byApp, times(4, happened.wrongPassword), times(2, happened.wrongCode))
      .when(app(1_001))
      .then(completed('MobileApp', 1_001))
  })

  test('OTP-10 · with another device to come, the old one’s code opens its set-up and is no login', () => {
    const opened = challenge.channel('login')
    const account = given(byApp, happened.deviceChangeRequested(), times(2, happened.wrongPassword))
      .when(app(1_001))
      .then(event('OldDeviceProved', 'OTP-10', { challenge: 'login', step: 1_001, opened }))
    expect(account).toMatchObject({
      ...{ challenges: [opened], channel: { credential: 'd1', lastStep: 1_001 }, attempts: { passwords: 2 } },
    })
    given(byApp, happened.deviceChangeRequested()).when(app(undefined)).then(missed('wrong'))
  })
})

describe('ResendLoginCode', () => {
  const resend = command('ResendLoginCode', { challenge: 'login', code: 'login-2' })
  const byEmail = [...life.email, happened.opened(challenge.login()), happened.issued('login')]

  test('OTP-07 · another code, which alone is good; it counts nothing and resets nothing', () => {
    const code = { credential: 'login-2', expiresAt: codeEnd(t0) }
    const account = given(byEmail, times(2, happened.wrongCode))
      .when(resend)
      .then(event('CodeIssued', 'OTP-06', { purpose: 'login', code, issued: { used: 2, since: t0 } }))
    expect(account).toMatchObject({
      codes: { login: code },
      attempts: { otps: 2 },
      challenges: [{ misses: 2 }],
    })
  })

  test('OTP-03, ACC-02, OTP-07 · not for an app user, without an email, or beyond the limit', () => {
    given(life.app, happened.opened(challenge.login())).when(resend).refused('mobile-app-user', 'OTP-03')
    given(byEmail, happened.changed({ email: null }))
      .when(resend)
      .refused('no-registered-email', 'ACC-02')
    given(byEmail, happened.issued('login', 5)).when(resend).refused('too-many-codes', 'OTP-07')
  })
})
