/** The bounds of an account's rules, to the millisecond, the entry or the day. */
import { describe, expect, test } from 'vitest'
import type { AccountCommand } from '../../src/account/commands.ts'
import { decideAccount } from '../../src/account/decide.ts'
import type { AccountEvent } from '../../src/account/events.ts'
import { holdsFutureInstant } from '../../src/account/future-instants.ts'
import { definePolicy, type PolicyInput } from '../../src/index.ts'
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
  sessionEnd,
  t0,
  times,
  totp,
} from '../support/random-histories.ts'

const tolerance = 5_000
const ofType = (type: string): AccountEvent => expect.objectContaining({ type })

/** The events of a command, for a test of what they do not contain. */
const decided = (before: readonly AccountEvent[], asked: AccountCommand, parts: PolicyInput = {}) =>
  decideAccount(accountAfter(before), asked, definePolicy(parts)._unsafeUnwrap())._unsafeUnwrap()

describe('issued codes', () => {
  const ask = command('RequestPasswordCode', { challenge: 'reset', code: 'password-1' })

  test('LOCK-15, OTP-07 · the last password code of a period records until when no other can be requested', () => {
    for (const before of [history.registered, history.passwordSet, history.app]) {
      const [, last] = decided([...before, happened.issued('password', 4)], ask)
      expect(last).toMatchObject({ window: { used: 5, since: t0 }, blockedUntil: t0 + 900_000 })
      const [, fourth] = decided([...before, happened.issued('password', 3)], ask)
      expect(fourth).toMatchObject({ window: { used: 4, since: t0 } })
      expect(fourth).not.toHaveProperty('blockedUntil')
    }
  })

  test('LOCK-15 · only password codes can be requested by others, so the last code of a sign-in or an enrolment records nothing', () => {
    const signIn = [...history.email, happened.opened(challenge.login()), happened.issued('sign-in', 4)]
    const [resent] = decided(signIn, command('ResendSignInCode', { challenge: 'sign-in', code: 'c' }))
    const enrolment = [...history.passwordSet, happened.opened(challenge.channel())]
    const [, chosen] = decided(
      [...enrolment, happened.issued('enrolment', 4)],
      command('ChooseChannel', { challenge: 'enrolment', channel: 'Email', credential: 'c' }),
    )
    for (const last of [resent, chosen]) {
      expect(last).toMatchObject({ type: 'CodeIssued', window: { used: 5, since: t0 } })
      expect(last).not.toHaveProperty('blockedUntil')
    }
  })

  test('MIG-07 · no password code is issued before launch; the other denials of the page do not concern it', () => {
    for (const before of [history.registered, history.passwordSet, history.app, history.email])
      given(before)
        .when({ ...ask, denial: 'before-launch' })
        .refused('before-launch', 'MIG-07')
    given(history.app)
      .when({ ...ask, denial: 'administrators-enter-dms-only' })
      .then(ofType('PasswordCodeRequested'), ofType('CodeIssued'))
  })
})

