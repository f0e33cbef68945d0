/**
 * Accounts that do not exist, are locked, disabled or outside their dates; and challenges that are not open.
 */
import { describe, expect, test } from 'vitest'
import type { AccountCommand } from '../../src/account/commands.ts'
import { accountDecider } from '../../src/account/decide.ts'
import { definePolicy } from '../../src/index.ts'
import {
  accountAfter,
  challenge,
  challengeEnd,
  command,
  given,
  happened,
  history,
  t0,
} from '../support/random-histories.ts'

const email = { kind: 'Email', matches: true } as const

/** Every command of a caller or holder, valid for its challenge. */
const commands = (at = t0, id = 'open'): readonly AccountCommand[] => [
  command('EnterPassword', { passwordMatches: true, system: 'CCASS/CCMS', challenge: id, code: 'c' }, at),
  command('EnterSignInCode', { challenge: id, fact: email }, at),
  command('ResendSignInCode', { challenge: id, code: 'c' }, at),
  command('RequestPasswordCode', { challenge: id, code: 'c' }, at),
  command('EnterPasswordCode', { challenge: id, fact: email }, at),
  command('SetPassword', { challenge: id, credential: 'p2', reused: false }, at),
  command('ChooseChannel', { challenge: id, channel: 'MobileApp', credential: 'd2' }, at),
  command('EnterEnrolmentCode', { challenge: id, fact: email }, at),
  command('ChangePassword', { sessionEpoch: 0, passwordMatches: true, credential: 'p2', reused: false }, at),
  command('RequestDeviceChange', { sessionEpoch: 0 }, at),
  command('CheckSession', { sessionEpoch: 0 }, at),
]

const byType = commands().map((told) => [told.type, told] as const)
const usable = [history.registered, history.passwordSet, history.app, history.email]
/** 00:00:00.000 in Hong Kong. */
const midnight = (month: number, day: number) => Date.UTC(2023, month - 1, day) - 8 * 3_600_000

describe.each(byType)('%s', (type, told) => {
  const at = (instant: number) => commands(instant).find((each) => each.type === type) ?? told

  test('LOCK-11 · the command is refused for a User ID that has no account or whose account was deleted', () => {
    given().when(told).refused('unknown-user', 'LOCK-11')
    given(history.deleted).when(told).refused('deleted', 'LOCK-11')
  })

  test('LOCK-07 · the command is refused for a locked account, disabled or not, and nothing is verified or counted', () => {
    given(history.locked).when(told).refused('locked', 'LOCK-07')
    given(history.locked, happened.changed({ status: 'DISABLED' }))
      .when(told)
      .refused('locked', 'LOCK-07')
  })

  test('ACC-05 · the command is refused for a disabled account', () => {
    for (const before of usable)
      given(before, happened.changed({ status: 'DISABLED' }))
        .when(told)
        .refused('disabled', 'ACC-05')
  })

  test('ACC-06 · the command is refused before Enable From and after Disable After, both inclusive, by Hong Kong days', () => {
    for (const before of usable) {
      const dated = [...before, happened.changed({ enableFrom: '2023-05-10', disableAfter: '2023-05-12' })]
      given(dated)
        .when(at(midnight(5, 10) - 1))
        .refused('not-yet-enabled', 'ACC-06')
      // Both dates are inclusive: nothing is refused from the first instant of the first day to the last of
      // the last.
      for (const inside of [midnight(5, 10), midnight(5, 13) - 1]) {
        const decided = accountDecider.decide(accountAfter(dated), at(inside), definePolicy()._unsafeUnwrap())
        expect(decided.isErr() ? decided.error.rule : 'allowed').not.toMatch(/^ACC-0[56]$/)
      }
      given(dated)
        .when(at(midnight(5, 13)))
        .refused('no-longer-enabled', 'ACC-06')
    }
  })
})

