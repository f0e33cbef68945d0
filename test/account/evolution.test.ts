/** What an event does to an account, and what it leaves as it is; and the parts of a profile. */
import { describe, expect, test } from 'vitest'
import { channelOf } from '../../src/account/channel.ts'
import type { AccountEvent } from '../../src/account/events.ts'
import { evolveAccount } from '../../src/account/evolve.ts'
import {
  effectiveChanges,
  isEnabledOn,
  type Profile,
  profileOf,
  withChanges,
} from '../../src/account/profile.ts'
import { credentialsOf, unknownAccount } from '../../src/account/state.ts'
import {
  accountAfter,
  challenge,
  challengeEnd,
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

const changed = (changes: object, at = t0) => event('ProfileChanged', 'ACC-05', { changes }, at)
const open = [challenge.login('login'), challenge.channel('channel'), challenge.expired('expired')].map(
  (each) => happened.opened(each),
)
const resets = [
  happened.asked(challenge.passwordCode('asked')),
  happened.proved(challenge.newPassword('proved')),
]
const idsOf = (account: object) =>
  ('challenges' in account ? (account.challenges as readonly { id: string }[]) : []).map(({ id }) => id)

describe('the dates of an account', () => {
  const register = (dates: object) =>
    command('Register', { userId: 'B0123401' as never, role: 'User', ...dates })
  const change = (changes: object) => command('ChangeProfile', { changes })
  const one = { enableFrom: '2023-06-01', disableAfter: '2023-06-01' }
  const none = { enableFrom: '2023-06-02', disableAfter: '2023-06-01' }

  test('FLD-04 · an account is registered for at least one day', () => {
    given().when(register(none)).refused('dates-reversed', 'FLD-04')
    given()
      .when(register(one))
      .then(expect.objectContaining({ type: 'Registered', ...one }))
  })

  test('FLD-04 · a change leaves at least one day, together with the dates that it does not change', () => {
    for (const before of [history.registered, history.passwordSet, history.app, history.locked]) {
      given(before).when(change(none)).refused('dates-reversed', 'FLD-04')
      given(before, changed({ disableAfter: '2023-06-01' }))
        .when(change({ enableFrom: '2023-06-02' }))
        .refused('dates-reversed', 'FLD-04')
      given(before, changed({ disableAfter: '2023-06-01' }))
        .when(change({ enableFrom: '2023-06-02', disableAfter: null }))
        .then(expect.objectContaining({ type: 'ProfileChanged', rule: 'ACC-05' }))
      given(before)
        .when(change(one))
        .then(event('ProfileChanged', 'ACC-05', { changes: one }))
    }
    // The dates of an account without a channel are compared before its new email is looked at.
    given(history.passwordSet)
      .when(change({ ...none, email: 'other@example.com' }))
      .refused('dates-reversed', 'FLD-04')
  })

  test('ACC-06 · the account can be used from the first day to the last, both included', () => {
    const dates = { status: 'ENABLED', enableFrom: '2023-05-10', disableAfter: '2023-05-12' } as const
    const days = ['2023-05-09', '2023-05-10', '2023-05-11', '2023-05-12', '2023-05-13']
    expect(days.map((day) => isEnabledOn(dates, day))).toEqual([false, true, true, true, false])
    expect(days.map((day) => isEnabledOn({ ...dates, status: 'DISABLED' }, day))).toEqual(
      days.map(() => false),
    )
    expect(isEnabledOn({ status: 'ENABLED' }, '2023-05-09')).toBe(true)
    expect(isEnabledOn({ status: 'ENABLED', enableFrom: '2023-05-10' }, '2023-05-09')).toBe(false)
    expect(isEnabledOn({ status: 'ENABLED', disableAfter: '2023-05-10' }, '2023-05-11')).toBe(false)
    // A stored value of another type sets no bound.
    const broken = { status: 'ENABLED', enableFrom: 99_999_999, disableAfter: 0 } as never
    expect(isEnabledOn(broken, '2023-05-09')).toBe(true)
  })

  test('ACC-15 · a change of profile on the last day ends nothing, and one on the day after ends everything', () => {
    const before = [
      ...history.app,
      changed({ disableAfter: '2023-05-02' }),
      happened.signedIn('one'),
      ...open,
    ]
    expect(accountAfter([...before, changed({ surname: 'CHAN' })])).toMatchObject({
      ...{ sessions: [{ id: 'one' }], challenges: [{}, {}, {}], sessionEpoch: 0 },
    })
    expect(accountAfter([...before, changed({ surname: 'CHAN' }, t0 + 86_400_000)])).toMatchObject({
      ...{ sessions: [], challenges: [], sessionEpoch: 1 },
    })
  })
})

describe('a change of email', () => {
  const email = 'other@example.com'

  test('ACC-14 · the new email ends the resets that the former one could complete, and no other challenge', () => {
    const account = accountAfter([...history.app, ...open, ...resets, changed({ email })])
    expect(idsOf(account)).toEqual(['login', 'channel', 'expired'])
    expect(account).toMatchObject({ sessionEpoch: 1, codes: nothing })
  })

  test('ACC-18 · the new email of an account without a channel ends every challenge, and a removed email does not', () => {
    const before = [...history.passwordSet, ...open, ...resets]
    const other = accountAfter([...before, changed({ email })])
    expect(other).toMatchObject({ stage: 'Registered', challenges: [], sessionEpoch: 1 })
    const removed = accountAfter([...before, changed({ email: null })])
    expect(removed).toMatchObject({ stage: 'PasswordSet', password: { credential: 'p1' } })
    expect(idsOf(removed)).toEqual(['login', 'channel', 'expired'])
  })

  test('ACC-18, ACC-14 · the rule of a change names what the change of email voids', () => {
    const change = (changes: object) => command('ChangeProfile', { changes })
    const ruled = (rule: 'ACC-14' | 'ACC-18' | 'ACC-05', changes: object) =>
      event('ProfileChanged', rule, { changes })
    given(history.passwordSet).when(change({ email })).then(ruled('ACC-18', { email }))
    given(history.passwordSet)
      .when(change({ email: null }))
      .then(ruled('ACC-14', { email: null }))
    for (const before of [history.registered, history.app, history.locked])
      given(before).when(change({ email })).then(ruled('ACC-14', { email }))
    // The same email is no change.
    given(history.passwordSet)
      .when(change({ email: 'b0123401@example.com', surname: 'CHAN' }))
      .then(ruled('ACC-05', { surname: 'CHAN' }))
  })

  test('ACC-15 · a change that disables the account and replaces its email starts one new epoch', () => {
    const account = accountAfter([...history.app, ...open, changed({ status: 'DISABLED', email })])
    expect(account).toMatchObject({ sessionEpoch: 1, sessions: [], challenges: [] })
  })

  test('MIG-02 · the instant of a first email is recorded, kept with another email, and removed with it', () => {
    const without = happened.registered({ email: undefined })
    const first = accountAfter([without, changed({ email }, t0 + 1)])
    expect(first).toMatchObject({ emailRegisteredAt: t0 + 1 })
    const again = accountAfter([
      without,
      changed({ email }, t0 + 1),
      changed({ email: 'x@example.com' }, t0 + 2),
    ])
    expect(again).toMatchObject({ emailRegisteredAt: t0 + 1 })
    const removed = accountAfter([without, changed({ email }, t0 + 1), changed({ email: null }, t0 + 2)])
    expect(removed).not.toHaveProperty('emailRegisteredAt')
    expect(accountAfter([...history.registered, changed({ email })])).not.toHaveProperty('emailRegisteredAt')
  })
})

describe('a lock and an unlock', () => {
  const busy = [
    ...[happened.signedIn('one'), happened.asked(), happened.issued('password', 3)],
    ...[happened.wrongSetUpCode('password', 2), ...times(5, happened.wrongPassword)],
  ]
  const kept = {
    codesIssued: { password: { used: 3, since: t0 } },
    failedEnrolmentAttempts: { password: { used: 2, since: t0 } },
  }

  test('LOCK-07, MNT-11 · a lock keeps the counters and limits, and the kind of the channel if 2FA was initialised', () => {
    const locked = [...busy, happened.locked()]
    const ended = { stage: 'Locked', sessions: [], challenges: [], codes: nothing, sessionEpoch: 1 }
    const counters = { failedAttempts: { passwords: 5, otps: 0 }, ...kept }
    const app = accountAfter([...history.app, ...locked])
    expect(app).toMatchObject({ ...ended, ...counters, channel: 'MobileApp' })
    expect(app).not.toHaveProperty('password')
    expect(accountAfter([...history.email, ...locked])).toMatchObject({ ...ended, channel: 'Email' })
    const early = accountAfter([...history.passwordSet, ...locked])
    expect(early).toMatchObject({ ...ended, ...counters })
    expect(early).not.toHaveProperty('channel')
  })

  test('ACC-08 · an unlock removes counters, limits and the channel', () => {
    const account = accountAfter([...history.app, ...busy, happened.locked(), happened.unlocked()])
    expect(account).toMatchObject({
      ...{ stage: 'Registered', failedAttempts: { passwords: 0, otps: 0 }, sessionEpoch: 2 },
      ...{ codesIssued: nothing, failedEnrolmentAttempts: nothing },
    })
    expect(account).not.toHaveProperty('channel')
  })

  test('PW-08 · the newest passwords come first in the history, and no more than the policy remembers', () => {
    const set = (credential: string, historySize: number) =>
      event('PasswordSet', 'PW-13', { credential, reason: 'voluntary', historySize, ends: 'none' })
    const changes = [set('p2', 3), set('p3', 3)]
    expect(accountAfter([...history.app, ...changes])).toMatchObject({ passwordHistory: ['p2', 'p1'] })
    expect(accountAfter([...history.app, ...changes, set('p4', 2)])).toMatchObject({
      passwordHistory: ['p3', 'p2'],
    })
    const locked = event('Locked', 'LOCK-01', { historySize: 2 })
    expect(accountAfter([...history.app, ...changes, locked])).toMatchObject({
      passwordHistory: ['p3', 'p2'],
    })
    const unlocked = event('Unlocked', 'ACC-07', { historySize: 1 })
    expect(accountAfter([...history.app, ...changes, unlocked])).toMatchObject({ passwordHistory: ['p3'] })
    // A locked account has no present password to add.
    const again = event('Unlocked', 'ACC-07', { historySize: 3 })
    expect(accountAfter([...history.app, ...changes, locked, again])).toMatchObject({
      passwordHistory: ['p3', 'p2'],
    })
  })
})

describe('events', () => {
  test('AUD-01 · an event that is impossible at the account’s stage changes nothing', () => {
    const rehashed = event('PasswordRehashed', 'PW-15', { credential: 'p9' })
    const impossible: readonly (readonly [readonly AccountEvent[], AccountEvent])[] = [
      [history.app, happened.registered({ surname: 'CHAN' })],
      [history.registered, rehashed],
      [history.locked, rehashed],
      [history.locked, happened.passwordSet('p2')],
      [history.registered, happened.appSet()],
      [history.locked, happened.emailSet()],
      [history.registered, happened.deviceChangeRequested()],
      [history.passwordSet, happened.deviceChangeRequested()],
      [history.deleted, happened.registered()],
      [history.deleted, happened.passwordSet()],
      [[], happened.passwordSet()],
      [[], happened.deleted()],
      [
        history.app,
        event('CommandRefused', 'LOCK-01', { operation: 'EnterPassword', reason: 'password-lapsed' }),
      ],
      [
        history.app,
        event('AdministrationRefused', 'MNT-02', {
          operation: 'unlock',
          reason: 'self',
          subject: 'B0123402',
        }),
      ],
    ]
    for (const [before, each] of impossible) {
      const account = accountAfter(before)
      expect(evolveAccount(account, each)).toEqual(account)
    }
  })

  test('OTP-11 · a challenge that opens replaces the one of its name, and removes those that expire at this millisecond', () => {
    const at = challengeEnd(t0)
    const account = accountAfter([
      ...history.app,
      happened.opened(challenge.login('old')),
      happened.opened(challenge.login('young', t0 + 1), t0 + 1),
      happened.opened(challenge.login('same', t0 + 2), t0 + 2),
      happened.opened(challenge.channel('same', undefined, at), at),
    ])
    expect(account).toMatchObject({ challenges: [{ id: 'young' }, { id: 'same', awaits: 'enrolment' }] })
  })

  test('ACC-19 · a session that opens replaces the one of its name', () => {
    const account = accountAfter([...history.app, happened.signedIn('one'), happened.signedIn('one', t0 + 5)])
    expect(account).toMatchObject({
      sessions: [{ id: 'one', signedInAt: t0 + 5, expiresAt: sessionEnd(t0 + 5) }],
    })
    expect(account).toHaveProperty('sessions.length', 1)
  })

  test('LOCK-02 · a wrong code counts for its own sign-in only', () => {
    const logins = ['a', 'b'].map((id) => happened.opened(challenge.login(id)))
    expect(accountAfter([...history.app, ...logins, happened.wrongCode('b')])).toMatchObject({
      challenges: [
        { id: 'a', failedAttempts: 0 },
        { id: 'b', failedAttempts: 1 },
      ],
    })
    const enrolment = accountAfter([
      ...history.app,
      happened.opened(challenge.channel('c')),
      happened.wrongCode('c'),
    ])
    expect(enrolment).toMatchObject({ challenges: [challenge.channel('c')] })
    expect(idsOf(enrolment)).toEqual(['c'])
    expect(enrolment).not.toHaveProperty('challenges.0.failedAttempts')
  })

  test('LOCK-10 · using up the wrong codes of one purpose ends only what awaits its code', () => {
    const busy = [
      ...history.app,
      ...open,
      ...resets,
      happened.issued('password'),
      happened.issued('enrolment'),
    ]
    const aborted = (purpose: 'password' | 'enrolment') =>
      accountAfter([...busy, event('EnrolmentAborted', 'LOCK-10', { purpose, blockedUntil: t0 })])
    expect(idsOf(aborted('password'))).toEqual(['login', 'channel', 'expired', 'proved'])
    expect(aborted('password')).toMatchObject({ codes: { enrolment: { credential: 'enrolment-1' } } })
    expect(aborted('password')).not.toHaveProperty('codes.password')
    expect(idsOf(aborted('enrolment'))).toEqual(['login', 'expired', 'asked', 'proved'])
    expect(aborted('enrolment')).not.toHaveProperty('codes.enrolment')
  })

  test('LOCK-10 · a wrong set-up code is counted also where no code was issued', () => {
    const account = accountAfter([...history.app, happened.wrongSetUpCode('password', 1)])
    expect(account).toMatchObject({
      codes: nothing,
      failedEnrolmentAttempts: { password: { used: 1, since: t0 } },
    })
  })

  test('OTP-06 · a completed sign-in voids its own code and no code of another purpose', () => {
    const codes = (['sign-in', 'password', 'enrolment'] as const).map((purpose) => happened.issued(purpose))
    const account = accountAfter([...history.email, ...codes, happened.signedIn()])
    expect(account).toHaveProperty('codes.password')
    expect(account).toHaveProperty('codes.enrolment')
    expect(account).not.toHaveProperty('codes.sign-in')
    const undelivered = event('CodeUndelivered', 'OTP-07', {
      purpose: 'password',
      window: { used: 0, since: t0 },
    })
    const voided = accountAfter([...history.email, ...codes, undelivered])
    expect(voided).toHaveProperty('codes.sign-in')
    expect(voided).not.toHaveProperty('codes.password')
    expect(voided).toMatchObject({ codesIssued: { password: { used: 0 }, enrolment: { used: 1 } } })
    const accepted = accountAfter([...history.email, ...codes, happened.proved()])
    expect(accepted).toHaveProperty('codes.sign-in')
    expect(accepted).not.toHaveProperty('codes.password')
  })

  test('OTP-05, OTP-10 · a time step is recorded only for the mobile app', () => {
    const signedIn = event('SignInCompleted', 'LOCK-03', {
      ...{
        challenge: 'one',
        system: 'CCASS/CCMS',
        channel: 'Email',
        consentedAt: t0,
        expiresAt: sessionEnd(t0),
      },
      step: 7,
    })
    expect(accountAfter([...history.email, signedIn])).toMatchObject({ channel: { kind: 'Email' } })
    expect(accountAfter([...history.email, signedIn])).not.toHaveProperty('channel.lastAcceptedStep')
    expect(accountAfter([...history.app, happened.signedIn()])).toMatchObject({
      channel: { lastAcceptedStep: 1_000 },
    })
    const opens = challenge.channel('next')
    const verified = event('DeviceChangeVerified', 'OTP-10', { challenge: 'login', step: 1_001, opens })
    const app = accountAfter([...history.app, ...open, verified])
    expect(app).toMatchObject({ channel: { kind: 'MobileApp', credential: 'd1', lastAcceptedStep: 1_001 } })
    expect(idsOf(app)).toEqual(['channel', 'expired', 'next'])
    const email = accountAfter([...history.email, ...open, verified])
    expect(email).toMatchObject({ channel: { kind: 'Email' } })
    expect(email).not.toHaveProperty('channel.lastAcceptedStep')
    expect(idsOf(email)).toEqual(['channel', 'expired', 'next'])
  })

  test('ACC-20 · a password whose change ends the other sessions keeps the session in which it was changed', () => {
    const two = [...history.app, happened.signedIn('one'), happened.signedIn('two')]
    const set = (ends: 'all' | 'others' | 'none', session?: string) =>
      accountAfter([
        ...two,
        event('PasswordSet', 'PW-13', {
          ...{ credential: 'p2', reason: 'voluntary', historySize: 0, ends },
          ...(session === undefined ? {} : { session }),
        }),
      ])
    expect(set('others', 'one')).toMatchObject({ sessions: [{ id: 'one' }], sessionEpoch: 1 })
    expect(set('all')).toMatchObject({ sessions: [], sessionEpoch: 1 })
    expect(set('none', 'one')).toMatchObject({ sessions: [{ id: 'one' }, { id: 'two' }], sessionEpoch: 0 })
  })
})

describe('a profile', () => {
  const whole: Profile = {
    ...{ organisation: 'B01234 ABC SECURITIES', internal: false, status: 'ENABLED', surname: 'CHAN' },
    ...{
      otherNames: 'TAI MAN',
      email: 'a@example.com',
      enableFrom: '2023-05-01',
      disableAfter: '2023-06-01',
    },
    ...{ clearingHouseOptions: 'HKCC', accessChannel: 'Internet', userGroups: ['11'] },
    smartcard: { srn: '0101101200012AB2', certificateExpiry: t0 },
    transactionLimits: { Default: '0.00' },
  }

  test('DMS-07 · the profile of an account is every field that a person enters, and nothing else', () => {
    const account = accountAfter([happened.registered({ ...whole }), happened.passwordSet()])
    expect(profileOf(account as never)).toEqual(whole)
    expect(profileOf({ status: 'ENABLED' })).toEqual({ status: 'ENABLED' })
    expect(Object.keys(profileOf({ status: 'ENABLED' }))).toEqual(['status'])
  })

  test('DMS-07 · a change replaces a field, null removes it, and undefined leaves it', () => {
    expect(withChanges(whole, { surname: 'LEE', email: null, otherNames: undefined })).toEqual({
      ...whole,
      surname: 'LEE',
      email: undefined,
    })
    expect(withChanges(whole, { email: null })).not.toHaveProperty('email')
    expect(withChanges({ status: 'ENABLED' }, { email: null })).toEqual({ status: 'ENABLED' })
  })

  test('ACC-05 · only values that differ are changes, regardless of the order of their fields', () => {
    const same = { srn: '0101101200012AB2', certificateExpiry: t0 }
    const turned = { certificateExpiry: t0, srn: same.srn }
    expect(effectiveChanges(whole, { smartcard: turned, userGroups: ['11'], surname: 'CHAN' })).toEqual({})
    expect(effectiveChanges(whole, { smartcard: null, userGroups: ['12'], internal: true })).toEqual({
      ...{ smartcard: null, userGroups: ['12'], internal: true },
    })
    expect(effectiveChanges({ status: 'ENABLED' }, { email: null, surname: undefined })).toEqual({})
    expect(Object.keys(effectiveChanges(whole, { surname: undefined }))).toEqual([])
  })
})

describe('what an account has', () => {
  test('OTP-01, MNT-11 · the channel is that of an initialised account, or the one that a locked account had', () => {
    const channels = (['registered', 'passwordSet', 'app', 'email', 'locked', 'deleted'] as const).map(
      (name) => channelOf(accountAfter(history[name])),
    )
    expect(channels).toEqual(['none', 'none', 'MobileApp', 'Email', 'MobileApp', 'none'])
    expect(channelOf(unknownAccount)).toBe('none')
    expect(channelOf(accountAfter([...history.passwordSet, happened.locked()]))).toBe('none')
    expect(channelOf(accountAfter([...history.email, happened.locked()]))).toBe('Email')
  })

  test('AUD-06 · the credentials are those of password, device, chosen device, codes and history', () => {
    const chosen = challenge.channel('enrolment', { kind: 'MobileApp', credential: 'd2', totp })
    const events = [
      ...history.app,
      event('PasswordSet', 'PW-13', { credential: 'p2', reason: 'voluntary', historySize: 1, ends: 'none' }),
      ...[happened.opened(chosen), happened.opened(challenge.login()), happened.issued('sign-in')],
    ]
    expect(credentialsOf(accountAfter(events))).toEqual(['p2', 'd1', 'd2', 'sign-in-1', 'p1'])
    expect(credentialsOf(accountAfter(history.email))).toEqual(['p1'])
    const byEmail = happened.opened(challenge.channel('enrolment', { kind: 'Email' }))
    expect(credentialsOf(accountAfter([...history.passwordSet, byEmail]))).toEqual(['p1'])
    for (const before of [history.registered, history.deleted, history.locked, []])
      expect(credentialsOf(accountAfter(before))).toEqual([])
  })
})
