/** Setting a first, a forgotten or an expired password. */
import { describe, expect, test } from 'vitest'
import {
  challenge,
  codeEnd,
  command,
  event,
  given,
  happened,
  history,
  nothing,
  t0,
  times,
} from '../support/random-histories.ts'

const spent = (purpose: 'password' | 'enrolment') => happened.wrongSetUpCode(purpose, 10)
const tomorrow = t0 + 86_400_000
const email = (matches: boolean) => ({ kind: 'Email', matches }) as const
const histories = [history.registered, history.passwordSet, history.app]

describe('RequestPasswordCode', () => {
  const ask = (at = t0, id = 'reset') =>
    command('RequestPasswordCode', { challenge: id, code: 'password-1' }, at)
  const issued = (used: number, at = t0) =>
    event(
      'CodeIssued',
      'OTP-06',
      {
        ...{ purpose: 'password', code: { credential: 'password-1', expiresAt: codeEnd(at) } },
        window: { used, since: at },
      },
      at,
    )

  test('ACC-01, ACC-09 · a code is issued for a first password, and for the forgotten password of an app user', () => {
    for (const before of histories)
      given(before)
        .when(ask())
        .then(
          event('PasswordCodeRequested', before === history.app ? 'ACC-09' : 'ACC-01', {
            challenge: challenge.passwordCode(),
          }),
          issued(1),
        )
  })

  test('ACC-02 · no code is issued without a registered email', () => {
    for (const before of [...histories, history.email])
      given(before, happened.changed({ email: null }))
        .when(ask())
        .refused('no-registered-email', 'ACC-02')
  })

  test('ACC-09 · no code is issued for the forgotten password of an email user', () => {
    given(history.email).when(ask()).refused('email-otp-user', 'ACC-09')
  })

  test('LOCK-10 · no code is issued while the limit of wrong codes is reached, to the millisecond', () => {
    for (const before of histories) {
      given(before, spent('password'))
        .when(ask(tomorrow - 1))
        .refused('too-many-enrolment-attempts', 'LOCK-10')
      given(before, happened.wrongSetUpCode('password', 9), spent('enrolment'))
        .when(ask())
        .then(expect.objectContaining({ type: 'PasswordCodeRequested' }), issued(1))
      given(before, spent('password'))
        .when(ask(tomorrow))
        .then(expect.objectContaining({ type: 'PasswordCodeRequested' }), issued(1, tomorrow))
    }
  })

  test('OTP-07 · no code is issued beyond the limit', () => {
    for (const before of histories)
      given(before, happened.issued('password', 5))
        .when(ask(t0 + 899_999))
        .refused('too-many-codes', 'OTP-07')
  })

  test('OTP-11 · beyond the limit of open challenges the oldest reset is closed, and no other challenge', () => {
    const open = ['a', 'b'].map((id) => happened.asked(challenge.passwordCode(id)))
    given(history.app, happened.opened(challenge.login()), open)
      .when(ask(), { challenge: { maxOpen: 2 } })
      .then(
        event('ChallengeEnded', 'OTP-11', { challenge: 'a', reason: 'superseded' }),
        event('PasswordCodeRequested', 'ACC-09', { challenge: challenge.passwordCode() }),
        issued(1),
      )
  })
})

