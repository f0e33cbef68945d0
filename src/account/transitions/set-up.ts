import { totpParameters } from '../../otp/totp.ts'
import type { Policy } from '../../policy/policy.ts'
import { challengeExpiry, findChallenge } from '../challenges.ts'
import type { AccountCommandOf } from '../commands.ts'
import type { AccountEvent, AccountEventOf } from '../events.ts'
import type { AccountBase, Challenge, InitialisedAccount } from '../state.ts'
import { guard, on, type Row } from '../table.ts'
import {
  activeStages,
  challengeNotOpenRows,
  codeIssued,
  deniedRows,
  enrolmentCodeRejected,
  fromFuture,
  isValidEmailCode,
  supersededChallenges,
  tooManyCodes,
  tooManyEnrolmentAttempts,
} from './common.ts'

const noEmail = guard('no email is registered', ({ email }: AccountBase) => email === undefined)
const usesEmail = guard('the channel is email', ({ channel }: InitialisedAccount) => channel.kind === 'Email')

const request = on('RequestPasswordCode')

const beforeLaunch = guard(
  '2FA is not launched yet',
  (_: AccountBase, { denial }: AccountCommandOf<'RequestPasswordCode'>) => denial === 'before-launch',
)

const requestRows: readonly Row[] = [
  ...deniedRows('RequestPasswordCode'),
  request
    .from(...activeStages)
    .when(beforeLaunch)
    .refuse('before-launch', 'MIG-07'),
  request
    .from(...activeStages)
    .when(noEmail)
    .refuse('no-registered-email', 'ACC-02'),
  // The mailbox alone would then give both factors, so administrators must reset an email user's password
  // (MNT-03).
  request.from('Initialised').when(usesEmail).refuse('email-otp-user', 'ACC-09'),
  request
    .from(...activeStages)
    .when(tooManyEnrolmentAttempts('password'))
    .refuse('too-many-enrolment-attempts', 'LOCK-10'),
  request
    .from(...activeStages)
    .when(tooManyCodes('password'))
    .refuse('too-many-codes', 'OTP-07'),
  request.from(...activeStages).emit(
    ['ChallengeEnded?', 'PasswordCodeRequested', 'CodeIssued'],
    'same',
    'ACC-01',
    (account, { at, challenge: id, code }, policy) => {
      const challenge: Challenge = { id, expiresAt: challengeExpiry(at, policy), awaits: 'password-code' }
      return [
        ...supersededChallenges(account, 'password-code', at, policy),
        {
          type: 'PasswordCodeRequested',
          at,
          rule: account.stage === 'Initialised' ? 'ACC-09' : 'ACC-01',
          challenge,
        },
        codeIssued(account, 'password', code, at, policy),
      ]
    },
    ['code'],
  ),
]

const enterCode = on('EnterPasswordCode').from(...activeStages)

const rightPasswordCode = guard(
  'the code is right',
  (account: AccountBase, { fact, at }: AccountCommandOf<'EnterPasswordCode'>) =>
    isValidEmailCode(account, 'password', fact, at),
  ['fact'],
)

const enterCodeRows: readonly Row[] = [
  ...deniedRows('EnterPasswordCode'),
  ...challengeNotOpenRows('EnterPasswordCode', 'password-code'),
  enterCode.when(fromFuture('password')).refuse('instant-from-the-future', 'API-03'),
  enterCode
    .when(rightPasswordCode)
    .emit(
      ['ChallengeEnded?', 'PasswordCodeAccepted'],
      'same',
      'ACC-01',
      (account, { at, challenge: id }, policy) => [
        ...supersededChallenges(account, 'new-password', at, policy),
        {
          type: 'PasswordCodeAccepted',
          at,
          rule: 'ACC-01',
          challenge: {
            id,
            expiresAt: findChallenge(account, id, 'password-code')?.expiresAt ?? challengeExpiry(at, policy),
            awaits: 'new-password',
          },
        },
      ],
    ),
  enterCode.emit(
    ['EnrolmentCodeRejected', 'EnrolmentAborted?'],
    'same',
    'LOCK-10',
    (account, { at }, policy) => enrolmentCodeRejected(account, 'password', at, policy),
  ),
]

const setPassword = on('SetPassword')

const usedBefore = guard(
  'the password was used before',
  (_: AccountBase, { reused }: { readonly reused: boolean }) => reused,
  ['reused'],
)
const forExpiry = guard(
  'the challenge is that of an expired password',
  (account: AccountBase, { challenge }: AccountCommandOf<'SetPassword'>) =>
    findChallenge(account, challenge, 'expired-password-change') !== undefined,
)

const passwordSet = (
  because: AccountEventOf<'PasswordSet'>['reason'],
  rule: AccountEvent['rule'],
  { at, credential }: AccountCommandOf<'SetPassword'>,
  { password: { history }, session }: Policy,
): readonly AccountEvent[] => {
  // A forgotten password may be known to others. A first sign-in's password has opened no session.
  const ends = { 'first-sign-in': false, forgotten: true, expired: session.endOnOwnChange, voluntary: false }
  return [
    {
      ...{ type: 'PasswordSet', at, rule, credential, reason: because, historySize: history },
      ends: ends[because] ? 'all' : 'none',
    },
  ]
}

