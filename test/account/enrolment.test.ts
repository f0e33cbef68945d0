/** Choosing the OTP channel, and completing it with its first code. */
import { describe, expect, test } from 'vitest'
import {
  challenge,
  challengeEnd,
  codeEnd,
  command,
  event,
  given,
  happened,
  history,
  nothing,
  t0,
  totp,
} from '../support/random-histories.ts'

const spent = (purpose: 'password' | 'enrolment') => happened.wrongSetUpCode(purpose, 10)
const email = (matches: boolean) => ({ kind: 'Email', matches }) as const

const settingUp = [
  ['at the first sign-in', history.passwordSet, false],
  ['for another device', [...history.app, happened.deviceChangeRequested()], true],
] as const

describe.each(settingUp)('ChooseChannel %s', (_, before) => {
  const choose = (channel: 'MobileApp' | 'Email', at = t0) =>
    command('ChooseChannel', { challenge: 'enrolment', channel, credential: 'new' }, at)
  const open = [...before, happened.opened(challenge.channel())]
  const app = { kind: 'MobileApp', credential: 'new', totp } as const

  test('OTP-04 · choosing the mobile app creates a secret that waits for the first correct code', () => {
    const at = t0 + 1_000
    const account = given(open)
      .when(choose('MobileApp', at))
      .then(event('ChannelChosen', 'OTP-04', { challenge: challenge.channel('enrolment', app) }, at))
    expect(account).toMatchObject({ challenges: [{ chosen: app, expiresAt: challengeEnd(t0) }] })
  })

  test('OTP-01, OTP-03 · choosing email sends a code; choosing again voids the former choice', () => {
    const code = { credential: 'new', expiresAt: codeEnd(t0) }
    const account = given(
      open,
      happened.chosen(challenge.channel('enrolment', { kind: 'MobileApp', credential: 'old', totp })),
    )
      .when(choose('Email'))
      .then(
        event('ChannelChosen', 'OTP-01', { challenge: challenge.channel('enrolment', { kind: 'Email' }) }),
        event('CodeIssued', 'OTP-06', { purpose: 'enrolment', code, window: { used: 1, since: t0 } }),
      )
    expect(account).toMatchObject({ challenges: [{ chosen: { kind: 'Email' } }], codes: { enrolment: code } })
  })

  test('ACC-02, OTP-07 · no channel can be chosen without a registered email, nor the email channel beyond the limit of codes', () => {
    for (const channel of ['Email', 'MobileApp'] as const)
      given(open, happened.changed({ email: null }))
        .when(choose(channel))
        .refused('no-registered-email', 'ACC-02')
    given(open, happened.issued('enrolment', 5)).when(choose('Email')).refused('too-many-codes', 'OTP-07')
    given(open, happened.issued('enrolment', 5))
      .when(choose('MobileApp'))
      .then(event('ChannelChosen', 'OTP-04', { challenge: challenge.channel('enrolment', app) }))
  })

  test('LOCK-10 · neither channel can be chosen while the limit of wrong codes is reached', () => {
    for (const channel of ['MobileApp', 'Email'] as const)
      given(open, spent('enrolment')).when(choose(channel)).refused('too-many-enrolment-attempts', 'LOCK-10')
  })
})

describe.each(settingUp)('EnterEnrolmentCode %s', (_, before, endsSessions) => {
  const enter = (fact: Parameters<typeof command<'EnterEnrolmentCode'>>[1]['fact'], at = t0) =>
    command('EnterEnrolmentCode', { challenge: 'enrolment', fact }, at)
  const byApp = [
    ...before,
    happened.opened(challenge.channel('enrolment', { kind: 'MobileApp', credential: 'new', totp })),
  ]
  const byEmail = [
    ...before,
    happened.opened(challenge.channel('enrolment', { kind: 'Email' })),
    happened.issued('enrolment'),
  ]
  const missed = (used: number, since = t0, voidsCode = false) =>
    event(
      'EnrolmentCodeRejected',
      'LOCK-10',
      { purpose: 'enrolment', window: { used, since }, voidsCode },
      since,
    )

  test('ACC-03, OTP-05 · the first correct code of the app completes the enrolment and uses up its time step', () => {
    const channel = { kind: 'MobileApp', credential: 'new', lastAcceptedStep: 5, totp } as const
    const account = given(byApp)
      .when(enter({ kind: 'MobileApp', step: 5 }))
      .then(event('ChannelEnrolled', 'ACC-03', { channel, endsSessions }))
    expect(account).toMatchObject({
      stage: 'Initialised',
      channel,
      deviceChangePending: false,
      challenges: [],
    })
  })

  test('ACC-03 · the emailed code completes the enrolment', () => {
    const account = given(byEmail)
      .when(enter(email(true)))
      .then(event('ChannelEnrolled', 'ACC-03', { channel: { kind: 'Email' }, endsSessions }))
    expect(account).toMatchObject({
      stage: 'Initialised',
      channel: { kind: 'Email' },
      codes: nothing,
      challenges: [],
    })
  })

  test('OTP-04 · a code is refused before a channel is chosen', () => {
    given(before, happened.opened(challenge.channel()))
      .when(enter(email(true)))
      .refused('no-channel-chosen', 'OTP-04')
  })

  test('LOCK-10, OTP-06 · a wrong or outdated code, or one of the other channel, counts towards the enrolment limit', () => {
    given(byApp)
      .when(enter({ kind: 'MobileApp', step: undefined }))
      .then(missed(1))
    given(byApp, happened.issued('enrolment'))
      .when(enter(email(true)))
      .then(missed(1))
    given(byApp).when(enter(undefined)).then(missed(1))
    given(byEmail)
      .when(enter(email(false)))
      .then(missed(1))
    given(byEmail)
      .when(enter({ kind: 'MobileApp', step: 5 }))
      .then(missed(1))
    given(byEmail)
      .when(enter(email(true), codeEnd(t0)))
      .then(missed(1, codeEnd(t0)))
  })

  test('LOCK-10, LOCK-15 · the wrong code that reaches the limit ends the enrolment, and the third wrong entry voids the code', () => {
    const twice = [{ ...happened.wrongSetUpCode('enrolment', 8) }, happened.wrongSetUpCode('enrolment', 9)]
    const account = given(byEmail, twice, happened.asked())
      .when(enter(email(false)))
      .then(
        missed(10, t0, true),
        event('EnrolmentAborted', 'LOCK-10', { purpose: 'enrolment', blockedUntil: t0 + 86_400_000 }),
      )
    expect(account).toMatchObject({ challenges: [{ id: 'reset' }], codes: nothing })
  })
})
