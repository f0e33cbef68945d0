import type { Instant } from '../../kernel/instant.ts'
import { completesFailedLogin, locks, withWrongOtp, withWrongPassword } from '../../lockout/attempts.ts'
import { passwordExpiry } from '../../password/expiry.ts'
import type { Policy } from '../../policy/policy.ts'
import type { CommandOf, ShutDoor } from '../commands.ts'
import type { AccountEvent, EventOf } from '../events.ts'
import type { Challenge, Holder, Initialised, PasswordSet } from '../state.ts'
import { guard, on, type Row } from '../table.ts'
import {
  challengeExpiry,
  challengeNotOpen,
  codeIssued,
  faultOfLoginCode,
  findChallenge,
  lockedAt,
  makeRoom,
  tooManyCodes,
  turnedAway,
  usable,
} from './common.ts'

type EnterPassword = CommandOf<'EnterPassword'>
type EnterLoginCode = CommandOf<'EnterLoginCode'>

const enterPassword = on('EnterPassword')
const withPassword = enterPassword.from('PasswordSet', 'Initialised')
const initialised = enterPassword.from('Initialised')

const shutFor = (door: ShutDoor, says: string) =>
  guard(says, (_: Holder, { shut }: EnterPassword) => shut === door)
const beforeLaunch = shutFor('before-launch', '2FA is not launched yet')
const userAtDms = shutFor('users-do-not-enter-dms', 'it is DMS, and a user')
const administratorAtTerminal = shutFor('administrators-enter-dms-only', 'it is the terminal, and a DA')
const withoutGroup = shutFor(
  'administrator-without-business-group',
  'it is the terminal, and a DA without a business user group',
)
const wrongPassword = guard('the password is wrong', (_: Holder, { correct }: EnterPassword) => !correct)
const lastPassword = guard(
  'it is the last failed login allowed',
  ({ attempts }: Holder, _: { readonly at: Instant }, policy) => locks(withWrongPassword(attempts), policy),
)
const expired = guard(
  'the password has expired',
  ({ password }: PasswordSet | Initialised, { at }: EnterPassword, policy) =>
    passwordExpiry({ changedAt: password.changedAt, now: at }, policy).status === 'expired',
)
const newDeviceByPassword = guard(
  'a change of device awaits, and the password alone proves it',
  ({ deviceChange }: Initialised, _: EnterPassword, policy) =>
    deviceChange && policy.deviceChange.provedBy === 'password',
)
const usesApp = guard(
  'the channel is the mobile app',
  ({ channel }: Initialised) => channel.kind === 'MobileApp',
)
const noEmail = guard('no email is registered', ({ email }: Holder) => email === undefined)

const rejected = (
  at: Instant,
  through: EventOf<'PasswordRejected'>['through'],
): EventOf<'PasswordRejected'> => ({
  type: 'PasswordRejected',
  at,
  rule: 'LOCK-01',
  through,
})

type Opening =
  | { readonly awaits: 'login-code' }
  | { readonly awaits: 'channel' }
  | { readonly awaits: 'expired-password-change' }

/** The right password opens a challenge. */
const accepted =
  (awaits: Opening['awaits'], rule: AccountEvent['rule']) =>
  (account: Holder, command: EnterPassword, policy: Policy): readonly AccountEvent[] => {
    const { at, system, rehashed } = command
    const common = { id: command.challenge, expiresAt: challengeExpiry(at, policy) }
    const challenge: Challenge =
      awaits === 'login-code'
        ? { ...common, awaits, system, consentedAt: at, misses: 0 }
        : { ...common, awaits }
    return [
      ...makeRoom(account, awaits, at, policy),
      {
        type: 'PasswordAccepted',
        at,
        rule,
        system,
        challenge,
        ...(rehashed === undefined ? {} : { rehashed }),
      },
    ]
  }

