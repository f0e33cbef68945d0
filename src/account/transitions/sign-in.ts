import type { SignInDenial } from '../../access-control/denials.ts'
import { DAY, type Instant } from '../../kernel/instant.ts'
import {
  completesFailedSignIn,
  reachesLockout,
  withWrongOtp,
  withWrongPassword,
} from '../../lockout/attempts.ts'
import { passwordExpiry } from '../../password/expiry.ts'
import type { Policy } from '../../policy/policy.ts'
import { challengeExpiry, findChallenge } from '../challenges.ts'
import type { AccountCommandOf } from '../commands.ts'
import type { AccountEvent, AccountEventOf } from '../events.ts'
import type { AccountBase, Challenge, InitialisedAccount, PasswordSetAccount } from '../state.ts'
import { guard, on, type Row } from '../table.ts'
import {
  activeStages,
  challengeNotOpenRows,
  codeIssued,
  deniedRows,
  fromFuture,
  lockedAt,
  sessionExpiry,
  signInCodeFault,
  supersededChallenges,
  supersededSessions,
  tooManyCodes,
} from './common.ts'

type EnterPassword = AccountCommandOf<'EnterPassword'>
type EnterSignInCode = AccountCommandOf<'EnterSignInCode'>

const enterPassword = on('EnterPassword')
const withPassword = enterPassword.from('PasswordSet', 'Initialised')
const initialised = enterPassword.from('Initialised')

const deniedBecause = (reason: SignInDenial, says: string) =>
  guard(says, (_: AccountBase, { denial }: EnterPassword) => denial === reason)
const beforeLaunch = deniedBecause('before-launch', '2FA is not launched yet')
const userAtDms = deniedBecause('users-do-not-enter-dms', 'it is DMS, and a user')
const administratorAtTerminal = deniedBecause('administrators-enter-dms-only', 'it is the terminal, and a DA')
const withoutGroup = deniedBecause(
  'administrator-without-business-group',
  'it is the terminal, and a DA without a business user group',
)
const wrongPassword = guard(
  'the password is wrong',
  (_: AccountBase, { passwordMatches: correct }: EnterPassword) => !correct,
  ['passwordMatches'],
)
const lastPassword = guard(
  'it is the last failed sign-in allowed',
  ({ failedAttempts: attempts }: AccountBase, _: { readonly at: Instant }, policy) =>
    reachesLockout(withWrongPassword(attempts), policy),
)
const expired = guard(
  'the password has expired',
  ({ password }: InitialisedAccount, { at }: EnterPassword, policy) =>
    passwordExpiry({ changedAt: password.changedAt, now: at }, policy).status === 'expired',
)
const lapsed = guard(
  'the password has expired because no channel was set up',
  ({ password: { changedAt } }: PasswordSetAccount, { at }: EnterPassword, policy) =>
    !(at < changedAt + policy.enrolment.passwordLapsesAfterDays * DAY) ||
    passwordExpiry({ changedAt, now: at }, policy).status === 'expired',
)
const newDeviceByPassword = guard(
  'a change of device is pending, and only the password proves it',
  ({ deviceChangePending: deviceChange }: InitialisedAccount, _: EnterPassword, policy) =>
    deviceChange && policy.deviceChange.verifiedBy === 'password',
)
const usesApp = guard(
  'the channel is the mobile app',
  ({ channel }: InitialisedAccount) => channel.kind === 'MobileApp',
)
const noEmail = guard('no email is registered', ({ email }: AccountBase) => email === undefined)

const rejected = (
  at: Instant,
  through: AccountEventOf<'PasswordRejected'>['via'],
): AccountEventOf<'PasswordRejected'> => ({
  type: 'PasswordRejected',
  at,
  rule: 'LOCK-01',
  via: through,
})

type Opening =
  | { readonly awaits: 'sign-in-code' }
  | { readonly awaits: 'enrolment' }
  | { readonly awaits: 'expired-password-change' }

/** A correct password opens a challenge. */
const accepted =
  (awaits: Opening['awaits'], rule: AccountEvent['rule']) =>
  (account: AccountBase, command: EnterPassword, policy: Policy): readonly AccountEvent[] => {
    const { at, system } = command
    const common = { id: command.challenge, expiresAt: challengeExpiry(at, policy) }
    const challenge: Challenge =
      awaits === 'sign-in-code'
        ? { ...common, awaits, system, consentedAt: at, failedAttempts: 0 }
        : { ...common, awaits }
    return [
      ...supersededChallenges(account, awaits, at, policy),
      { type: 'PasswordAccepted', at, rule, system, challenge },
    ]
  }