const setPasswordRows: readonly Row[] = [
  ...deniedRows('SetPassword'),
  ...challengeNotOpenRows('SetPassword', 'new-password', 'expired-password-change'),
  setPassword
    .from(...activeStages)
    .when(usedBefore)
    .refuse('password-used-before', 'PW-17'),
  setPassword
    .from('Initialised')
    .when(forExpiry)
    .emit(
      ['PasswordSet'],
      'same',
      'PW-12',
      (_, command, policy) => passwordSet('expired', 'PW-12', command, policy),
      ['credential'],
    ),
  setPassword
    .from('Registered', 'PasswordSet')
    .emit(
      ['PasswordSet'],
      'PasswordSet',
      'ACC-01',
      (_, command, policy) => passwordSet('first-sign-in', 'ACC-01', command, policy),
      ['credential'],
    ),
  setPassword
    .from('Initialised')
    .emit(
      ['PasswordSet'],
      'same',
      'ACC-10',
      (_, command, policy) => passwordSet('forgotten', 'ACC-10', command, policy),
      ['credential'],
    ),
]

const choose = on('ChooseChannel').from('PasswordSet', 'Initialised')

const byApp = guard(
  'the mobile app is chosen',
  (_: AccountBase, { channel }: AccountCommandOf<'ChooseChannel'>) => channel === 'MobileApp',
)

const chosen = (
  account: AccountBase,
  { at, challenge: id, channel, credential }: AccountCommandOf<'ChooseChannel'>,
  policy: Policy,
) =>
  ({
    type: 'ChannelChosen',
    at,
    rule: channel === 'MobileApp' ? 'OTP-04' : 'OTP-01',
    challenge: {
      id,
      // A challenge keeps its first expiry when the channel is chosen again (OTP-11).
      expiresAt: findChallenge(account, id, 'enrolment')?.expiresAt ?? challengeExpiry(at, policy),
      awaits: 'enrolment',
      chosen:
        channel === 'MobileApp'
          ? { kind: channel, credential, totp: totpParameters(policy) }
          : { kind: channel },
    },
  }) as const

const chooseRows: readonly Row[] = [
  ...deniedRows('ChooseChannel'),
  ...challengeNotOpenRows('ChooseChannel', 'enrolment'),
  choose.when(tooManyEnrolmentAttempts('enrolment')).refuse('too-many-enrolment-attempts', 'LOCK-10'),
  choose.when(noEmail).refuse('no-registered-email', 'ACC-02'),
  choose
    .when(byApp)
    .emit(
      ['ChannelChosen'],
      'same',
      'OTP-04',
      (account, command, policy) => [chosen(account, command, policy)],
      ['credential'],
    ),
  choose.when(tooManyCodes('enrolment')).refuse('too-many-codes', 'OTP-07'),
  choose.emit(
    ['ChannelChosen', 'CodeIssued'],
    'same',
    'OTP-01',
    (account, command, policy) => [
      chosen(account, command, policy),
      codeIssued(account, 'enrolment', command.credential, command.at, policy),
    ],
    ['credential'],
  ),
]

const enterChannelCode = on('EnterEnrolmentCode').from('PasswordSet', 'Initialised')

const nothingChosen = guard(
  'no channel is chosen yet',
  (account: AccountBase, { challenge }: AccountCommandOf<'EnterEnrolmentCode'>) =>
    findChallenge(account, challenge, 'enrolment')?.chosen === undefined,
)

/** The channel that a code completes; `undefined` if the code is wrong. */
const completed = (account: AccountBase, { at, challenge, fact }: AccountCommandOf<'EnterEnrolmentCode'>) => {
  const choice = findChallenge(account, challenge, 'enrolment')?.chosen
  if (choice?.kind === 'Email')
    return isValidEmailCode(account, 'enrolment', fact, at) ? ({ kind: 'Email' } as const) : undefined
  return choice !== undefined && fact?.kind === 'MobileApp' && fact.step !== undefined
    ? ({
        kind: 'MobileApp',
        credential: choice.credential,
        lastAcceptedStep: fact.step,
        totp: choice.totp,
      } as const)
    : undefined
}

const rightChannelCode = guard(
  'the code is right',
  (account: AccountBase, command: AccountCommandOf<'EnterEnrolmentCode'>) =>
    completed(account, command) !== undefined,
  ['fact'],
)

const enterChannelCodeRows: readonly Row[] = [
  ...deniedRows('EnterEnrolmentCode'),
  ...challengeNotOpenRows('EnterEnrolmentCode', 'enrolment'),
  enterChannelCode.when(nothingChosen).refuse('no-channel-chosen', 'OTP-04'),
  enterChannelCode.when(noEmail).refuse('no-registered-email', 'ACC-02'),
  enterChannelCode.when(fromFuture('enrolment')).refuse('instant-from-the-future', 'API-03'),
  enterChannelCode
    .when(rightChannelCode)
    .emit(['ChannelEnrolled'], 'Initialised', 'ACC-03', (account, command, policy) => {
      const channel = completed(account, command)
      const endsSessions = account.stage === 'Initialised' && policy.session.endOnOwnChange
      return channel === undefined
        ? []
        : [{ type: 'ChannelEnrolled', at: command.at, rule: 'ACC-03', channel, endsSessions }]
    }),
  enterChannelCode.emit(
    ['EnrolmentCodeRejected', 'EnrolmentAborted?'],
    'same',
    'LOCK-10',
    (account, { at }, policy) => enrolmentCodeRejected(account, 'enrolment', at, policy),
  ),
]

/**
 * The transitions of the set-up, from a registered email to password and OTP channel, and of Forgot/Reset.
 */
export const enrolmentRows: readonly Row[] = [
  ...requestRows,
  ...enterCodeRows,
  ...setPasswordRows,
  ...chooseRows,
  ...enterChannelCodeRows,
]