describe('wrong set-up codes', () => {
  const wrong = { kind: 'Email', matches: false } as const
  const right = { kind: 'Email', matches: true } as const
  const enrolling = [
    ...history.passwordSet,
    happened.opened(challenge.channel('enrolment', { kind: 'Email' })),
    happened.issued('enrolment'),
  ]
  const resetting = [...history.app, happened.asked(), happened.issued('password')]
  const each = [
    [
      'enrolment',
      enrolling,
      (fact: typeof wrong | typeof right) => command('EnterEnrolmentCode', { challenge: 'enrolment', fact }),
    ],
    [
      'password',
      resetting,
      (fact: typeof wrong | typeof right) => command('EnterPasswordCode', { challenge: 'reset', fact }),
    ],
  ] as const

  test.each(each)(
    'LOCK-15 · the third wrong entry voids the emailed code of a set-up, and a further one only counts: %s',
    (purpose, before, enter) => {
      const missed = (used: number, voidsCode: boolean) =>
        event('EnrolmentCodeRejected', 'LOCK-10', { purpose, window: { used, since: t0 }, voidsCode })
      const first = given(before).when(enter(wrong)).then(missed(1, false))
      expect(first).toMatchObject({ codes: { [purpose]: { failedAttempts: 1 } } })
      const second = given(before, missed(1, false)).when(enter(wrong)).then(missed(2, false))
      expect(second).toMatchObject({ codes: { [purpose]: { failedAttempts: 2 } } })
      const twice = [...before, missed(1, false), missed(2, false)]
      const third = given(twice).when(enter(wrong)).then(missed(3, true))
      expect(third).toMatchObject({ codes: nothing, challenges: [{}] })
      // The code is void: it is no longer right, and the next one starts with no entries.
      given(twice, missed(3, true)).when(enter(right)).then(missed(4, false))
      const renewed = accountAfter([...twice, missed(3, true), happened.issued(purpose, 2)])
      expect(renewed).toMatchObject({ codes: { [purpose]: { credential: `${purpose}-2` } } })
      given(twice, happened.issued(purpose, 2)).when(enter(wrong)).then(missed(3, false))
    },
  )

  test('LOCK-15 · the policy sets the number of entries after which a code is void', () => {
    const policy = { enrolment: { attemptsPerCode: 1 } }
    const [rejected] = decided(enrolling, each[0][2](wrong), policy)
    expect(rejected).toMatchObject({ voidsCode: true })
  })

  test('LOCK-10 · wrong codes of one purpose do not count for the other', () => {
    given(enrolling, happened.wrongSetUpCode('password', 9))
      .when(each[0][2](wrong))
      .then(
        event('EnrolmentCodeRejected', 'LOCK-10', {
          ...{ purpose: 'enrolment', window: { used: 1, since: t0 }, voidsCode: false },
        }),
      )
  })
})

describe('sessions and challenges beyond the maximum', () => {
  const code = command('EnterSignInCode', { challenge: 'sign-in', fact: { kind: 'MobileApp', step: 1_001 } })
  const password = (at = t0) =>
    command(
      'EnterPassword',
      { passwordMatches: true, system: 'CCASS/CCMS', challenge: 'sign-in', code: 'c' },
      at,
    )

  test('ACC-19 · below the maximum no session ends', () => {
    const two = [...history.app, happened.signedIn('a'), happened.signedIn('b')]
    for (const maxOpen of [3, 4, 5])
      given(two, happened.opened(challenge.login()))
        .when(code, { session: { maxOpen } })
        .then(ofType('SignInCompleted'))
  })

  test('ACC-19 · when the maximum was lowered, all the oldest sessions beyond it end', () => {
    const three = ['a', 'b', 'c'].map((id) => happened.signedIn(id))
    given(history.app, three, happened.opened(challenge.login()))
      .when(code, { session: { maxOpen: 2 } })
      .then(
        event('SessionsEnded', 'ACC-19', { sessions: ['a', 'b'], reason: 'superseded' }),
        ofType('SignInCompleted'),
      )
  })

  test('ACC-19 · a session that expires at this millisecond is over: it makes room, and is no longer listed', () => {
    const at = sessionEnd(t0)
    const open = challenge.login('sign-in', at)
    const two = [
      ...history.app,
      happened.signedIn('a'),
      happened.signedIn('b', t0 + 1),
      happened.opened(open, at),
    ]
    const account = given(two)
      .when({ ...code, at }, { session: { maxOpen: 2 } })
      .then(ofType('SignInCompleted'))
    expect(account).toMatchObject({ sessions: [{ id: 'b' }, { id: 'sign-in' }] })
    given(two)
      .when({ ...code, at: at - 1 }, { session: { maxOpen: 2 } })
      .then(
        event('SessionsEnded', 'ACC-19', { sessions: ['a'], reason: 'superseded' }, at - 1),
        ofType('SignInCompleted'),
      )
  })

  test('OTP-11 · challenges of other kinds are not ended to make room, however many there are', () => {
    const logins = ['a', 'b'].map((id) => happened.opened(challenge.login(id)))
    const resets = ['c', 'd'].map((id) => happened.asked(challenge.passwordCode(id)))
    for (const maxOpen of [3, 4])
      given(history.app, logins, resets)
        .when(password(), { challenge: { maxOpen } })
        .then(ofType('PasswordAccepted'))
  })

  test('OTP-11 · when the maximum was lowered, all the oldest challenges of the kind end, one event each', () => {
    const logins = ['a', 'b', 'c'].map((id) => happened.opened(challenge.login(id)))
    const ended = (id: string) => event('ChallengeEnded', 'OTP-11', { challenge: id, reason: 'superseded' })
    given(history.app, logins)
      .when(password(), { challenge: { maxOpen: 2 } })
      .then(ended('a'), ended('b'), ofType('PasswordAccepted'))
  })
})