const enterPasswordRows: readonly Row[] = [
  ...deniedRows('EnterPassword'),
  enterPassword
    .from(...activeStages)
    .when(userAtDms)
    .refuse('users-do-not-enter-dms', 'ACC-13'),
  enterPassword
    .from(...activeStages)
    .when(administratorAtTerminal)
    .refuse('administrators-enter-dms-only', 'ACC-13'),
  enterPassword
    .from(...activeStages)
    .when(withoutGroup)
    .refuse('administrator-without-business-group', 'ACC-13'),
  enterPassword
    .from(...activeStages)
    .when(beforeLaunch)
    .refuse('before-launch', 'MIG-03'),
  enterPassword.from('Registered').refuse('no-password-set', 'LOCK-13'),
  enterPassword.from('PasswordSet').when(lapsed).refuse('password-lapsed', 'ACC-18'),
  withPassword
    .when(wrongPassword)
    .when(lastPassword)
    .emit(['PasswordRejected', 'Locked'], 'Locked', 'LOCK-01', (_, { at, system }, policy) => [
      rejected(at, system),
      lockedAt(at, policy),
    ]),
  withPassword
    .when(wrongPassword)
    .emit(['PasswordRejected'], 'same', 'LOCK-01', (_, { at, system }) => [rejected(at, system)]),
  initialised
    .when(expired)
    .emit(
      ['ChallengeEnded?', 'PasswordAccepted'],
      'same',
      'PW-11',
      accepted('expired-password-change', 'PW-11'),
    ),
  enterPassword.from('PasswordSet').when(noEmail).refuse('no-registered-email', 'ACC-02'),
  enterPassword
    .from('PasswordSet')
    .emit(['ChallengeEnded?', 'PasswordAccepted'], 'same', 'ACC-01', accepted('enrolment', 'ACC-01')),
  initialised
    .when(newDeviceByPassword)
    .emit(['ChallengeEnded?', 'PasswordAccepted'], 'same', 'OTP-08', accepted('enrolment', 'OTP-08')),
  initialised
    .when(usesApp)
    .emit(['ChallengeEnded?', 'PasswordAccepted'], 'same', 'OTP-01', accepted('sign-in-code', 'OTP-01')),
  initialised.when(noEmail).refuse('no-registered-email', 'ACC-02'),
  initialised.when(tooManyCodes('sign-in')).refuse('too-many-codes', 'OTP-07'),
  initialised.emit(
    ['ChallengeEnded?', 'PasswordAccepted', 'CodeIssued'],
    'same',
    'OTP-01',
    (account, command, policy) => [
      ...accepted('sign-in-code', 'OTP-01')(account, command, policy),
      codeIssued(account, 'sign-in', command.code, command.at, policy),
    ],
    ['code'],
  ),
]

const enterSignInCode = on('EnterSignInCode').from('Initialised')

const rightCode = guard(
  'the code is right and fresh',
  (account: InitialisedAccount, command: EnterSignInCode) => signInCodeFault(account, command) === undefined,
  ['fact'],
)
const newDevice = guard(
  'a change of device is pending',
  ({ deviceChangePending: deviceChange }: InitialisedAccount) => deviceChange,
)
const lastCode = guard(
  'it completes the last failed sign-in allowed',
  ({ failedAttempts: attempts }: InitialisedAccount, _: EnterSignInCode, policy) =>
    reachesLockout(withWrongOtp(attempts), policy),
)
const lastAttemptOfChallenge = guard(
  'it is the third wrong code',
  (account: InitialisedAccount, { challenge }: EnterSignInCode, policy) =>
    completesFailedSignIn(withWrongOtp(account.failedAttempts), policy) ||
    (findChallenge(account, challenge, 'sign-in-code')?.failedAttempts ?? 0) + 1 >=
      policy.lockout.otpFailuresPerFailedSignIn,
)

const codeRejected = (
  account: InitialisedAccount,
  command: EnterSignInCode,
): AccountEventOf<'SignInCodeRejected'> => {
  const why = signInCodeFault(account, command) ?? 'wrong'
  const rule = { wrong: 'LOCK-02', replayed: 'OTP-05', outdated: 'OTP-06' } as const
  return {
    type: 'SignInCodeRejected',
    at: command.at,
    rule: rule[why],
    challenge: command.challenge,
    reason: why,
  }
}

const stepOf = ({ fact }: EnterSignInCode) => (fact?.kind === 'MobileApp' ? fact.step : undefined)