/** The commands that continue a challenge, with accounts for which they are valid. */
const onChallenge = [
  ['EnterSignInCode', [history.app, history.email], challenge.login],
  ['ResendSignInCode', [history.email], challenge.login],
  ['EnterPasswordCode', usable, challenge.passwordCode],
  ['SetPassword', usable, challenge.newPassword],
  ['ChooseChannel', [history.passwordSet, history.app], (id: string) => challenge.channel(id)],
  ['EnterEnrolmentCode', [history.passwordSet, history.app], (id: string) => challenge.channel(id)],
] as const

describe.each(onChallenge)('%s', (type, histories, open) => {
  const told = (at = t0) => commands(at).find((each) => each.type === type) ?? commands()[1]

  test('OTP-11 · the command is refused if the account has no such challenge', () => {
    for (const before of usable) {
      const [plain, other] = [told(), told()]
      if (plain === undefined || other === undefined) throw new Error(type)
      given(before).when(plain).refused('no-such-challenge', 'OTP-11')
      given(before, happened.opened(open('another')))
        .when(other)
        .refused('no-such-challenge', 'OTP-11')
    }
  })

  test('OTP-11 · the command is refused with a challenge that awaits another step', () => {
    const mine = open('open').awaits
    const others = [challenge.login('open'), challenge.passwordCode('open'), challenge.channel('open')]
    for (const before of usable)
      for (const other of others) {
        const given_ = told()
        if (other.awaits === mine || given_ === undefined) continue
        given(before, happened.opened(other))
          .when(given_)
          .refused('challenge-awaits-something-else', 'OTP-11')
      }
  })

  test('OTP-11 · the command is refused from the millisecond at which its challenge expires', () => {
    for (const before of histories) {
      const late = told(challengeEnd(t0))
      if (late === undefined) throw new Error(type)
      given(before, happened.opened(open('open')))
        .when(late)
        .refused('challenge-expired', 'OTP-11')
    }
  })
})

describe('CancelChallenge', () => {
  const cancel = command('CancelChallenge', { challenge: 'open' })

  test('OTP-11 · the cancellation is refused if the account has no such challenge or cannot have one', () => {
    for (const before of [[], history.deleted, history.locked, ...usable])
      given(before).when(cancel).refused('no-such-challenge', 'OTP-11')
  })

  test.each([challenge.login('open'), challenge.channel('open'), challenge.expired('open')])(
    'LOCK-06 · the cancellation ends a challenge that awaits $awaits, and counts nothing',
    (open) => {
      given(history.app, happened.opened(open), happened.opened(challenge.login('other')))
        .when(cancel)
        .then({ type: 'ChallengeEnded', at: t0, rule: 'LOCK-06', challenge: 'open', reason: 'cancelled' })
    },
  )
})

describe('CancelChallenge of a reset', () => {
  test.each([challenge.passwordCode('open'), challenge.newPassword('open')])(
    'LOCK-16 · the cancellation of a reset that awaits $awaits is refused as if it did not exist, so that it does not reveal whether the account is served',
    (open) => {
      given(history.app, happened.opened(open))
        .when(command('CancelChallenge', { challenge: 'open' }))
        .refused('challenge-awaits-something-else', 'OTP-11')
    },
  )
})

describe('void sign-ins', () => {
  const told = [
    command('ChangePassword', { sessionEpoch: 0, passwordMatches: true, credential: 'p2', reused: false }),
    command('RequestDeviceChange', { sessionEpoch: 0 }),
    command('CheckSession', { sessionEpoch: 0 }),
  ]

  test.each(told)('ACC-15 · $type is refused for a session of a former or a future sessionEpoch', (each) => {
    given(history.app, happened.unlocked(), happened.passwordSet(), happened.appSet())
      .when(each)
      .refused('session-of-former-epoch', 'ACC-15')
    given(history.app)
      .when({ ...each, sessionEpoch: 1 })
      .refused('session-of-former-epoch', 'ACC-15')
    given(history.registered)
      .when({ ...each, sessionEpoch: 3 })
      .refused('session-of-former-epoch', 'ACC-15')
  })

  test.each(told)('ACC-15 · $type is refused for an account whose 2FA is not initialised', (each) => {
    given(history.registered).when(each).refused('not-initialised', 'ACC-15')
    given(history.passwordSet).when(each).refused('not-initialised', 'ACC-15')
  })
})
