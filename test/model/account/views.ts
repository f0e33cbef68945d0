/** The reduced policies and sets of commands with which the account's machine is explored. */
import { type AccountCommandType, accountCommandTypes, type CodeFact } from '../../../src/account/commands.ts'
import type { ProfileChanges } from '../../../src/account/profile.ts'
import type { OtpChannel } from '../../../src/identity/otp-channel.ts'
import type { UserId } from '../../../src/identity/user-id.ts'
import { timeStepAt } from '../../../src/otp/totp.ts'
import { defaultPolicy, type Policy } from '../../../src/policy/policy.ts'
import { type Move, now } from './model.ts'
import type { Alphabet } from './moves.ts'

/** One exploration: its subject, commands and policy. */
export interface View {
  readonly name: string
  /** The moves that lead to its first state. Default: none. */
  readonly begins?: readonly Move[]
  readonly alphabet: Alphabet
  /** The maximum number of moves. Default: unlimited. */
  readonly depth?: number
  /** Whether expired challenges, sessions and codes are distinguished from removed ones. */
  readonly keepsExpired?: boolean
  /** Whether every account in it must have a path to a sign-in. */
  readonly isLive?: boolean
  readonly policy: Policy
}

const unlimited = { max: 1_000, perSeconds: 0 }
/** One time step; codes, challenges and sessions are valid for as long. */
const STEP = 30
/** The time until a password and everything else has expired. */
const DAY = 86_400

type Changes = { readonly [Part in keyof Policy]?: Partial<Policy[Part]> }

/** Limits so small that each is reached. Every policy value that the machine reads is set here. */
const reduced = (changes: Changes = {}): Policy => {
  const base: Policy = {
    ...defaultPolicy,
    password: { ...defaultPolicy.password, maximumAgeDays: 1, minimumAgeHours: 0, history: 0 },
    totp: { ...defaultPolicy.totp, windowSteps: 0 },
    emailCode: { ...defaultPolicy.emailCode, validSeconds: STEP, rateLimit: unlimited },
    lockout: { failedSignIns: 2, otpFailuresPerFailedSignIn: 2, blocksSmartcard: true },
    enrolment: {
      ...defaultPolicy.enrolment,
      failedAttempts: unlimited,
      attemptsPerCode: 2,
      passwordLapsesAfterDays: 1,
    },
    challenge: { validSeconds: STEP, maxOpen: 1 },
    session: { validSeconds: STEP, idleSeconds: 0, maxOpen: 1, endOnOwnChange: true },
  }
  return Object.fromEntries(
    Object.entries(base).map(([part, values]) => [
      part,
      { ...values, ...(changes as Record<string, object>)[part] },
    ]),
  ) as unknown as Policy
}

/** The outside facts of a correct code. */
const emailed: CodeFact = { kind: 'Email', matches: true }
const fromApp: CodeFact = { kind: 'MobileApp', step: timeStepAt(now, defaultPolicy) }
const at = now

/** The paths to the first state of each view; challenges are named in the order of opening. */
const registered: readonly Move[] = [
  { type: 'Register', at, userId: 'B0123401' as UserId, role: 'User', email: 'first@example.com' },
]
const withPassword: readonly Move[] = [
  ...registered,
  { type: 'RequestPasswordCode', at, challenge: 'new', code: 'new-code' },
  { type: 'EnterPasswordCode', at, challenge: 'c0', fact: emailed },
  { type: 'SetPassword', at, challenge: 'c0', credential: 'new-password', reused: false },
]
const enrolledBy = (channel: OtpChannel, fact: CodeFact): readonly Move[] => [
  ...withPassword,
  {
    ...{ type: 'EnterPassword', at, passwordMatches: true, system: 'CCASS/CCMS' },
    ...{ challenge: 'new', code: 'new-code' },
  },
  { type: 'ChooseChannel', at, challenge: 'c0', channel, credential: 'new-device' },
  { type: 'EnterEnrolmentCode', at, challenge: 'c0', fact },
  // The step of the enrolment is used up.
  { type: 'Wait', seconds: 10 * STEP },
]
const byApp = enrolledBy('MobileApp', fromApp)
const byEmail = enrolledBy('Email', emailed)

