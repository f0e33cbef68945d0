/** The smartcard during the parallel run: sign-in, the check of its session, and its decommissioning. */
import { describe, expect, test } from 'vitest'
import { smartcardDenials } from '../../src/access-control/denials.ts'
import { isSmartcardRefusalReason, smartcardRefusalReasons } from '../../src/account/refusal-reason.ts'
import {
  command,
  event,
  given,
  happened,
  history,
  sessionEnd,
  t0,
  times,
} from '../support/random-histories.ts'

const smartcard = { srn: '0101101200012AB2', certificateExpiry: t0 + 86_400_000 }
const holder = [happened.registered({ smartcard })]
const all = [holder, history.registered, history.passwordSet, history.app, history.email, history.locked]

const signIn = (contents: object = {}, at = t0) =>
  command('SignInWithSmartcard', { system: 'CCASS/CCMS', site: 'primary', session: 'card', ...contents }, at)
const check = (contents: object = {}, at = t0) =>
  command('CheckSmartcardSession', { sessionEpoch: 0, ...contents }, at)
const completed = (contents: object = {}, at = t0) =>
  event(
    'SmartcardSignInCompleted',
    'MIG-03',
    {
      ...{ system: 'CCASS/CCMS', site: 'primary', session: 'card', expiresAt: sessionEnd(at) },
      ...contents,
    },
    at,
  )

describe.each([
  ['SignInWithSmartcard', signIn],
  ['CheckSmartcardSession', check],
] as const)('%s', (_, ask) => {
  const rules = {
    'users-do-not-enter-dms': 'ACC-13',
    'administrators-enter-dms-only': 'ACC-13',
    'administrator-without-business-group': 'ACC-13',
    decommissioned: 'MIG-12',
    'created-from-launch': 'MIG-04',
    'backup-centre': 'MIG-09',
    'no-smartcard': 'MIG-05',
    'certificate-expired': 'MIG-17',
  } as const

  test.each(smartcardDenials)(
    'MIG-15, MIG-19 · where the access table denies the card, it is refused: %s',
    (denial) => {
      for (const before of all) given(before).when(ask({ denial })).refused(denial, rules[denial])
    },
  )

  test('MIG-19 · the card is refused for a User ID that has no account or whose account was deleted', () => {
    given().when(ask()).refused('unknown-user', 'MIG-19')
    given(history.deleted).when(ask()).refused('deleted', 'MIG-19')
  })

  test('MIG-19 · a card other than the one in the profile is refused, before the state of the account is disclosed', () => {
    const srn = '0101101200099ZZ9'
    given(holder).when(ask({ srn })).refused('another-smartcard', 'MIG-19')
    given(holder, happened.changed({ status: 'DISABLED' }))
      .when(ask({ srn }))
      .refused('another-smartcard', 'MIG-19')
    given(holder, happened.changed({ status: 'DISABLED' }))
      .when(ask({ srn: smartcard.srn }))
      .refused('disabled', 'ACC-05')
  })

  test('ACC-05, ACC-06 · the card is refused for an account that is disabled or outside its dates, locked or not', () => {
    for (const before of all) {
      given(before, happened.changed({ status: 'DISABLED' }))
        .when(ask())
        .refused('disabled', 'ACC-05')
      given(before, happened.changed({ enableFrom: '2023-05-03' }))
        .when(ask())
        .refused('not-yet-enabled', 'ACC-06')
      given(before, happened.changed({ disableAfter: '2023-05-01' }))
        .when(ask())
        .refused('no-longer-enabled', 'ACC-06')
    }
  })

  test('LOCK-12 · a lock also denies the card, unless the policy says otherwise', () => {
    given(history.locked).when(ask()).refused('locked', 'LOCK-12')
  })
})