describe('open challenges', () => {
  const login = command('EnterSignInCode', { challenge: 'sign-in', fact: { kind: 'MobileApp', step: 1_001 } })

  test('API-03, OTP-11 · a challenge may come from a clock that is five seconds ahead, and not a millisecond more', () => {
    given(history.app, happened.opened(challenge.login('sign-in', t0 + tolerance)))
      .when(login)
      .then(ofType('SignInCompleted'))
    given(history.app, happened.opened(challenge.login('sign-in', t0 + tolerance + 1)))
      .when(login)
      .refused('challenge-expired', 'OTP-11')
  })

  test('OTP-11 · a challenge is open to its last millisecond', () => {
    const opened = happened.opened(challenge.login())
    given(history.app, opened)
      .when({ ...login, at: challengeEnd(t0) - 1 })
      .then(ofType('SignInCompleted'))
    given(history.app, opened)
      .when({ ...login, at: challengeEnd(t0) })
      .refused('challenge-expired', 'OTP-11')
  })

  test('LOCK-06, OTP-11 · an enrolment can be cancelled before a channel exists; an expired one and a reset cannot', () => {
    const cancel = command('CancelChallenge', { challenge: 'open' })
    const opened = happened.opened(challenge.channel('open'))
    given(history.passwordSet, opened)
      .when(cancel)
      .then(event('ChallengeEnded', 'LOCK-06', { challenge: 'open', reason: 'cancelled' }))
    given(history.passwordSet, opened)
      .when({ ...cancel, at: challengeEnd(t0) })
      .refused('challenge-expired', 'OTP-11')
    for (const before of [history.registered, history.passwordSet])
      given(before, happened.asked(challenge.passwordCode('open')))
        .when(cancel)
        .refused('challenge-awaits-something-else', 'OTP-11')
  })
})