const limit = { max: 2, perSeconds: 2 * STEP }
const signIn: readonly AccountCommandType[] = ['EnterPassword', 'EnterSignInCode']
const enrolment: readonly AccountCommandType[] = ['ChooseChannel', 'EnterEnrolmentCode']
const reset: readonly AccountCommandType[] = ['RequestPasswordCode', 'EnterPasswordCode', 'SetPassword']
const otherDevice: readonly AccountCommandType[] = [...signIn, ...enrolment, 'RequestDeviceChange', 'Unlock']
const smartcard: readonly AccountCommandType[] = [
  'SignInWithSmartcard',
  'CheckSmartcardSession',
  'DecommissionSmartcard',
]
const ofCard = (changes: ProfileChanges) => 'smartcard' in changes || 'status' in changes

const stories: readonly View[] = [
  {
    name: 'from registration to the first sign-in',
    isLive: true,
    alphabet: {
      commands: ['Register', ...reset, ...signIn, ...enrolment, 'Unlock', 'Delete'],
      waits: [STEP],
    },
    policy: reduced({
      lockout: { failedSignIns: 1, otpFailuresPerFailedSignIn: 1 },
      enrolment: { attemptsPerCode: 1 },
    }),
  },
  {
    name: 'sign-in and lockout with an authenticator app, at the numbers of the rulebook',
    begins: byApp,
    alphabet: { commands: [...signIn, 'ResendSignInCode', 'CancelChallenge', 'Unlock'], waits: [STEP] },
    policy: reduced({
      lockout: defaultPolicy.lockout,
      totp: { windowSteps: 1 },
      challenge: { maxOpen: 2 },
    }),
  },
  {
    name: 'sign-in and lockout with emailed codes, and their limit',
    begins: byEmail,
    alphabet: {
      commands: [...signIn, 'ResendSignInCode', 'CancelChallenge', 'ReportUndelivered', 'Unlock'],
      waits: [STEP],
    },
    policy: reduced({
      emailCode: { rateLimit: limit },
      challenge: { validSeconds: 2 * STEP },
    }),
  },
  {
    name: 'a forgotten password, its codes and their limits',
    begins: byApp,
    alphabet: { commands: [...reset, ...signIn, 'ReportUndelivered', 'Unlock'], waits: [STEP] },
    policy: reduced({ emailCode: { rateLimit: limit }, enrolment: { failedAttempts: { ...limit, max: 3 } } }),
  },
  {
    name: 'enrolment of a channel, its codes and their limits',
    begins: withPassword,
    alphabet: {
      commands: ['EnterPassword', ...enrolment, 'CancelChallenge', 'ReportUndelivered', 'Unlock'],
      waits: [STEP],
    },
    policy: reduced({ emailCode: { rateLimit: limit }, enrolment: { failedAttempts: { ...limit, max: 3 } } }),
  },
  {
    name: 'another device, verified by the old one',
    begins: byApp,
    alphabet: { commands: otherDevice, waits: [STEP] },
    policy: reduced(),
  },
  {
    name: 'another device, verified by the password',
    begins: byApp,
    alphabet: { commands: otherDevice, waits: [STEP] },
    policy: reduced({ deviceChange: { verifiedBy: 'password' }, session: { endOnOwnChange: false } }),
  },
  {
    name: 'an expired password',
    begins: byApp,
    alphabet: {
      commands: [...signIn, 'SetPassword', 'ChangePassword', 'ReplacePasswordHash', 'CancelChallenge'],
      waits: [DAY],
    },
    policy: reduced({ password: { minimumAgeHours: 1, history: 1 }, session: { endOnOwnChange: false } }),
  },
  {
    name: 'a password without a channel',
    begins: withPassword,
    alphabet: { commands: [...reset, 'EnterPassword', 'ChangeProfile'], waits: [DAY] },
    policy: reduced(),
  },
  {
    name: 'sessions',
    begins: byApp,
    keepsExpired: true,
    alphabet: {
      commands: [...signIn, 'ChangePassword', 'CheckSession', 'EndSessions', 'RequestDeviceChange'],
      waits: [STEP],
    },
    policy: reduced({ session: { maxOpen: 2, validSeconds: 3 * STEP } }),
  },
  {
    name: 'the smartcard beside 2FA, closed by a lock',
    begins: byApp,
    alphabet: {
      commands: [...smartcard, ...signIn, 'ChangePassword', 'CheckSession', 'ChangeProfile', 'Unlock'],
      waits: [STEP],
      changes: ofCard,
    },
    policy: reduced({ session: { maxOpen: 2 } }),
  },
  {
    name: 'the smartcard beside 2FA, open through a lock',
    begins: byEmail,
    alphabet: {
      commands: [...smartcard, ...signIn, 'ChangeProfile', 'Unlock'],
      waits: [STEP],
      changes: ofCard,
    },
    policy: reduced({ lockout: { blocksSmartcard: false } }),
  },
  {
    name: 'a profile that changes, with an authenticator app',
    begins: byApp,
    alphabet: { commands: ['ChangeProfile', ...signIn, ...reset], waits: [STEP] },
    policy: reduced({ lockout: { failedSignIns: 1, otpFailuresPerFailedSignIn: 1 } }),
  },
  {
    name: 'a profile that changes, with emailed codes',
    begins: byEmail,
    alphabet: { commands: ['ChangeProfile', ...signIn, 'ResendSignInCode', 'CheckSession'], waits: [STEP] },
    policy: reduced({ lockout: { failedSignIns: 1, otpFailuresPerFailedSignIn: 1 } }),
  },
  {
    name: 'a profile that changes during enrolment',
    begins: withPassword,
    alphabet: { commands: ['ChangeProfile', 'EnterPassword', ...enrolment], waits: [STEP] },
    policy: reduced({ lockout: { failedSignIns: 1, otpFailuresPerFailedSignIn: 1 } }),
  },
  {
    name: 'a clock that goes back, with an authenticator app',
    begins: byApp,
    alphabet: { commands: [...signIn, ...reset, 'Unlock'], waits: [DAY, -DAY] },
    policy: reduced({ emailCode: { rateLimit: limit } }),
  },
  {
    name: 'a clock that goes back, with emailed codes',
    begins: byEmail,
    alphabet: { commands: [...signIn, 'ResendSignInCode', 'Unlock'], waits: [DAY, -DAY] },
    policy: reduced({ emailCode: { rateLimit: limit } }),
  },
  {
    name: 'a clock that goes back by a step during a reset, six moves deep',
    begins: byApp,
    depth: 6,
    alphabet: { commands: ['RequestPasswordCode', 'EnterPasswordCode'], waits: [STEP, -STEP] },
    policy: reduced({ challenge: { validSeconds: 2 * STEP, maxOpen: 2 } }),
  },
  {
    name: 'a clock that goes back during enrolment',
    begins: withPassword,
    alphabet: { commands: ['EnterPassword', ...enrolment, 'Unlock'], waits: [DAY, -DAY] },
    policy: reduced({ emailCode: { rateLimit: limit } }),
  },
]

/** Every command with every fact in every stage, three moves deep. */
const everyCommand: readonly View[] = Object.entries({
  nothing: [],
  'an account without a password': registered,
  'an account without a channel': withPassword,
  'an app user': byApp,
  'an email user': byEmail,
  'a locked account': [
    ...byApp,
    {
      ...{ type: 'EnterPassword', at, passwordMatches: false, system: 'CCASS/CCMS' },
      ...{ challenge: 'new', code: 'new-code' },
    } as const,
  ],
  'a deleted account': [...registered, { type: 'Delete', at } as const],
} satisfies Record<string, readonly Move[]>).map(([name, begins]) => ({
  name: `every command, three moves from ${name}`,
  begins,
  depth: 3,
  keepsExpired: true,
  alphabet: { commands: accountCommandTypes, waits: [STEP, DAY, -DAY] },
  policy: reduced({
    lockout: { failedSignIns: 1, otpFailuresPerFailedSignIn: 1 },
    enrolment: { attemptsPerCode: 1 },
  }),
}))

/** Every view of the account's machine. */
export const accountViews: readonly View[] = [...stories, ...everyCommand]
