/** The code of a sign-in. */
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
  sessionEnd,
  t0,
  times,
} from '../support/random-histories.ts'

const locked = event('Locked', 'LOCK-01', { historySize: 0 })

describe('EnterSignInCode', () => {
  const app = (step: number | undefined, id = 'sign-in', at = t0) =>
    command('EnterSignInCode', { challenge: id, fact: { kind: 'MobileApp', step } }, at)
  const mail = (matches: boolean, at = t0) =>
    command('EnterSignInCode', { challenge: 'sign-in', fact: { kind: 'Email', matches } }, at)
  const open = happened.opened(challenge.login())
  const byApp = [...history.app, open]
  const byEmail = [...history.email, open, happened.issued('sign-in')]
  const missed = (reason: 'wrong' | 'replayed' | 'outdated', at = t0) =>
    event(
      'SignInCodeRejected',
      { wrong: 'LOCK-02', replayed: 'OTP-05', outdated: 'OTP-06' }[reason] as 'LOCK-02',
      { challenge: 'sign-in', reason: reason },
      at,
    )
  const completed = (channel: 'MobileApp' | 'Email', step?: number, at = t0) =>
    event(
      'SignInCompleted',
      'LOCK-03',
      {
        ...{ challenge: 'sign-in', system: 'CCASS/CCMS', channel, consentedAt: t0 },
        expiresAt: sessionEnd(at),
        ...(step === undefined ? {} : { step }),
      },
      at,
    )

  test('LOCK-03, ACC-11 · a correct code completes the sign-in, clears the counters, and records the instant of consent', () => {
    const account = given(byApp, times(4, happened.wrongPassword), times(1, happened.wrongCode))
      .when(app(1_001, 'sign-in', t0 + 30_000))
      .then(completed('MobileApp', 1_001, t0 + 30_000))
    expect(account).toMatchObject({
      ...{
        failedAttempts: { passwords: 0, otps: 0 },
        challenges: [],
        channel: { lastAcceptedStep: 1_001 },
        sessionEpoch: 0,
      },
    })
  })

  test('OTP-06 · the newest emailed code completes the sign-in once', () => {
    const account = given(byEmail)
      .when(mail(true, codeEnd(t0) - 1))
      .then(completed('Email', undefined, codeEnd(t0) - 1))
    expect(account).toMatchObject({ codes: nothing, challenges: [] })
  })

  test('OTP-05 · the last accepted time step and every earlier one are refused as replays; the next step is accepted', () => {
    for (const step of [0, 999, 1_000]) given(byApp).when(app(step)).then(missed('replayed'))
    given(byApp).when(app(1_001)).then(completed('MobileApp', 1_001))
  })

  test('LOCK-06 · a code that is wrong, outdated, missing or of the other channel counts as a failed attempt', () => {
    given(byApp).when(app(undefined)).then(missed('wrong'))
    given(byApp).when(mail(true)).then(missed('wrong'))
    given(byApp)
      .when(command('EnterSignInCode', { challenge: 'sign-in', fact: undefined }))
      .then(missed('wrong'))
    given(byEmail).when(mail(false)).then(missed('wrong'))
    given(byEmail).when(app(2_000)).then(missed('wrong'))
    given(byEmail)
      .when(mail(true, codeEnd(t0)))
      .then(missed('outdated', codeEnd(t0)))
  })

  test('LOCK-02 · a failed attempt is counted for the account and for the sign-in', () => {
    const account = given(byApp).when(app(undefined)).then(missed('wrong'))
    expect(account).toMatchObject({
      failedAttempts: { passwords: 0, otps: 1 },
      challenges: [{ failedAttempts: 1 }],
    })
  })

  const over = event('ChallengeEnded', 'LOCK-05', { challenge: 'sign-in', reason: 'too-many-attempts' })

  test('LOCK-05 · the third failed attempt ends the challenge', () => {
    const account = given(byApp, times(2, happened.wrongCode))
      .when(app(undefined))
      .then(missed('wrong'), over)
    expect(account).toMatchObject({ challenges: [], failedAttempts: { otps: 3 } })
    given(byApp, times(1, happened.wrongCode)).when(app(undefined)).then(missed('wrong'))
  })

  test('LOCK-05, LOCK-04 · the third wrong code ends the challenge, whether it is the third of the account or of this sign-in', () => {
    given(
      byApp,
      times(2, () => happened.wrongCode('another')),
    )
      .when(app(undefined))
      .then(missed('wrong'), over)
    const cleared = event('SignInCompleted', 'LOCK-03', {
      ...{ challenge: 'another', system: 'CCASS/CCMS', channel: 'MobileApp', consentedAt: t0 },
      expiresAt: sessionEnd(t0),
    })
    given(byApp, times(2, happened.wrongCode), cleared).when(app(undefined)).then(missed('wrong'), over)
  })

  test('LOCK-04 · the fifteenth wrong code locks the account, as does the third after four wrong passwords', () => {
    const account = given(
      byApp,
      times(14, () => happened.wrongCode('x')),
    )
      .when(app(undefined))
      .then(missed('wrong'), locked)
    expect(account).toMatchObject({ stage: 'Locked', channel: 'MobileApp', challenges: [], sessionEpoch: 1 })
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

  test('LOCK-03 · a correct code is accepted even one attempt before the lock', () => {
    given(byApp, times(4, happened.wrongPassword), times(2, happened.wrongCode))
      .when(app(1_001))
      .then(completed('MobileApp', 1_001))
  })

  test('OTP-10 · after a request for a device change, the old device’s code opens the enrolment and does not complete a sign-in', () => {
    const opened = challenge.channel('sign-in')
    const account = given(byApp, happened.deviceChangeRequested(), times(2, happened.wrongPassword))
      .when(app(1_001))
      .then(event('DeviceChangeVerified', 'OTP-10', { challenge: 'sign-in', step: 1_001, opens: opened }))
    expect(account).toMatchObject({
      ...{
        challenges: [opened],
        channel: { credential: 'd1', lastAcceptedStep: 1_001 },
        failedAttempts: { passwords: 2 },
      },
    })
    given(byApp, happened.deviceChangeRequested()).when(app(undefined)).then(missed('wrong'))
  })
})