describe('an instant from the future', () => {
  const policy = definePolicy()._unsafeUnwrap()
  const step = Math.floor(t0 / 30_000)
  const holds = (...events: readonly AccountEvent[]) => holdsFutureInstant(accountAfter(events), t0, policy)
  const bounds: readonly (readonly [string, (ahead: number) => readonly AccountEvent[]])[] = [
    ['a session', (ahead) => [...history.app, happened.signedIn('one', t0 + ahead)]],
    ['a password', (ahead) => [happened.registered(), happened.passwordSet('p1', t0 + ahead)]],
    ['a challenge', (ahead) => [...history.app, happened.opened(challenge.login('a', t0 + ahead))]],
    ['a reset', (ahead) => [happened.registered(), happened.asked(challenge.passwordCode('a', t0 + ahead))]],
    [
      'a limit of codes',
      (ahead) => [
        ...history.email,
        event('CodeIssued', 'OTP-06', {
          ...{ purpose: 'sign-in', code: { credential: 'c', expiresAt: codeEnd(t0) } },
          window: { used: 1, since: t0 + ahead },
        }),
      ],
    ],
    [
      'a code',
      (ahead) => [
        ...history.email,
        event('CodeIssued', 'OTP-06', {
          ...{ purpose: 'sign-in', code: { credential: 'c', expiresAt: codeEnd(t0 + ahead) } },
          window: { used: 1, since: t0 },
        }),
      ],
    ],
    [
      'a limit of wrong set-up codes',
      (ahead) => [happened.registered(), happened.wrongSetUpCode('password', 1, t0 + ahead)],
    ],
  ]

  test.each(bounds)('API-03 · %s may be five seconds ahead, and not a millisecond more', (_, eventsWith) => {
    expect(holds(...eventsWith(tolerance))).toBe(false)
    expect(holds(...eventsWith(tolerance + 1))).toBe(true)
  })

  test('API-03, OTP-05 · an accepted time step may be as far ahead as the window, and not one step more', () => {
    expect(holds(...history.app, happened.appSet(step + 1))).toBe(false)
    expect(holds(...history.app, happened.appSet(step + 2))).toBe(true)
  })

  test('API-03 · an account without any instant ahead holds none, at any stage and with either channel', () => {
    for (const before of [[], ...Object.values(history)]) expect(holds(...before)).toBe(false)
  })

  test('API-03, OTP-06 · an emailed code may be five seconds ahead, and not a millisecond more', () => {
    const issued = (ahead: number) =>
      event('CodeIssued', 'OTP-06', {
        ...{ purpose: 'sign-in', code: { credential: 'c', expiresAt: codeEnd(t0 + ahead) } },
        window: { used: 1, since: t0 },
      })
    const enter = (matches: boolean) =>
      command('EnterSignInCode', { challenge: 'sign-in', fact: { kind: 'Email', matches } })
    const before = [...history.email, happened.opened(challenge.login())]
    given(before, issued(tolerance)).when(enter(true)).then(ofType('SignInCompleted'))
    given(before, issued(tolerance + 1))
      .when(enter(true))
      .refused('instant-from-the-future', 'API-03')
    // A wrong one is counted all the same.
    given(before, issued(tolerance + 1))
      .when(enter(false))
      .then(event('SignInCodeRejected', 'LOCK-02', { challenge: 'sign-in', reason: 'wrong' }))
  })

  test('API-03, OTP-05 · a time step two steps ahead refuses a correct code of the app; the last step of the window does not', () => {
    const enter = command('EnterSignInCode', { challenge: 'sign-in', fact: { kind: 'MobileApp', step } })
    const withAccepted = (accepted: number) => [
      ...history.app,
      happened.appSet(accepted),
      happened.opened(challenge.login()),
    ]
    given(withAccepted(step + 2))
      .when(enter)
      .refused('instant-from-the-future', 'API-03')
    given(withAccepted(step + 1))
      .when(enter)
      .then(event('SignInCodeRejected', 'OTP-05', { challenge: 'sign-in', reason: 'replayed' }))
  })

  test('API-03, OTP-08 · the old device’s time step does not keep another device from being enrolled', () => {
    const chosen = challenge.channel('enrolment', { kind: 'MobileApp', credential: 'd2', totp })
    given(history.app, happened.appSet(step + 9), happened.deviceChangeRequested(), happened.opened(chosen))
      .when(command('EnterEnrolmentCode', { challenge: 'enrolment', fact: { kind: 'MobileApp', step } }))
      .then(
        event('ChannelEnrolled', 'ACC-03', {
          channel: { kind: 'MobileApp', credential: 'd2', lastAcceptedStep: step, totp },
          endsSessions: true,
        }),
      )
  })

  test('API-03, PW-08 · a password from the future can be changed: its age is unknown', () => {
    const change = (at: number) =>
      command(
        'ChangePassword',
        { sessionEpoch: 0, passwordMatches: true, credential: 'p2', reused: false },
        at,
      )
    const parts = { password: { minimumAgeHours: 1 } }
    const ahead = (by: number) => [...history.app, happened.passwordSet('p1', t0 + by)]
    given(ahead(DAY)).when(change(t0), parts).then(ofType('PasswordSet'))
    given(ahead(tolerance)).when(change(t0), parts).refused('password-changed-too-recently', 'PW-08')
    given(ahead(tolerance + 1))
      .when(change(t0), parts)
      .then(ofType('PasswordSet'))
  })
})