const enterSignInCodeRows: readonly Row[] = [
  ...deniedRows('EnterSignInCode'),
  ...challengeNotOpenRows('EnterSignInCode', 'sign-in-code'),
  enterSignInCode.when(fromFuture('sign-in')).refuse('instant-from-the-future', 'API-03'),
  enterSignInCode
    .when(rightCode)
    .when(newDevice)
    .emit(['ChallengeEnded?', 'DeviceChangeVerified'], 'same', 'OTP-10', (account, command, policy) => [
      ...supersededChallenges(account, 'enrolment', command.at, policy),
      {
        type: 'DeviceChangeVerified',
        at: command.at,
        rule: 'OTP-10',
        challenge: command.challenge,
        step: stepOf(command) ?? 0,
        opens: {
          id: command.challenge,
          expiresAt:
            findChallenge(account, command.challenge, 'sign-in-code')?.expiresAt ??
            challengeExpiry(command.at, policy),
          awaits: 'enrolment',
        },
      },
    ]),
  enterSignInCode
    .when(rightCode)
    .emit(['SessionsEnded?', 'SignInCompleted'], 'same', 'LOCK-03', (account, command, policy) => {
      const challenge = findChallenge(account, command.challenge, 'sign-in-code')
      const step = stepOf(command)
      if (challenge === undefined) return []
      return [
        ...supersededSessions(account, command.at, policy),
        {
          type: 'SignInCompleted',
          at: command.at,
          rule: 'LOCK-03',
          challenge: challenge.id,
          expiresAt: sessionExpiry(command.at, policy),
          system: challenge.system,
          channel: account.channel.kind,
          consentedAt: challenge.consentedAt,
          ...(step === undefined ? {} : { step }),
        },
      ]
    }),
  enterSignInCode
    .when(lastCode)
    .emit(['SignInCodeRejected', 'Locked'], 'Locked', 'LOCK-04', (account, command, policy) => [
      codeRejected(account, command),
      lockedAt(command.at, policy),
    ]),
  enterSignInCode
    .when(lastAttemptOfChallenge)
    .emit(['SignInCodeRejected', 'ChallengeEnded'], 'same', 'LOCK-05', (account, command) => [
      codeRejected(account, command),
      {
        type: 'ChallengeEnded',
        at: command.at,
        rule: 'LOCK-05',
        challenge: command.challenge,
        reason: 'too-many-attempts',
      },
    ]),
  enterSignInCode.emit(['SignInCodeRejected'], 'same', 'LOCK-02', (account, command) => [
    codeRejected(account, command),
  ]),
]

const resend = on('ResendSignInCode').from('Initialised')

const resendRows: readonly Row[] = [
  ...deniedRows('ResendSignInCode'),
  ...challengeNotOpenRows('ResendSignInCode', 'sign-in-code'),
  resend.when(usesApp).refuse('mobile-app-user', 'OTP-03'),
  resend.when(noEmail).refuse('no-registered-email', 'ACC-02'),
  resend.when(tooManyCodes('sign-in')).refuse('too-many-codes', 'OTP-07'),
  resend.emit(
    ['CodeIssued'],
    'same',
    'OTP-07',
    (account, { at, code }, policy) => [codeIssued(account, 'sign-in', code, at, policy)],
    ['code'],
  ),
]

const cancel = on('CancelChallenge')

const cancelRows: readonly Row[] = [
  cancel.from('Unknown', 'Deleted', 'Locked').refuse('no-such-challenge', 'OTP-11'),
  // Challenges of Forgot/Reset are excluded: whether one is open would reveal whether the account was sent a
  // code (LOCK-16).
  ...challengeNotOpenRows('CancelChallenge', 'sign-in-code', 'enrolment', 'expired-password-change'),
  cancel
    .from('PasswordSet', 'Initialised')
    .emit(['ChallengeEnded'], 'same', 'LOCK-06', (_, { at, challenge }) => [
      { type: 'ChallengeEnded', at, rule: 'LOCK-06', challenge, reason: 'cancelled' },
    ]),
]

const replaceHash = on('ReplacePasswordHash')
const stillPresent = guard(
  'the password is still the one that was hashed',
  (
    { password }: PasswordSetAccount | InitialisedAccount,
    { former }: AccountCommandOf<'ReplacePasswordHash'>,
  ) => password.credential === former,
)

const replaceHashRows: readonly Row[] = [
  replaceHash
    .from('PasswordSet', 'Initialised')
    .when(stillPresent)
    .emit(
      ['PasswordRehashed'],
      'same',
      'PW-15',
      (_, { at, credential }) => [{ type: 'PasswordRehashed', at, rule: 'PW-15', credential }],
      ['credential'],
    ),
  replaceHash
    .from('Unknown', 'Registered', 'PasswordSet', 'Initialised', 'Locked', 'Deleted')
    .emit([], 'same', 'PW-15', () => []),
]

/** The transitions from the sign-in page to a completed sign-in. */
export const signInRows: readonly Row[] = [
  ...enterPasswordRows,
  ...enterSignInCodeRows,
  ...resendRows,
  ...cancelRows,
  ...replaceHashRows,
]