describe('EnterPasswordCode', () => {
  const enter = (matches: boolean, at = t0) =>
    command('EnterPasswordCode', { challenge: 'reset', fact: email(matches) }, at)
  const asked = [happened.asked(), happened.issued('password')]
  const missed = (used: number, since = t0, at = t0) =>
    event(
      'EnrolmentCodeRejected',
      'LOCK-10',
      { purpose: 'password', window: { used, since }, voidsCode: used === 10 },
      at,
    )

  test('ACC-01 · the correct code is used up, and the same challenge then accepts a new password', () => {
    for (const before of histories) {
      const account = given(before, asked)
        .when(enter(true, t0 + 1_000))
        .then(
          event(
            'PasswordCodeAccepted',
            'ACC-01',
            { challenge: challenge.newPassword('reset', t0) },
            t0 + 1_000,
          ),
        )
      expect(account).toMatchObject({ codes: nothing, challenges: [{ id: 'reset', awaits: 'new-password' }] })
    }
  })

  test('LOCK-10, OTP-06 · a code that is wrong, outdated, missing or of another purpose counts towards the set-up limit', () => {
    for (const before of histories) {
      const account = given(before, asked).when(enter(false)).then(missed(1))
      expect(account).toMatchObject({
        failedAttempts: { passwords: 0, otps: 0 },
        failedEnrolmentAttempts: { password: { used: 1 } },
      })
      given(before, asked)
        .when(enter(true, codeEnd(t0)))
        .then(missed(1, codeEnd(t0), codeEnd(t0)))
      given(before, happened.asked(), happened.issued('enrolment')).when(enter(true)).then(missed(1))
      const byApp = command('EnterPasswordCode', {
        challenge: 'reset',
        fact: { kind: 'MobileApp', step: 2_000 },
      })
      given(before, asked).when(byApp).then(missed(1))
      given(before, asked)
        .when({ ...byApp, fact: undefined })
        .then(missed(1))
    }
  })

  test('LOCK-10 · the wrong code that reaches the limit ends every reset that awaits its code, and no other challenge', () => {
    const account = given(
      history.app,
      asked,
      happened.asked(challenge.passwordCode('b')),
      happened.proved(challenge.newPassword('c')),
      happened.opened(challenge.login()),
      happened.issued('password', 2),
      happened.wrongSetUpCode('password', 8),
      happened.wrongSetUpCode('password', 9),
    )
      .when(enter(false))
      .then(missed(10), event('EnrolmentAborted', 'LOCK-10', { purpose: 'password', blockedUntil: tomorrow }))
    expect(account).toMatchObject({ codes: nothing, challenges: [{ id: 'c' }, { id: 'sign-in' }] })
  })
})

describe('SetPassword', () => {
  const set = (id = 'reset', reused = false) =>
    command('SetPassword', { challenge: id, credential: 'p2', reused }, t0 + 1_000)
  const done = (
    reason: 'first-sign-in' | 'forgotten' | 'expired',
    rule: 'ACC-01' | 'ACC-10' | 'PW-12',
    remember = 0,
  ) =>
    event(
      'PasswordSet',
      rule,
      { credential: 'p2', reason, historySize: remember, ends: reason === 'first-sign-in' ? 'none' : 'all' },
      t0 + 1_000,
    )
  const proved = [happened.asked(), happened.proved()]
  const password = { credential: 'p2', changedAt: t0 + 1_000 }

  test('ACC-01 · the first password is set, and can be set again before the channel is enrolled', () => {
    for (const before of [history.registered, history.passwordSet]) {
      const account = given(before, proved).when(set()).then(done('first-sign-in', 'ACC-01'))
      expect(account).toMatchObject({ stage: 'PasswordSet', password, challenges: [], sessionEpoch: 0 })
    }
  })

  test('ACC-10, ACC-15 · resetting a forgotten password keeps device and counters, and voids every session', () => {
    const account = given(
      history.app,
      times(4, happened.wrongPassword),
      proved,
      happened.opened(challenge.login()),
    )
      .when(set())
      .then(done('forgotten', 'ACC-10'))
    expect(account).toMatchObject({
      ...{ stage: 'Initialised', password, channel: { credential: 'd1' }, challenges: [], sessionEpoch: 1 },
      failedAttempts: { passwords: 4, otps: 0 },
    })
  })

  test('PW-12 · changing an expired password, at any stage, completes no sign-in and clears no counter', () => {
    for (const before of [history.app, history.email]) {
      const account = given(before, times(2, happened.wrongPassword), happened.opened(challenge.expired()))
        .when(set('expired'))
        .then(done('expired', 'PW-12'))
      expect(account).toMatchObject({
        password,
        challenges: [],
        failedAttempts: { passwords: 2 },
        sessionEpoch: 1,
      })
    }
  })

  test('PW-08, PW-17 · a password in the history is refused; the present one is always refused', () => {
    const policy = { password: { history: 1 } }
    for (const before of histories)
      given(before, proved).when(set('reset', true), policy).refused('password-used-before', 'PW-17')
    given(history.app, happened.opened(challenge.expired()))
      .when(set('expired', true), policy)
      .refused('password-used-before', 'PW-17')
    for (const before of histories)
      given(before, proved).when(set('reset', true)).refused('password-used-before', 'PW-17')
    const account = given(history.app, proved)
      .when(set(), policy)
      .then(done('forgotten', 'ACC-10', 1))
    expect(account).toMatchObject({ passwordHistory: ['p1'] })
  })
})