describe('policies', () => {
  test('ACC-20 · a policy lets sessions continue after an expired password is changed, and never after a forgotten one', () => {
    const keeps = { session: { endOnOwnChange: false } }
    const set = (id: string) => command('SetPassword', { challenge: id, credential: 'p2', reused: false })
    const open = [...history.app, happened.signedIn('one')]
    const expired = given(open, happened.opened(challenge.expired()))
      .when(set('expired'), keeps)
      .then(
        event('PasswordSet', 'PW-12', { credential: 'p2', reason: 'expired', historySize: 0, ends: 'none' }),
      )
    expect(expired).toMatchObject({ sessions: [{ id: 'one' }], sessionEpoch: 0 })
    const forgotten = given(open, happened.proved())
      .when(set('reset'), keeps)
      .then(
        event('PasswordSet', 'ACC-10', {
          credential: 'p2',
          reason: 'forgotten',
          historySize: 0,
          ends: 'all',
        }),
      )
    expect(forgotten).toMatchObject({ sessions: [], sessionEpoch: 1 })
  })

  test('OTP-08 · if the password proves a change of device, an account without one signs in as before', () => {
    given(history.app)
      .when(
        command('EnterPassword', {
          passwordMatches: true,
          system: 'CCASS/CCMS',
          challenge: 'sign-in',
          code: 'c',
        }),
        { deviceChange: { verifiedBy: 'password' } },
      )
      .then(event('PasswordAccepted', 'OTP-01', { system: 'CCASS/CCMS', challenge: challenge.login() }))
  })

  test('MIG-19 · a session by smartcard proves neither factor: it changes no password and no device', () => {
    const asked = [
      command('ChangePassword', { sessionEpoch: 0, passwordMatches: true, credential: 'p2', reused: false }),
      command('RequestDeviceChange', { sessionEpoch: 0 }),
      command('CheckSession', { sessionEpoch: 0 }),
    ] as const
    for (const each of asked)
      for (const before of [history.registered, history.passwordSet, history.app]) {
        given(before)
          .when({ ...each, bySmartcard: true })
          .refused('smartcard-session', 'MIG-19')
        // A session of a former epoch, and a page that is denied, come first.
        given(before)
          .when({ ...each, bySmartcard: true, sessionEpoch: 1 })
          .refused('session-of-former-epoch', 'ACC-15')
        given(before)
          .when({ ...each, bySmartcard: true, denial: 'before-launch' })
          .refused('before-launch', 'MIG-03')
      }
    given(history.app)
      .when({ ...asked[2], bySmartcard: false })
      .then()
  })

  test('LOCK-01 · a policy sets after how many failed sign-ins the account is locked, for the page and for Change Password', () => {
    const policy = { lockout: { failedSignIns: 3 } }
    const enter = command('EnterPassword', {
      ...{ passwordMatches: false, system: 'CCASS/CCMS', challenge: 'sign-in', code: 'c' },
    })
    const change = command('ChangePassword', {
      ...{ sessionEpoch: 0, passwordMatches: false, credential: 'p2', reused: false },
    })
    for (const each of [enter, change]) {
      given(history.app, times(1, happened.wrongPassword)).when(each, policy).then(ofType('PasswordRejected'))
      given(history.app, times(2, happened.wrongPassword))
        .when(each, policy)
        .then(ofType('PasswordRejected'), ofType('Locked'))
    }
  })
})
