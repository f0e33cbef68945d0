/** Change Password, Authentication Settings, and whether a session is still valid. */
import { describe, expect, test } from 'vitest'
import { command, event, given, happened, history, nothing, t0, times } from '../support/random-histories.ts'

const hour = 3_600_000
const change = ({ correct = true, reused = false, at = t0 } = {}) =>
  command('ChangePassword', { sessionEpoch: 0, passwordMatches: correct, credential: 'p2', reused }, at)
const rejected = event('PasswordRejected', 'PW-14', { via: 'ChangePassword' })
const set = (remember = 0, at = t0) =>
  event(
    'PasswordSet',
    'PW-13',
    { credential: 'p2', reason: 'voluntary', historySize: remember, ends: 'others' },
    at,
  )

describe('ChangePassword', () => {
  test('PW-13 · the new password replaces the old one and closes open challenges', () => {
    const account = given(
      history.app,
      times(2, happened.wrongPassword),
      happened.asked(),
      happened.issued('password'),
    )
      .when(change({ at: t0 + hour }))
      .then(set(0, t0 + hour))
    expect(account).toMatchObject({
      ...{ stage: 'Initialised', password: { credential: 'p2', changedAt: t0 + hour }, sessionEpoch: 1 },
      ...{ challenges: [], codes: nothing, passwordHistory: [], failedAttempts: { passwords: 2, otps: 0 } },
    })
  })

  test('PW-14 · a wrong current password counts as a failed sign-in', () => {
    const account = given(history.app)
      .when(change({ correct: false }))
      .then(rejected)
    expect(account).toMatchObject({ stage: 'Initialised', failedAttempts: { passwords: 1, otps: 0 } })
  })

  test('PW-14, LOCK-01 · the fifth failed sign-in locks the account, also after wrong codes', () => {
    const lock = event('Locked', 'LOCK-01', { historySize: 0 })
    const account = given(history.app, times(4, happened.wrongPassword))
      .when(change({ correct: false }))
      .then(rejected, lock)
    expect(account).toMatchObject({ stage: 'Locked', channel: 'MobileApp', sessionEpoch: 1, challenges: [] })
    given(history.app, times(3, happened.wrongPassword), times(3, happened.wrongCode))
      .when(change({ correct: false }))
      .then(rejected, lock)
  })

  test('PW-08 · a password cannot be changed before its minimum age, to the millisecond; a wrong current password is still counted', () => {
    const policy = { password: { minimumAgeHours: 24 } }
    given(history.app)
      .when(change({ at: t0 + 24 * hour - 1 }), policy)
      .refused('password-changed-too-recently', 'PW-08')
    given(history.app)
      .when(change({ at: t0 + 24 * hour }), policy)
      .then(set(0, t0 + 24 * hour))
    given(history.app)
      .when(change({ correct: false }), policy)
      .then(rejected)
  })

  test('ACC-20 · the session that changes the password continues and every other ends; a policy can let all continue', () => {
    const open = [happened.signedIn('one'), happened.signedIn('two')]
    const acting = { ...change(), session: 'two' }
    const account = given(history.app, open)
      .when(acting)
      .then({ ...set(), session: 'two' })
    expect(account).toMatchObject({ sessions: [{ id: 'two' }] })
    const kept = given(history.app, open)
      .when(acting, { session: { endOnOwnChange: false } })
      .then({ ...set(), ends: 'none', session: 'two' })
    expect(kept).toMatchObject({ sessions: [{ id: 'one' }, { id: 'two' }], sessionEpoch: 0 })
  })

  test('PW-08, PW-17 · a password in the history is refused; the present one is always refused', () => {
    const policy = { password: { history: 2 } }
    for (const parts of [policy, {}])
      given(history.app)
        .when(change({ reused: true }), parts)
        .refused('password-used-before', 'PW-17')
    const account = given(history.app).when(change(), policy).then(set(2))
    expect(account).toMatchObject({ passwordHistory: ['p1'] })
  })
})

describe('RequestDeviceChange', () => {
  const request = command('RequestDeviceChange', { sessionEpoch: 0 })

  test('OTP-08, OTP-09 · the channel is enrolled again at the next sign-in, and the old device remains valid until then', () => {
    const account = given(history.app)
      .when(request)
      .then(event('DeviceChangeRequested', 'OTP-08', {}))
    expect(account).toMatchObject({
      deviceChangePending: true,
      channel: { kind: 'MobileApp', credential: 'd1' },
    })
  })

  test('OTP-09 · a device change is refused for an account with OTPs by email', () => {
    given(history.email).when(request).refused('email-otp-user', 'OTP-09')
  })
})

describe('CheckSession', () => {
  test('ACC-19 · a session that the account lists is current regardless of its epoch; any other is not', () => {
    const open = [...history.app, happened.signedIn('one')]
    given(open)
      .when(command('CheckSession', { sessionEpoch: 7, session: 'one' }))
      .then()
    given(open)
      .when(command('CheckSession', { sessionEpoch: 0, session: 'two' }))
      .refused('session-of-former-epoch', 'ACC-15')
  })

  test('ACC-20 · a session is no longer current once its holder could not sign in now', () => {
    const denials = [
      ['users-do-not-enter-dms', 'ACC-13'],
      ['administrators-enter-dms-only', 'ACC-13'],
      ['administrator-without-business-group', 'ACC-13'],
      ['before-launch', 'MIG-03'],
    ] as const
    for (const [denial, rule] of denials)
      given(history.app)
        .when(command('CheckSession', { sessionEpoch: 0, denial }))
        .refused(denial, rule)
  })

  test('ACC-15 · a session of the current sessionEpoch is current, and the check changes nothing', () => {
    given(history.app, times(4, happened.wrongPassword), happened.deviceChangeRequested())
      .when(command('CheckSession', { sessionEpoch: 0 }))
      .then()
  })
})

describe('EndSessions', () => {
  const open = [...history.app, ...['one', 'two', 'three'].map((id) => happened.signedIn(id))]
  const ended = (sessions: readonly string[], reason: 'signed-out' | 'ended-by-holder' = 'ended-by-holder') =>
    event('SessionsEnded', 'ACC-19', { sessions, reason })

  test('ACC-19 · one session, all, or all but one can be ended; codes issued in an ended session are void by the epoch', () => {
    const one = given(open)
      .when(command('EndSessions', { session: 'two', reason: 'signed-out' }))
      .then(ended(['two'], 'signed-out'))
    expect(one).toMatchObject({ sessions: [{ id: 'one' }, { id: 'three' }], sessionEpoch: 1 })
    const others = given(open)
      .when(command('EndSessions', { except: 'two', reason: 'ended-by-holder' }))
      .then(ended(['one', 'three']))
    expect(others).toMatchObject({ sessions: [{ id: 'two' }] })
    const none = given(open)
      .when(command('EndSessions', { reason: 'ended-by-holder' }))
      .then(ended(['one', 'two', 'three']))
    expect(none).toMatchObject({ sessions: [] })
  })

  test('ACC-19 · ending a session that is not open changes nothing', () => {
    given(open)
      .when(command('EndSessions', { session: 'other', reason: 'signed-out' }))
      .then()
  })
})