const enterPasswordRows: readonly Row[] = [
  ...turnedAway('EnterPassword'),
  enterPassword
    .from(...usable)
    .when(userAtDms)
    .refuse('users-do-not-enter-dms', 'ACC-13'),
  enterPassword
    .from(...usable)
    .when(administratorAtTerminal)
    .refuse('administrators-enter-dms-only', 'ACC-13'),
  enterPassword
    .from(...usable)
    .when(withoutGroup)
    .refuse('administrator-without-business-group', 'ACC-13'),
  enterPassword
    .from(...usable)
    .when(beforeLaunch)
    .refuse('before-launch', 'MIG-03'),
  enterPassword.from('Registered').refuse('no-password-set', 'LOCK-13'),
  withPassword
    .when(wrongPassword)
    .when(lastPassword)
    .give(['PasswordRejected', 'Locked'], 'Locked', 'LOCK-01', (_, { at, system }, policy) => [
      rejected(at, system),
      lockedAt(at, policy),
    ]),
  withPassword
    .when(wrongPassword)
    .give(['PasswordRejected'], 'same', 'LOCK-01', (_, { at, system }) => [rejected(at, system)]),
  withPassword
    .when(expired)
    .give(
      ['ChallengeEnded?', 'PasswordAccepted'],
      'same',
      'PW-11',
      accepted('expired-password-change', 'PW-11'),
    ),
  enterPassword
    .from('PasswordSet')
    .give(['ChallengeEnded?', 'PasswordAccepted'], 'same', 'ACC-01', accepted('channel', 'ACC-01')),
  initialised
    .when(newDeviceByPassword)
    .give(['ChallengeEnded?', 'PasswordAccepted'], 'same', 'OTP-08', accepted('channel', 'OTP-08')),
  initialised
    .when(usesApp)
    .give(['ChallengeEnded?', 'PasswordAccepted'], 'same', 'OTP-01', accepted('login-code', 'OTP-01')),
  initialised.when(noEmail).refuse('no-registered-email', 'ACC-02'),
  initialised.when(tooManyCodes('login')).refuse('too-many-codes', 'OTP-07'),
  initialised.give(
    ['ChallengeEnded?', 'PasswordAccepted', 'CodeIssued'],
    'same',
    'OTP-01',
    (account, command, policy) => [
      ...accepted('login-code', 'OTP-01')(account, command, policy),
      codeIssued(account, 'login', command.code, command.at, policy),
    ],
  ),
]

const enterLoginCode = on('EnterLoginCode').from('Initialised')

const rightCode = guard(
  'the code is right and fresh',
  (account: Initialised, command: EnterLoginCode) => faultOfLoginCode(account, command) === undefined,
)
const newDevice = guard('a change of device awaits', ({ deviceChange }: Initialised) => deviceChange)
const lastCode = guard(
  'it completes the last failed login allowed',
  ({ attempts }: Initialised, _: EnterLoginCode, policy) => locks(withWrongOtp(attempts), policy),
)
const thirdMiss = guard(
  'it is the third miss',
  (account: Initialised, { challenge }: EnterLoginCode, policy) =>
    completesFailedLogin(withWrongOtp(account.attempts), policy) ||
    (findChallenge(account, challenge, 'login-code')?.misses ?? 0) + 1 >= policy.lockout.missesPerFailedLogin,
)

const codeRejected = (account: Initialised, command: EnterLoginCode): EventOf<'LoginCodeRejected'> => {
  const why = faultOfLoginCode(account, command) ?? 'wrong'
  const rule = { wrong: 'LOCK-02', replayed: 'OTP-05', outdated: 'OTP-06' } as const
  return { type: 'LoginCodeRejected', at: command.at, rule: rule[why], challenge: command.challenge, why }
}

const stepOf = ({ fact }: EnterLoginCode) => (fact?.kind === 'MobileApp' ? fact.step : undefined)

