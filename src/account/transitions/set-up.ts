import type { CommandOf } from '../commands.ts'
import type { AccountEvent, EventOf } from '../events.ts'
import type { Challenge, Holder, Initialised } from '../state.ts'
import { guard, on, type Row } from '../table.ts'
import {
  challengeExpiry,
  challengeNotOpen,
  codeIssued,
  findChallenge,
  isGoodEmailCode,
  makeRoom,
  setUpCodeRejected,
  tooManyCodes,
  tooManySetUpMisses,
  turnedAway,
  usable,
} from './common.ts'

const noEmail = guard('no email is registered', ({ email }: Holder) => email === undefined)
const usesEmail = guard('the channel is email', ({ channel }: Initialised) => channel.kind === 'Email')

const request = on('RequestPasswordCode')

const beforeLaunch = guard(
  '2FA is not launched yet',
  (_: Holder, { shut }: CommandOf<'RequestPasswordCode'>) => shut === 'before-launch',
)

const requestRows: readonly Row[] = [
  ...turnedAway('RequestPasswordCode'),
  request
    .from(...usable)
    .when(beforeLaunch)
    .refuse('before-launch', 'MIG-07'),
  request
    .from(...usable)
    .when(noEmail)
    .refuse('no-registered-email', 'ACC-02'),
  // With the email both factors would be given: an email user's password is reset by others (MNT-03).
  request.from('Initialised').when(usesEmail).refuse('email-otp-user', 'ACC-09'),
  request
    .from(...usable)
    .when(tooManySetUpMisses('password'))
    .refuse('too-many-set-up-misses', 'LOCK-10'),
  request
    .from(...usable)
    .when(tooManyCodes('password'))
    .refuse('too-many-codes', 'OTP-07'),
  request
    .from(...usable)
    .give(
      ['ChallengeEnded?', 'PasswordCodeRequested', 'CodeIssued'],
      'same',
      'ACC-01',
      (account, { at, challenge: id, code }, policy) => {
        const challenge: Challenge = { id, expiresAt: challengeExpiry(at, policy), awaits: 'password-code' }
        return [
          ...makeRoom(account, 'password-code', at, policy),
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

const enterCode = on('EnterPasswordCode').from(...usable)

const rightPasswordCode = guard(
  'the code is right',
  (account: Holder, { fact, at }: CommandOf<'EnterPasswordCode'>) =>
    isGoodEmailCode(account, 'password', fact, at),
)

const enterCodeRows: readonly Row[] = [
  ...turnedAway('EnterPasswordCode'),
  ...challengeNotOpen('EnterPasswordCode', 'password-code'),
  enterCode.when(tooManySetUpMisses('password')).refuse('too-many-set-up-misses', 'LOCK-10'),
  enterCode
    .when(rightPasswordCode)
    .give(
      ['ChallengeEnded?', 'PasswordCodeAccepted'],
      'same',
      'ACC-01',
      (account, { at, challenge: id }, policy) => [
        ...makeRoom(account, 'new-password', at, policy),
        {
          type: 'PasswordCodeAccepted',
          at,
          rule: 'ACC-01',
          challenge: { id, expiresAt: challengeExpiry(at, policy), awaits: 'new-password' },
        },
      ],
    ),
  enterCode.give(['SetUpCodeRejected', 'SetUpEnded?'], 'same', 'LOCK-10', (account, { at }, policy) =>
    setUpCodeRejected(account, 'password', at, policy),
  ),
]

const setPassword = on('SetPassword')

const usedBefore = guard(
  'the password was used before',
  (_: Holder, { reused }: { readonly reused: boolean }, { password }) => password.history > 0 && reused,
)
const forExpiry = guard(
  'the challenge is that of an expired password',
  (account: Holder, { challenge }: CommandOf<'SetPassword'>) =>
    findChallenge(account, challenge, 'expired-password-change') !== undefined,
)

const passwordSet = (
  because: EventOf<'PasswordSet'>['because'],
  rule: AccountEvent['rule'],
  { at, credential }: CommandOf<'SetPassword'>,
  remember: number,
): readonly AccountEvent[] => [{ type: 'PasswordSet', at, rule, credential, because, remember }]

const setPasswordRows: readonly Row[] = [
  ...turnedAway('SetPassword'),
  ...challengeNotOpen('SetPassword', 'new-password', 'expired-password-change'),
  setPassword
    .from(...usable)
    .when(usedBefore)
    .refuse('password-used-before', 'PW-08'),
  setPassword
    .from('PasswordSet', 'Initialised')
    .when(forExpiry)
    .give(['PasswordSet'], 'same', 'PW-12', (_, command, { password }) =>
      passwordSet('expired', 'PW-12', command, password.history),
    ),
  setPassword
    .from('Registered', 'PasswordSet')
    .give(['PasswordSet'], 'PasswordSet', 'ACC-01', (_, command, { password }) =>
      passwordSet('first-login', 'ACC-01', command, password.history),
    ),
  setPassword
    .from('Initialised')
    .give(['PasswordSet'], 'same', 'ACC-10', (_, command, { password }) =>
      passwordSet('forgotten', 'ACC-10', command, password.history),
    ),
]

const choose = on('ChooseChannel').from('PasswordSet', 'Initialised')

const byEmail = guard(
  'email is chosen, and none is registered',
  ({ email }: Holder, { channel }: CommandOf<'ChooseChannel'>) => channel === 'Email' && email === undefined,
)
const byApp = guard(
  'the mobile app is chosen',
  (_: Holder, { channel }: CommandOf<'ChooseChannel'>) => channel === 'MobileApp',
)

const chosen = ({ at, challenge: id, channel, credential }: CommandOf<'ChooseChannel'>, expiresAt: number) =>
  ({
    type: 'ChannelChosen',
    at,
    rule: channel === 'MobileApp' ? 'OTP-04' : 'OTP-01',
    challenge: {
      id,
      expiresAt,
      awaits: 'channel',
      chosen: channel === 'MobileApp' ? { kind: channel, credential } : { kind: channel },
    },
  }) as const

const chooseRows: readonly Row[] = [
  ...turnedAway('ChooseChannel'),
  ...challengeNotOpen('ChooseChannel', 'channel'),
  choose.when(tooManySetUpMisses('channel')).refuse('too-many-set-up-misses', 'LOCK-10'),
  choose.when(byEmail).refuse('no-registered-email', 'ACC-02'),
  choose
    .when(byApp)
    .give(['ChannelChosen'], 'same', 'OTP-04', (_, command, policy) => [
      chosen(command, challengeExpiry(command.at, policy)),
    ]),
  choose.when(tooManyCodes('channel')).refuse('too-many-codes', 'OTP-07'),
  choose.give(['ChannelChosen', 'CodeIssued'], 'same', 'OTP-01', (account, command, policy) => [
    chosen(command, challengeExpiry(command.at, policy)),
    codeIssued(account, 'channel', command.credential, command.at, policy),
  ]),
  on('ChooseChannel').from('Registered').refuse('no-such-challenge', 'OTP-11'),
]

const enterChannelCode = on('EnterChannelCode').from('PasswordSet', 'Initialised')

const nothingChosen = guard(
  'no channel is chosen yet',
  (account: Holder, { challenge }: CommandOf<'EnterChannelCode'>) =>
    findChallenge(account, challenge, 'channel')?.chosen === undefined,
)

/** The channel that the code completes; `undefined` if the code is wrong. */
const completed = (account: Holder, { at, challenge, fact }: CommandOf<'EnterChannelCode'>) => {
  const choice = findChallenge(account, challenge, 'channel')?.chosen
  if (choice?.kind === 'Email')
    return isGoodEmailCode(account, 'channel', fact, at) ? ({ kind: 'Email' } as const) : undefined
  return choice !== undefined && fact?.kind === 'MobileApp' && fact.step !== undefined
    ? ({ kind: 'MobileApp', credential: choice.credential, lastStep: fact.step } as const)
    : undefined
}

const rightChannelCode = guard(
  'the code is right',
  (account: Holder, command: CommandOf<'EnterChannelCode'>) => completed(account, command) !== undefined,
)

const enterChannelCodeRows: readonly Row[] = [
  ...turnedAway('EnterChannelCode'),
  ...challengeNotOpen('EnterChannelCode', 'channel'),
  enterChannelCode.when(nothingChosen).refuse('no-channel-chosen', 'OTP-04'),
  enterChannelCode.when(tooManySetUpMisses('channel')).refuse('too-many-set-up-misses', 'LOCK-10'),
  enterChannelCode
    .when(rightChannelCode)
    .give(['ChannelSet'], 'Initialised', 'ACC-03', (account, command) => {
      const channel = completed(account, command)
      return channel === undefined ? [] : [{ type: 'ChannelSet', at: command.at, rule: 'ACC-03', channel }]
    }),
  enterChannelCode.give(['SetUpCodeRejected', 'SetUpEnded?'], 'same', 'LOCK-10', (account, { at }, policy) =>
    setUpCodeRejected(account, 'channel', at, policy),
  ),
  on('EnterChannelCode').from('Registered').refuse('no-such-challenge', 'OTP-11'),
]

/** From an email alone to password and OTP channel, and the forgotten password's way back. */
export const setUpRows: readonly Row[] = [
  ...requestRows,
  ...enterCodeRows,
  ...setPasswordRows,
  ...chooseRows,
  ...enterChannelCodeRows,
]