describe('SignInWithSmartcard', () => {
  test('MIG-03 · a card that was admitted opens a session at every stage, and records its number if it is known', () => {
    for (const before of [holder, history.registered, history.passwordSet, history.app]) {
      const account = given(before).when(signIn()).then(completed())
      expect(account).toMatchObject({
        sessions: [
          {
            ...{ id: 'card', system: 'CCASS/CCMS', method: 'Smartcard', signedInAt: t0 },
            expiresAt: sessionEnd(t0),
          },
        ],
        sessionEpoch: 0,
      })
    }
    given(holder)
      .when(signIn({ srn: smartcard.srn, system: 'DMS', site: 'backup' }))
      .then(completed({ srn: smartcard.srn, system: 'DMS', site: 'backup' }))
  })

  test('MIG-19 · a profile without a card does not compare the card’s number', () => {
    given(history.app)
      .when(signIn({ srn: 'other' }))
      .then(completed({ srn: 'other' }))
  })

  test('LOCK-12 · if a lock does not deny the card, it opens a session of the locked account, and counters stay', () => {
    const before = [...history.app, ...times(5, happened.wrongPassword), happened.locked()]
    const account = given(before)
      .when(signIn(), { lockout: { blocksSmartcard: false } })
      .then(completed())
    expect(account).toMatchObject({
      stage: 'Locked',
      failedAttempts: { passwords: 5 },
      sessions: [{ id: 'card' }],
    })
  })

  test('ACC-19 · beyond the maximum of sessions the oldest ends, regardless of its method', () => {
    given(history.app, happened.signedIn('a'), happened.signedIn('b'))
      .when(signIn(), { session: { maxOpen: 2 } })
      .then(event('SessionsEnded', 'ACC-19', { sessions: ['a'], reason: 'superseded' }), completed())
  })
})

describe('CheckSmartcardSession', () => {
  test('ACC-15 · a session that is open is current, and one that ended or was never opened is not', () => {
    const open = given(holder, completed())
    open.when(check({ session: 'card', sessionEpoch: 9 })).then()
    open.when(check({ session: 'other' })).refused('session-of-former-epoch', 'ACC-15')
    given(holder, completed(), event('SessionsEnded', 'ACC-19', { sessions: ['card'], reason: 'signed-out' }))
      .when(check({ session: 'card' }))
      .refused('session-of-former-epoch', 'ACC-15')
  })

  test('ACC-15 · without a session the epoch alone decides', () => {
    given(holder).when(check()).then()
    given(holder)
      .when(check({ sessionEpoch: 1 }))
      .refused('session-of-former-epoch', 'ACC-15')
  })

  test('LOCK-12 · the session of a locked account continues only if a lock does not deny the card', () => {
    const policy = { lockout: { blocksSmartcard: false } }
    given(history.locked, completed())
      .when(check({ session: 'card' }), policy)
      .then()
    given(history.locked, completed())
      .when(check({ session: 'card' }))
      .refused('locked', 'LOCK-12')
  })
})

describe('DecommissionSmartcard', () => {
  const decommission = command('DecommissionSmartcard', {})

  test('MIG-20 · the card is removed from the profile once, and its number is recorded', () => {
    for (const before of [holder, [...history.locked, happened.changed({ smartcard })]]) {
      const removed = event('SmartcardDecommissioned', 'MIG-20', { srn: smartcard.srn })
      const account = given(before).when(decommission).then(removed)
      expect(account).not.toHaveProperty('smartcard')
      given(before, removed).when(decommission).then()
    }
  })

  test('MIG-20 · nothing is recorded for a profile without a card', () => {
    for (const before of [history.registered, history.passwordSet, history.app, history.locked])
      given(before).when(decommission).then()
  })

  test('ID-12 · an account that does not exist or was deleted has no card', () => {
    given().when(decommission).refused('unknown-user', 'ID-12')
    given(history.deleted).when(decommission).refused('deleted', 'ID-12')
  })
})

test('MIG-19 · the reasons to refuse a card are those of the access table and of the account, and no others', () => {
  expect(smartcardRefusalReasons).toEqual([
    ...smartcardDenials,
    'another-smartcard',
    'locked',
    'disabled',
    'not-yet-enabled',
    'no-longer-enabled',
  ])
  for (const reason of smartcardRefusalReasons) expect(isSmartcardRefusalReason(reason)).toBe(true)
  for (const reason of ['deleted', 'before-launch', '']) expect(isSmartcardRefusalReason(reason)).toBe(false)
})
