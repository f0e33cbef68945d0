/** State ends with its reason: passwords, sessions, challenges, codes, and instants from the future. */
import { describe, expect, test } from 'vitest'
import type { AccountEvent } from '../../src/account/events.ts'
import { holdsFutureInstant } from '../../src/account/future-instants.ts'
import { definePolicy, type ProfileChanges } from '../../src/index.ts'
import { DAY } from '../../src/kernel/instant.ts'
import {
  accountAfter,
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

const changed = (changes: ProfileChanges, at = t0) => event('ProfileChanged', 'ACC-05', { changes }, at)
const enter = (at: number) =>
  command(
    'EnterPassword',
    { passwordMatches: true, system: 'CCASS/CCMS', challenge: 'sign-in', code: 'c' },
    at,
  )
const busy = [
  happened.signedIn('one'),
  happened.opened(challenge.login('sign-in')),
  happened.asked(),
  happened.proved(challenge.newPassword('proved')),
  happened.issued('sign-in'),
]

describe('a password without a channel', () => {
  test('ACC-18 · a password without a channel expires after 7 × 24 h, to the millisecond, and is then neither verified nor counted', () => {
    const lapse = t0 + 7 * DAY
    given(history.passwordSet)
      .when(enter(lapse - 1))
      .then(expect.objectContaining({ type: 'PasswordAccepted' }))
    for (const passwordMatches of [true, false])
      given(history.passwordSet)
        .when({ ...enter(lapse), passwordMatches })
        .refused('password-lapsed', 'ACC-18')
    given(history.app)
      .when(enter(lapse))
      .then(expect.objectContaining({ type: 'PasswordAccepted' }))
  })

  test('ACC-18, PW-11 · the policy sets the period; an expired password becomes void too and cannot be renewed', () => {
    const policy = { enrolment: { passwordLapsesAfterDays: 90 }, password: { maximumAgeDays: 30 } }
    given(history.passwordSet)
      .when(enter(t0 + 30 * DAY - 1), policy)
      .then(expect.objectContaining({ type: 'PasswordAccepted' }))
    given(history.passwordSet)
      .when(enter(t0 + 30 * DAY), policy)
      .refused('password-lapsed', 'ACC-18')
  })

  test('ACC-18 · a password without a channel becomes void when another email is registered, as do its challenges', () => {
    const change = command('ChangeProfile', { changes: { email: 'other@example.com' } })
    const account = given(history.passwordSet, happened.opened(challenge.channel()))
      .when(change)
      .then(event('ProfileChanged', 'ACC-18', { changes: { email: 'other@example.com' } }))
    expect(account).toMatchObject({ stage: 'Registered', challenges: [], codes: nothing })
    expect(account).not.toHaveProperty('password')
    const initialised = accountAfter([...history.app, changed({ email: 'other@example.com' })])
    expect(initialised).toMatchObject({ stage: 'Initialised', password: { credential: 'p1' } })
  })

  test('ACC-02 · a password without a channel opens no challenge while no email is registered', () => {
    given(history.passwordSet, changed({ email: null }))
      .when(enter(t0))
      .refused('no-registered-email', 'ACC-02')
    const chosen = challenge.channel('enrolment', { kind: 'MobileApp', credential: 'd2', totp })
    given(history.passwordSet, happened.opened(chosen), changed({ email: null }))
      .when(command('EnterEnrolmentCode', { challenge: 'enrolment', fact: { kind: 'MobileApp', step: 5 } }))
      .refused('no-registered-email', 'ACC-02')
  })
})

describe('what disables the account', () => {
  const ends: readonly (readonly [string, readonly AccountEvent[]])[] = [
    ['status', [changed({ status: 'DISABLED' })]],
    ['Enable From', [changed({ enableFrom: '2023-06-01' })]],
    ['Disable After', [changed({ disableAfter: '2023-05-01' })]],
    // A date set in advance takes effect by itself; the next change of the profile finds the account
    // disabled.
    ['Disable After, over by now', [changed({ disableAfter: null }, t0 + DAY)]],
  ]
  const dated = [...history.app, changed({ disableAfter: '2023-05-02' })]

  test.each(ends)(
    'ACC-15, OTP-11 · disabling the account by %s ends its sessions, challenges, resets and codes permanently',
    (_, end) => {
      const before = end[0]?.at === t0 ? history.app : dated
      const disabled = accountAfter([...before, ...busy, ...end])
      expect(disabled).toMatchObject({ sessions: [], challenges: [], codes: nothing })
      const again = changed({ status: 'ENABLED', enableFrom: null, disableAfter: null }, t0 + 2 * DAY)
      expect(accountAfter([...before, ...busy, ...end, again])).toMatchObject({
        sessions: [],
        challenges: [],
      })
    },
  )

  test('ACC-15, ACC-14 · an unrelated change of the profile ends nothing', () => {
    for (const changes of [{ surname: 'CHAN' }, { userGroups: ['11'] }, { status: 'ENABLED' }] as const) {
      const before = accountAfter([...history.email, ...busy])
      expect(accountAfter([...history.email, ...busy, changed(changes)])).toMatchObject({
        ...{ sessions: [{ id: 'one' }], sessionEpoch: 0 },
        challenges: 'challenges' in before ? before.challenges : [],
        codes: { 'sign-in': { credential: 'sign-in-1' } },
      })
    }
  })

  test('ACC-20 · a change of email ends sessions', () => {
    expect(accountAfter([...history.app, ...busy, changed({ email: 'x@example.com' })])).toMatchObject({
      sessions: [],
    })
  })

  test('ACC-20 · a change of device ends sessions if the policy says so', () => {
    const chosen = challenge.channel('enrolment', { kind: 'MobileApp', credential: 'd2', totp })
    const before = [...history.app, happened.signedIn('one'), happened.opened(chosen)]
    const enrol = command('EnterEnrolmentCode', {
      challenge: 'enrolment',
      fact: { kind: 'MobileApp', step: 5 },
    })
    const enrolled = (endsSessions: boolean) =>
      event('ChannelEnrolled', 'ACC-03', {
        ...{ channel: { kind: 'MobileApp', credential: 'd2', lastAcceptedStep: 5, totp }, endsSessions },
      })
    expect(given(before).when(enrol).then(enrolled(true))).toMatchObject({ sessions: [] })
    const kept = given(before)
      .when(enrol, { session: { endOnOwnChange: false } })
      .then(enrolled(false))
    expect(kept).toMatchObject({ sessions: [{ id: 'one' }] })
  })
})

describe('sessions', () => {
  test('ACC-19 · beyond the maximum the oldest is closed; expired ones are removed first', () => {
    const signIn = command('EnterSignInCode', {
      challenge: 'sign-in',
      fact: { kind: 'MobileApp', step: 1_001 },
    })
    const open = [
      ...history.app,
      happened.signedIn('a'),
      happened.signedIn('b'),
      happened.opened(challenge.login()),
    ]
    const account = given(open)
      .when(signIn, { session: { maxOpen: 2 } })
      .then(
        event('SessionsEnded', 'ACC-19', { sessions: ['a'], reason: 'superseded' }),
        expect.objectContaining({ type: 'SignInCompleted' }),
      )
    expect(account).toMatchObject({ sessions: [{ id: 'b' }, { id: 'sign-in' }] })
    const expired = [
      ...history.app,
      happened.signedIn('a', t0 - DAY),
      happened.signedIn('b'),
      happened.opened(challenge.login()),
    ]
    given(expired)
      .when(signIn, { session: { maxOpen: 2 } })
      .then(expect.objectContaining({ type: 'SignInCompleted' }))
  })
})

describe('challenges', () => {
  test('OTP-11 · challenges keep their first expiry through every step', () => {
    const late = t0 + 599_000
    const choose = command(
      'ChooseChannel',
      { challenge: 'enrolment', channel: 'MobileApp', credential: 'd' },
      late,
    )
    const code = { challenge: 'reset', fact: { kind: 'Email', matches: true } } as const
    const proof = { challenge: 'sign-in', fact: { kind: 'MobileApp', step: 1_001 } } as const
    const first = { challenges: [{ expiresAt: challengeEnd(t0) }] }
    const choosing = given(history.passwordSet, happened.opened(challenge.channel()))
    expect(choosing.when(choose).then(expect.anything())).toMatchObject(first)
    const reset = given(history.app, happened.asked(), happened.issued('password'))
    expect(reset.when(command('EnterPasswordCode', code, t0 + 1_000)).then(expect.anything())).toMatchObject(
      first,
    )
    const device = given(
      ...[...history.app, happened.deviceChangeRequested(), happened.opened(challenge.login('sign-in'))],
    )
    expect(device.when(command('EnterSignInCode', proof, late)).then(expect.anything())).toMatchObject(first)
  })

  test('OTP-11 · beyond the limit the oldest verified reset and the oldest enrolment are closed', () => {
    const policy = { challenge: { maxOpen: 2 } }
    const gone = event('ChallengeEnded', 'OTP-11', { challenge: 'a', reason: 'superseded' })
    const resets = ['a', 'b'].map((id) => happened.proved(challenge.newPassword(id)))
    given(history.app, resets, happened.asked(), happened.issued('password'))
      .when(
        command('EnterPasswordCode', { challenge: 'reset', fact: { kind: 'Email', matches: true } }),
        policy,
      )
      .then(gone, expect.objectContaining({ type: 'PasswordCodeAccepted' }))
    const enrolments = ['a', 'b'].map((id) => happened.opened(challenge.channel(id)))
    given(history.app, happened.deviceChangeRequested(), enrolments, happened.opened(challenge.login()))
      .when(
        command('EnterSignInCode', { challenge: 'sign-in', fact: { kind: 'MobileApp', step: 1_001 } }),
        policy,
      )
      .then(gone, expect.objectContaining({ type: 'DeviceChangeVerified' }))
  })
})

describe('an instant in the future', () => {
  const tomorrow = t0 + DAY
  const policy = definePolicy()._unsafeUnwrap()
  const ahead = happened.appSet(Math.floor(tomorrow / 30_000))
  const step = Math.floor(t0 / 30_000)

  test('API-03, OTP-05 · while the accepted time step is ahead of the window, correct codes are refused without being counted, and wrong codes are counted', () => {
    const before = [...history.app, ahead, happened.opened(challenge.login())]
    const code = (at: number | undefined) =>
      command('EnterSignInCode', { challenge: 'sign-in', fact: { kind: 'MobileApp', step: at } })
    given(before).when(code(step)).refused('instant-from-the-future', 'API-03')
    given(before)
      .when(code(undefined))
      .then(expect.objectContaining({ type: 'SignInCodeRejected', reason: 'wrong' }))
    // The last step of the window is not the future: a code one step ahead is accepted, and then a replay.
    given(history.app, happened.appSet(step + 1), happened.opened(challenge.login()))
      .when(code(step + 1))
      .then(expect.objectContaining({ type: 'SignInCodeRejected', reason: 'replayed' }))
  })

  test('API-03, OTP-06 · a code issued in the future is refused for every purpose, and not counted', () => {
    const issued = (purpose: 'sign-in' | 'password' | 'enrolment') =>
      event('CodeIssued', 'OTP-06', {
        ...{
          purpose,
          code: { credential: 'c', expiresAt: codeEnd(tomorrow) },
          window: { used: 1, since: t0 },
        },
      })
    const fact = { kind: 'Email', matches: true } as const
    const refused = ['instant-from-the-future', 'API-03'] as const
    given(history.email, happened.opened(challenge.login()), issued('sign-in'))
      .when(command('EnterSignInCode', { challenge: 'sign-in', fact }))
      .refused(...refused)
    given(history.app, happened.asked(), issued('password'))
      .when(command('EnterPasswordCode', { challenge: 'reset', fact }))
      .refused(...refused)
    const byEmail = challenge.channel('enrolment', { kind: 'Email' })
    given(history.passwordSet, happened.opened(byEmail), issued('enrolment'))
      .when(command('EnterEnrolmentCode', { challenge: 'enrolment', fact }))
      .refused(...refused)
  })

  test('API-03, OTP-11 · a challenge opened in the future counts as not open', () => {
    given(history.app, happened.opened(challenge.login('sign-in', tomorrow)))
      .when(command('EnterSignInCode', { challenge: 'sign-in', fact: { kind: 'MobileApp', step: 1_001 } }))
      .refused('challenge-expired', 'OTP-11')
  })

  test('API-03, OTP-07, LOCK-10 · a rate window that starts in the future is started again', () => {
    const window = { used: 5, since: tomorrow }
    const code = { credential: 'c', expiresAt: codeEnd(t0) }
    given(history.app, event('CodeIssued', 'OTP-06', { purpose: 'password', code, window }))
      .when(command('RequestPasswordCode', { challenge: 'reset', code: 'c2' }))
      .then(
        expect.objectContaining({ type: 'PasswordCodeRequested' }),
        expect.objectContaining({ type: 'CodeIssued', window: { used: 1, since: t0 } }),
      )
  })

  test('API-03 · an account with an instant in the future is recognised, so that the host can be notified', () => {
    const held = (...events: readonly AccountEvent[]) =>
      holdsFutureInstant(accountAfter([...history.app, ...events]), t0, policy)
    expect(held()).toBe(false)
    expect(held(ahead)).toBe(true)
    expect(held(happened.signedIn('one', tomorrow))).toBe(true)
    expect(held(happened.passwordSet('p2', tomorrow))).toBe(true)
    expect(held(happened.passwordSet('p2', t0 + 5_000))).toBe(false)
    expect(held(happened.wrongSetUpCode('password', 1, tomorrow))).toBe(true)
  })
})