const enterLoginCodeRows: readonly Row[] = [
  ...turnedAway('EnterLoginCode'),
  ...challengeNotOpen('EnterLoginCode', 'login-code'),
  enterLoginCode
    .when(rightCode)
    .when(newDevice)
    .give(['ChallengeEnded?', 'OldDeviceProved'], 'same', 'OTP-10', (account, command, policy) => [
      ...makeRoom(account, 'channel', command.at, policy),
      {
        type: 'OldDeviceProved',
        at: command.at,
        rule: 'OTP-10',
        challenge: command.challenge,
        step: stepOf(command) ?? 0,
        opened: {
          id: command.challenge,
          expiresAt: challengeExpiry(command.at, policy),
          awaits: 'channel',
        },
      },
    ]),
  enterLoginCode.when(rightCode).give(['LoginCompleted'], 'same', 'LOCK-03', (account, command) => {
    const challenge = findChallenge(account, command.challenge, 'login-code')
    const step = stepOf(command)
    if (challenge === undefined) return []
    return [
      {
        type: 'LoginCompleted',
        at: command.at,
        rule: 'LOCK-03',
        challenge: challenge.id,
        system: challenge.system,
        channel: account.channel.kind,
        consentedAt: challenge.consentedAt,
        ...(step === undefined ? {} : { step }),
      },
    ]
  }),
  enterLoginCode
    .when(lastCode)
    .give(['LoginCodeRejected', 'Locked'], 'Locked', 'LOCK-04', (account, command, policy) => [
      codeRejected(account, command),
      lockedAt(command.at, policy),
    ]),
  enterLoginCode
    .when(thirdMiss)
    .give(['LoginCodeRejected', 'ChallengeEnded'], 'same', 'LOCK-05', (account, command) => [
      codeRejected(account, command),
      {
        type: 'ChallengeEnded',
        at: command.at,
        rule: 'LOCK-05',
        challenge: command.challenge,
        why: 'misses',
      },
    ]),
  enterLoginCode.give(['LoginCodeRejected'], 'same', 'LOCK-02', (account, command) => [
    codeRejected(account, command),
  ]),
  on('EnterLoginCode').from('Registered', 'PasswordSet').refuse('no-such-challenge', 'OTP-11'),
]

const resend = on('ResendLoginCode').from('Initialised')

const resendRows: readonly Row[] = [
  ...turnedAway('ResendLoginCode'),
  ...challengeNotOpen('ResendLoginCode', 'login-code'),
  resend.when(usesApp).refuse('mobile-app-user', 'OTP-03'),
  resend.when(noEmail).refuse('no-registered-email', 'ACC-02'),
  resend.when(tooManyCodes('login')).refuse('too-many-codes', 'OTP-07'),
  resend.give(['CodeIssued'], 'same', 'OTP-07', (account, { at, code }, policy) => [
    codeIssued(account, 'login', code, at, policy),
  ]),
  on('ResendLoginCode').from('Registered', 'PasswordSet').refuse('no-such-challenge', 'OTP-11'),
]

const cancel = on('CancelChallenge')

const notOpen = guard(
  'it has no such challenge',
  ({ challenges }: Holder, { challenge }: CommandOf<'CancelChallenge'>) =>
    challenges.every(({ id }) => id !== challenge),
)

const cancelRows: readonly Row[] = [
  cancel.from('Unknown', 'Deleted', 'Locked').refuse('no-such-challenge', 'OTP-11'),
  cancel
    .from(...usable)
    .when(notOpen)
    .refuse('no-such-challenge', 'OTP-11'),
  cancel
    .from(...usable)
    .give(['ChallengeEnded'], 'same', 'LOCK-06', (_, { at, challenge }) => [
      { type: 'ChallengeEnded', at, rule: 'LOCK-06', challenge, why: 'cancelled' },
    ]),
]

/** From the login page to the login. */
export const signInRows: readonly Row[] = [
  ...enterPasswordRows,
  ...enterLoginCodeRows,
  ...resendRows,
  ...cancelRows,
]
