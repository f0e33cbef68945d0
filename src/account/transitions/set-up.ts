import type { AccountCommandOf } from '../commands.ts'
import type { AccountEvent, AccountEventOf } from '../events.ts'
import type { AccountBase, Challenge, InitialisedAccount } from '../state.ts'
import { guard, on, type Row } from '../table.ts'
import {
  activeStages,
  challengeExpiry,
  challengeNotOpenRows,
  codeIssued,
  deniedRows,
  enrolmentCodeRejected,
  findChallenge,
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
  // With the email both factors would be given: an email user's password is reset by others (MNT-03).
  request.from('Initialised').when(usesEmail).refuse('email-otp-user', 'ACC-09'),
  request
    .from(...activeStages)
    .when(tooManyEnrolmentAttempts('password'))
    .refuse('too-many-enrolment-attempts', 'LOCK-10'),
  request
    .from(...activeStages)
    .when(tooManyCodes('password'))
    .refuse('too-many-codes', 'OTP-07'),
  request
    .from(...activeStages)
    .emit(
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
    ),
]

const enterCode = on('EnterPasswordCode').from(...activeStages)

const rightPasswordCode = guard(
  'the code is right',
  (account: AccountBase, { fact, at }: AccountCommandOf<'EnterPasswordCode'>) =>
    isValidEmailCode(account, 'password', fact, at),
)

const enterCodeRows: readonly Row[] = [
  ...deniedRows('EnterPasswordCode'),
  ...challengeNotOpenRows('EnterPasswordCode', 'password-code'),
  enterCode.when(tooManyEnrolmentAttempts('password')).refuse('too-many-enrolment-attempts', 'LOCK-10'),
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
          challenge: { id, expiresAt: challengeExpiry(at, policy), awaits: 'new-password' },
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
  (_: AccountBase, { reused }: { readonly reused: boolean }, { password }) => password.history > 0 && reused,
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
  remember: number,
): readonly AccountEvent[] => [
  { type: 'PasswordSet', at, rule, credential, reason: because, historySize: remember },
]

const setPasswordRows: readonly Row[] = [
  ...deniedRows('SetPassword'),
  ...challengeNotOpenRows('SetPassword', 'new-password', 'expired-password-change'),
  setPassword
    .from(...activeStages)
    .when(usedBefore)
    .refuse('password-used-before', 'PW-08'),
  setPassword
    .from('PasswordSet', 'Initialised')
    .when(forExpiry)
    .emit(['PasswordSet'], 'same', 'PW-12', (_, command, { password }) =>
      passwordSet('expired', 'PW-12', command, password.history),
    ),
  setPassword
    .from('Registered', 'PasswordSet')
    .emit(['PasswordSet'], 'PasswordSet', 'ACC-01', (_, command, { password }) =>
      passwordSet('first-login', 'ACC-01', command, password.history),
    ),
  setPassword
    .from('Initialised')
    .emit(['PasswordSet'], 'same', 'ACC-10', (_, command, { password }) =>
      passwordSet('forgotten', 'ACC-10', command, password.history),
    ),
]

const choose = on('ChooseChannel').from('PasswordSet', 'Initialised')

const byEmail = guard(
  'email is chosen, and none is registered',
  ({ email }: AccountBase, { channel }: AccountCommandOf<'ChooseChannel'>) =>
    channel === 'Email' && email === undefined,
)
const byApp = guard(
  'the mobile app is chosen',
  (_: AccountBase, { channel }: AccountCommandOf<'ChooseChannel'>) => channel === 'MobileApp',
)

const chosen = (
  { at, challenge: id, channel, credential }: AccountCommandOf<'ChooseChannel'>,
  expiresAt: number,
) =>
  ({
    type: 'ChannelChosen',
    at,
    rule: channel === 'MobileApp' ? 'OTP-04' : 'OTP-01',
    challenge: {
      id,
      expiresAt,
      awaits: 'enrolment',
      chosen: channel === 'MobileApp' ? { kind: channel, credential } : { kind: channel },
    },
  }) as const

