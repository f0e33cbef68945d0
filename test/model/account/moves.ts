/** Every command of an account, with every combination of outside facts. */
import { signInDenials, smartcardDenials } from '../../../src/access-control/denials.ts'
import type { AccountCommand, AccountCommandType, CodeFact } from '../../../src/account/commands.ts'
import type { ProfileChanges } from '../../../src/account/profile.ts'
import { type Account, isExistingAccount } from '../../../src/account/state.ts'
import type { UserId } from '../../../src/identity/user-id.ts'
import type { CodePurpose } from '../../../src/otp/email-code.ts'
import { timeStepAt } from '../../../src/otp/totp.ts'
import type { Policy } from '../../../src/policy/policy.ts'
import { type Move, now } from './model.ts'

const at = now
const userId = 'B0123401' as UserId
const purposes: readonly CodePurpose[] = ['sign-in', 'password', 'enrolment']
const card = { srn: 'card', certificateExpiry: now }

/** The dates are centuries away from the clock: time passing in the model never reaches them. */
const profileChanges: readonly ProfileChanges[] = [
  {},
  { status: 'DISABLED' },
  { status: 'ENABLED' },
  { email: 'first@example.com' },
  { email: 'second@example.com' },
  { email: null },
  { enableFrom: '2900-01-01' },
  { enableFrom: null },
  { disableAfter: '1900-01-01' },
  { disableAfter: null },
  { smartcard: card },
  { smartcard: null },
]

const codeFacts = (policy: Policy, present: number): readonly (CodeFact | undefined)[] => {
  const steps: (number | undefined)[] = [undefined]
  for (let n = -policy.totp.windowSteps; n <= policy.totp.windowSteps; n++) steps.push(present + n)
  return [
    undefined,
    { kind: 'Email', matches: true },
    { kind: 'Email', matches: false },
    ...steps.map((step) => ({ kind: 'MobileApp', step }) as const),
  ]
}

type Makers = {
  readonly [T in AccountCommandType]: (account: Account, policy: Policy) => readonly AccountCommand[]
}

const both = [true, false] as const
const challengesOf = (account: Account) =>
  isExistingAccount(account) ? [...account.challenges.map(({ id }) => id), 'unknown'] : ['unknown']
const sessionsOf = (account: Account) =>
  isExistingAccount(account) ? [...account.sessions.map(({ id }) => id), 'unknown'] : ['unknown']
const signInOutcomes = [undefined, ...signInDenials]
const smartcardOutcomes = [undefined, ...smartcardDenials]

const inSession = (account: Account) => [
  ...sessionsOf(account).map((session) => ({ at, sessionEpoch: 0, session })),
  { at, sessionEpoch: 0 },
  { at, sessionEpoch: -1 },
]

/** A session of either kind, with its sign-in page allowed or denied for each reason. */
const inAnySession = (account: Account) =>
  inSession(account).flatMap((session) => [
    session,
    { ...session, bySmartcard: true },
    ...signInDenials.map((denial) => ({ ...session, denial })),
  ])

const withFacts =
  <T extends 'EnterSignInCode' | 'EnterPasswordCode' | 'EnterEnrolmentCode'>(type: T) =>
  (account: Account, policy: Policy) =>
    challengesOf(account).flatMap((challenge) =>
      codeFacts(policy, timeStepAt(now, policy)).map((fact) => ({ type, at, challenge, fact })),
    )

