/** Change Password, Authentication Settings, and whether a login still holds. */
import { describe, expect, test } from 'vitest'
import { command, event, given, happened, life, nothing, t0, times } from '../support/random-histories.ts'

const hour = 3_600_000
const change = ({ correct = true, reused = false, at = t0 } = {}) =>
  command('ChangePassword', { sessionEpoch: 0, passwordMatches: correct, credential: 'p2', reused }, at)
const rejected = event('PasswordRejected', 'PW-14', { via: 'ChangePassword' })
const set = (remember = 0, at = t0) =>
  event('PasswordSet', 'PW-13', { credential: 'p2', reason: 'voluntary', historySize: remember }, at)

describe('ChangePassword', () => {
  test('PW-13 · the new password takes the old one’s place; logins stay, what was begun does not', () => {
    const account = given(
      life.app,
      times(2, happened.wrongPassword),
      happened.asked(),
      happened.issued('password'),
    )
      .when(change({ at: t0 + hour }))
      .then(set(0, t0 + hour))
    expect(account).toMatchObject({
      ...{ stage: 'Initialised', password: { credential: 'p2', changedAt: t0 + hour }, sessionEpoch: 0 },
      ...{ challenges: [], codes: nothing, passwordHistory: [], failedAttempts: { passwords: 2, otps: 0 } },
    })
  })

  test('PW-14 · a wrong current password is a failed login', () => {
    const account = given(life.app)
      .when(change({ correct: false }))
      .then(rejected)
    expect(account).toMatchObject({ stage: 'Initialised', failedAttempts: { passwords: 1, otps: 0 } })
  })

  test('PW-14, LOCK-01 · the fifth failed login locks, whatever the others were', () => {
    const lock = event('Locked', 'LOCK-01', { historySize: 0 })
    const account = given(life.app, times(4, happened.wrongPassword))
      .when(change({ correct: false }))
      .then(rejected, lock)
    expect(account).toMatchObject({ stage: 'Locked', channel: 'MobileApp', sessionEpoch: 1, challenges: [] })
    given(life.app, times(3, happened.wrongPassword), times(3, happened.wrongCode))
      .when(change({ correct: false }))
      .then(rejected, lock)
  })

  test('PW-08 · not before its minimum age, to the millisecond; a wrong current password is counted all the same', () => {
    const policy = { password: { minimumAgeHours: 24 } }
    given(life.app)
      .when(change({ at: t0 + 24 * hour - 1 }), policy)
      .refused('password-changed-too-recently', 'PW-08')
    given(life.app)
      .when(change({ at: t0 + 24 * hour }), policy)
      .then(set(0, t0 + 24 * hour))
    given(life.app)
      .when(change({ correct: false }), policy)
      .then(rejected)
  })

  test('PW-08 · none that was used before, where the policy remembers', () => {
    const policy = { password: { history: 2 } }
    given(life.app)
      .when(change({ reused: true }), policy)
      .refused('password-used-before', 'PW-08')
    given(life.app)
      .when(change({ reused: true }))
      .then(set())
    const account = given(life.app).when(change(), policy).then(set(2))
    expect(account).toMatchObject({ passwordHistory: ['p1'] })
  })
})

describe('RequestDeviceChange', () => {
  const request = command('RequestDeviceChange', { sessionEpoch: 0 })

  test('OTP-08, OTP-09 · the channel is set up again at the next login; the old device is good until then', () => {
    const account = given(life.app)
      .when(request)
      .then(event('DeviceChangeRequested', 'OTP-08', {}))
    expect(account).toMatchObject({
      deviceChangePending: true,
      channel: { kind: 'MobileApp', credential: 'd1' },
    })
  })

  test('OTP-09 · not for who has OTPs by email', () => {
    given(life.email).when(request).refused('email-otp-user', 'OTP-09')
  })
})

describe('CheckSession', () => {
  test('ACC-15 · a login of the present sessionEpoch holds, and nothing comes of asking', () => {
    given(life.app, times(4, happened.wrongPassword), happened.deviceChangeRequested())
      .when(command('CheckSession', { sessionEpoch: 0 }))
      .then()
  })
})