const chooseRows: readonly Row[] = [
  ...deniedRows('ChooseChannel'),
  ...challengeNotOpenRows('ChooseChannel', 'enrolment'),
  choose.when(tooManyEnrolmentAttempts('enrolment')).refuse('too-many-enrolment-attempts', 'LOCK-10'),
  choose.when(byEmail).refuse('no-registered-email', 'ACC-02'),
  choose
    .when(byApp)
    .emit(['ChannelChosen'], 'same', 'OTP-04', (_, command, policy) => [
      chosen(command, challengeExpiry(command.at, policy)),
    ]),
  choose.when(tooManyCodes('enrolment')).refuse('too-many-codes', 'OTP-07'),
  choose.emit(['ChannelChosen', 'CodeIssued'], 'same', 'OTP-01', (account, command, policy) => [
    chosen(command, challengeExpiry(command.at, policy)),
    codeIssued(account, 'enrolment', command.credential, command.at, policy),
  ]),
  on('ChooseChannel').from('Registered').refuse('no-such-challenge', 'OTP-11'),
]

const enterChannelCode = on('EnterEnrolmentCode').from('PasswordSet', 'Initialised')

const nothingChosen = guard(
  'no channel is chosen yet',
  (account: AccountBase, { challenge }: AccountCommandOf<'EnterEnrolmentCode'>) =>
    findChallenge(account, challenge, 'enrolment')?.chosen === undefined,
)

/** The channel that the code completes; `undefined` if the code is wrong. */
const completed = (account: AccountBase, { at, challenge, fact }: AccountCommandOf<'EnterEnrolmentCode'>) => {
  const choice = findChallenge(account, challenge, 'enrolment')?.chosen
  if (choice?.kind === 'Email')
    return isValidEmailCode(account, 'enrolment', fact, at) ? ({ kind: 'Email' } as const) : undefined
  return choice !== undefined && fact?.kind === 'MobileApp' && fact.step !== undefined
    ? ({ kind: 'MobileApp', credential: choice.credential, lastAcceptedStep: fact.step } as const)
    : undefined
}

const rightChannelCode = guard(
  'the code is right',
  (account: AccountBase, command: AccountCommandOf<'EnterEnrolmentCode'>) =>
    completed(account, command) !== undefined,
)

const enterChannelCodeRows: readonly Row[] = [
  ...deniedRows('EnterEnrolmentCode'),
  ...challengeNotOpenRows('EnterEnrolmentCode', 'enrolment'),
  enterChannelCode.when(nothingChosen).refuse('no-channel-chosen', 'OTP-04'),
  enterChannelCode
    .when(tooManyEnrolmentAttempts('enrolment'))
    .refuse('too-many-enrolment-attempts', 'LOCK-10'),
  enterChannelCode
    .when(rightChannelCode)
    .emit(['ChannelEnrolled'], 'Initialised', 'ACC-03', (account, command) => {
      const channel = completed(account, command)
      return channel === undefined
        ? []
        : [{ type: 'ChannelEnrolled', at: command.at, rule: 'ACC-03', channel }]
    }),
  enterChannelCode.emit(
    ['EnrolmentCodeRejected', 'EnrolmentAborted?'],
    'same',
    'LOCK-10',
    (account, { at }, policy) => enrolmentCodeRejected(account, 'enrolment', at, policy),
  ),
  on('EnterEnrolmentCode').from('Registered').refuse('no-such-challenge', 'OTP-11'),
]

/** From an email alone to password and OTP channel, and the forgotten password's way back. */
export const enrolmentRows: readonly Row[] = [
  ...requestRows,
  ...enterCodeRows,
  ...setPasswordRows,
  ...chooseRows,
  ...enterChannelCodeRows,
]