const makers: Makers = {
  Register: () => [
    { type: 'Register', at, userId, role: 'User', email: 'first@example.com' },
    { type: 'Register', at, userId, role: 'User' },
    { type: 'Register', at, userId, role: 'User', enableFrom: '2900-01-01', disableAfter: '1900-01-01' },
  ],
  ChangeProfile: () => profileChanges.map((changes) => ({ type: 'ChangeProfile', at, changes })),
  Unlock: () => [{ type: 'Unlock', at }],
  Delete: () => [{ type: 'Delete', at }],
  EnterPassword: () =>
    both.flatMap((passwordMatches) =>
      signInOutcomes.map((denial) => ({
        ...{ type: 'EnterPassword', at, passwordMatches, denial, system: 'CCASS/CCMS' },
        ...{ challenge: 'new', code: 'new-code' },
      })),
    ) as readonly AccountCommand[],
  ReplacePasswordHash: () => [
    { type: 'ReplacePasswordHash', at, former: 'present', credential: 'new-password' },
    { type: 'ReplacePasswordHash', at, former: 'former', credential: 'new-password' },
  ],
  EnterSignInCode: withFacts('EnterSignInCode'),
  ResendSignInCode: (account) =>
    challengesOf(account).map((challenge) => ({ type: 'ResendSignInCode', at, challenge, code: 'new-code' })),
  CancelChallenge: (account) =>
    challengesOf(account).map((challenge) => ({ type: 'CancelChallenge', at, challenge })),
  ReportUndelivered: () =>
    purposes.flatMap((purpose) =>
      [`code-${purpose}`, 'unknown'].map(
        (code) => ({ type: 'ReportUndelivered', at, purpose, code }) as const,
      ),
    ),
  RequestPasswordCode: () =>
    signInOutcomes.map((denial) => ({
      ...{ type: 'RequestPasswordCode', at, denial },
      ...{ challenge: 'new', code: 'new-code' },
    })) as readonly AccountCommand[],
  EnterPasswordCode: withFacts('EnterPasswordCode'),
  SetPassword: (account) =>
    challengesOf(account).flatMap((challenge) =>
      both.map(
        (reused) => ({ type: 'SetPassword', at, challenge, credential: 'new-password', reused }) as const,
      ),
    ),
  ChooseChannel: (account) =>
    challengesOf(account).flatMap((challenge) =>
      (['MobileApp', 'Email'] as const).map(
        (channel) => ({ type: 'ChooseChannel', at, challenge, channel, credential: 'new-device' }) as const,
      ),
    ),
  EnterEnrolmentCode: withFacts('EnterEnrolmentCode'),
  ChangePassword: (account) =>
    inAnySession(account).flatMap((session) =>
      both.flatMap((passwordMatches) =>
        both.map(
          (reused) =>
            ({
              ...({ type: 'ChangePassword', ...session, passwordMatches, reused } as const),
              credential: 'new-password',
            }) as const,
        ),
      ),
    ),
  RequestDeviceChange: (account) =>
    inAnySession(account).map((session) => ({ type: 'RequestDeviceChange', ...session }) as const),
  CheckSession: (account) =>
    inAnySession(account).map((session) => ({ type: 'CheckSession', ...session }) as const),
  EndSessions: (account) => [
    { type: 'EndSessions', at, reason: 'signed-out' },
    ...sessionsOf(account).flatMap(
      (session) =>
        [
          { type: 'EndSessions', at, reason: 'signed-out', session },
          { type: 'EndSessions', at, reason: 'ended-by-holder', except: session },
        ] as const,
    ),
  ],
  SignInWithSmartcard: () =>
    smartcardOutcomes.flatMap((denial) =>
      [undefined, 'card', 'another-card'].map(
        (srn) =>
          ({
            ...{ type: 'SignInWithSmartcard', at, denial, srn, system: 'CCASS/CCMS' },
            ...{ site: 'primary', session: 'new-session' },
          }) as const,
      ),
    ),
  CheckSmartcardSession: (account) =>
    inSession(account).flatMap((session) => [
      { type: 'CheckSmartcardSession', ...session } as const,
      { type: 'CheckSmartcardSession', ...session, srn: 'another-card' } as const,
      ...smartcardDenials.map((denial) => ({ type: 'CheckSmartcardSession', ...session, denial }) as const),
    ]),
  DecommissionSmartcard: () => [{ type: 'DecommissionSmartcard', at }],
}

/** The commands and time spans of an exploration. */
export interface Alphabet {
  readonly commands: readonly AccountCommandType[]
  /** Time spans that can pass, in seconds; negative: the clock goes back once. */
  readonly waits: readonly number[]
  /** The profile changes; default: all. */
  readonly changes?: (changes: ProfileChanges) => boolean
}

/** Every move in a state. */
export const movesOf = (
  account: Account,
  { commands, waits, changes = () => true }: Alphabet,
  policy: Policy,
): readonly Move[] => [
  ...waits.map((seconds) => ({ type: 'Wait', seconds }) as const),
  ...commands.flatMap((type) =>
    makers[type](account, policy).filter(
      (command) => command.type !== 'ChangeProfile' || changes(command.changes),
    ),
  ),
]

/** The text of a move in a path: its name and its facts. */
export const nameOf = (move: Move): string => {
  const { type, ...facts } = move
  const said = Object.entries(facts)
    .filter(([name, value]) => name !== 'at' && name !== 'sessionEpoch' && value !== undefined)
    .map(([name, value]) => `${name} ${JSON.stringify(value)}`)
  return said.length === 0 ? type : `${type} (${said.join(', ')})`
}
