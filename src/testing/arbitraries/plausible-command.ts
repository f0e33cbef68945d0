import type {
  AccountCommand,
  AccountCommandOf,
  AccountCommandType,
  CodeFact,
} from '../../account/commands.ts'
import type { ProfileChanges } from '../../account/profile.ts'
import {
  type Account,
  type AccountBase,
  type Challenge,
  type ChallengeId,
  type CredentialId,
  type ExistingAccount,
  isExistingAccount,
} from '../../account/state.ts'
import type { UserId } from '../../identity/user-id.ts'
import { DAY, hongKongDay, type Instant } from '../../kernel/instant.ts'
import type { CodePurpose } from '../../otp/email-code.ts'
import { type TotpParameters, timeStepAt } from '../../otp/totp.ts'
import type { Policy } from '../../policy/policy.ts'
import type { PlausibleStep } from './history-steps.ts'

/** The situation in which a step becomes a command. */
export interface Situation {
  readonly account: Account
  readonly at: Instant
  readonly policy: Policy
  /** Names that have not been used in this history yet. */
  readonly fresh: {
    readonly challenge: ChallengeId
    readonly credential: CredentialId
    readonly session: string
  }
  readonly step: PlausibleStep
}

const oneOf = <T>(items: readonly T[], pick: number): T | undefined => items[pick % items.length]

const challengesOf = (account: Account) => (isExistingAccount(account) ? account.challenges : [])

/** A challenge that awaits one of these, or else any other challenge, or a name that never existed. */
const challengeFor = ({ account, step }: Situation, ...awaits: readonly Challenge['awaits'][]) => {
  const all = challengesOf(account)
  const fitting = all.filter((challenge) => awaits.includes(challenge.awaits))
  return oneOf(fitting.length > 0 ? fitting : all, step.pick)?.id ?? 'challenge-none'
}

const hasGoodCode = ({ codes }: AccountBase, purpose: CodePurpose, at: Instant) =>
  at < (codes[purpose]?.expiresAt ?? Number.NEGATIVE_INFINITY)

const inUse = ({ status, email, enableFrom, disableAfter }: AccountBase, at: Instant) =>
  status === 'ENABLED' &&
  email !== undefined &&
  (enableFrom === undefined || hongKongDay(at) >= enableFrom) &&
  (disableAfter === undefined || hongKongDay(at) <= disableAfter)

/** The command that continues an open challenge. */
const onwards = (account: ExistingAccount, challenge: Challenge, at: Instant): AccountCommandType => {
  switch (challenge.awaits) {
    case 'sign-in-code':
      return account.stage === 'Initialised' &&
        account.channel.kind === 'Email' &&
        !hasGoodCode(account, 'sign-in', at)
        ? 'ResendSignInCode'
        : 'EnterSignInCode'
    case 'enrolment':
      return challenge.chosen === undefined ||
        (challenge.chosen.kind === 'Email' && !hasGoodCode(account, 'enrolment', at))
        ? 'ChooseChannel'
        : 'EnterEnrolmentCode'
    case 'password-code':
      return hasGoodCode(account, 'password', at) ? 'EnterPasswordCode' : 'RequestPasswordCode'
    case 'new-password':
    case 'expired-password-change':
      return 'SetPassword'
  }
}

/** A command that leads on from the account's current stage. */
const nextAct = ({ account, at, step }: Situation): AccountCommandType => {
  if (!isExistingAccount(account)) return 'Register'
  if (account.stage === 'Locked') return 'Unlock'
  if (!inUse(account, at)) return 'ChangeProfile'
  const challenge = oneOf(
    account.challenges.filter(({ expiresAt }) => at < expiresAt),
    step.pick,
  )
  if (challenge !== undefined) return onwards(account, challenge, at)
  return account.stage === 'Registered' ? 'RequestPasswordCode' : 'EnterPassword'
}

/** What verification would have found. */
const factOf = (
  situation: Situation,
  kind: CodeFact['kind'],
  lastAcceptedStep = 0,
  totp: TotpParameters = situation.policy.totp,
): CodeFact | undefined => {
  const { at, policy, step } = situation
  const right: readonly CodeFact[] = [
    kind === 'Email'
      ? { kind, matches: true }
      : { kind, step: Math.max(timeStepAt(at, { totp: { ...policy.totp, ...totp } }), lastAcceptedStep + 1) },
  ]
  const wrong: readonly (CodeFact | undefined)[] = [
    kind === 'Email' ? { kind, matches: false } : { kind, step: undefined },
    kind === 'Email' ? { kind, matches: false } : { kind, step: lastAcceptedStep },
    undefined,
    kind === 'Email' ? { kind: 'MobileApp', step: 1 } : { kind: 'Email', matches: true },
  ]
  return oneOf(step.right ? right : wrong, step.pick)
}

const loginFact = (situation: Situation) => {
  const { account } = situation
  const channel = account.stage === 'Initialised' ? account.channel : ({ kind: 'Email' } as const)
  return channel.kind === 'MobileApp'
    ? factOf(situation, channel.kind, channel.lastAcceptedStep, channel.totp)
    : factOf(situation, channel.kind)
}

const channelFact = (situation: Situation, id: ChallengeId) => {
  const challenge = challengesOf(situation.account).find((open) => open.id === id)
  const chosen = challenge?.awaits === 'enrolment' ? challenge.chosen : undefined
  return chosen?.kind === 'MobileApp'
    ? factOf(situation, chosen.kind, 0, chosen.totp)
    : factOf(situation, chosen?.kind ?? 'Email')
}

const profile = ({ at, step }: Situation): ProfileChanges => {
  const email = `holder-${step.pick % 3}@participant.example`
  const right: ProfileChanges = { email, status: 'ENABLED', enableFrom: null, disableAfter: null }
  const wrong: readonly ProfileChanges[] = [
    { status: 'DISABLED' },
    { email: null },
    { enableFrom: hongKongDay(at + DAY) },
    { disableAfter: hongKongDay(at - DAY) },
    { email: 'another@participant.example' },
  ]
  return step.right ? right : (oneOf(wrong, step.pick) ?? right)
}

const systemOf = (account: Account) =>
  isExistingAccount(account) && account.role === 'DelegatedAdministrator' ? 'DMS' : 'CCASS/CCMS'

/** The sessionEpoch of a sign-in that is still valid, or of one that is not. */
const sessionEpochFor = ({ account, step }: Situation) => {
  const sessionEpoch = isExistingAccount(account) ? account.sessionEpoch : 0
  return step.right || step.pick % 2 === 0 ? sessionEpoch : sessionEpoch - 1
}

/** An open session, one that never existed, or none, in which case only the epoch decides. */
const sessionFor = ({ account, step }: Situation) => {
  const open = isExistingAccount(account) ? account.sessions : []
  const session = oneOf(open, step.pick)?.id
  return step.pick % 3 === 0 ? {} : { session: (step.right ? session : undefined) ?? 'session-none' }
}

/** What the access table would have decided for a smartcard. */
const denialFor = ({ right, pick }: PlausibleStep) =>
  right ? {} : { denial: oneOf(['decommissioned', 'backup-centre', 'no-smartcard'] as const, pick) }

const contents: {
  readonly [T in AccountCommandType]: (situation: Situation) => Omit<AccountCommandOf<T>, 'type' | 'at'>
} = {
  Register: ({ step: { pick, right } }) => ({
    // Two well-formed User IDs.
    userId: (pick % 4 === 0 ? 'B01234X1' : 'B0123401') as UserId,
    role: pick % 4 === 0 ? 'DelegatedAdministrator' : 'User',
    ...(right ? { email: 'holder@participant.example' } : {}),
  }),
  ChangeProfile: (situation) => ({ changes: profile(situation) }),
  Unlock: () => ({}),
  Delete: () => ({}),
  EnterPassword: ({ account, fresh, step: { right } }) => ({
    passwordMatches: right,
    system: systemOf(account),
    challenge: fresh.challenge,
    code: fresh.credential,
  }),
  ReplacePasswordHash: ({ account, fresh, step: { right } }) => ({
    former: right && 'password' in account ? account.password.credential : 'credential-none',
    credential: fresh.credential,
  }),
  EnterSignInCode: (situation) => ({
    challenge: challengeFor(situation, 'sign-in-code'),
    fact: loginFact(situation),
  }),
  ResendSignInCode: (situation) => ({
    challenge: challengeFor(situation, 'sign-in-code'),
    code: situation.fresh.credential,
  }),
  CancelChallenge: (situation) => ({ challenge: challengeFor(situation) }),
  ReportUndelivered: ({ account, step: { right, pick } }) => {
    const codes = isExistingAccount(account) ? account.codes : {}
    const purposes = (['sign-in', 'password', 'enrolment'] as const).filter(
      (each) => codes[each] !== undefined,
    )
    const purpose = oneOf(purposes, pick) ?? 'sign-in'
    return { purpose, code: (right ? codes[purpose]?.credential : undefined) ?? 'credential-none' }
  },
  RequestPasswordCode: ({ fresh }) => ({ challenge: fresh.challenge, code: fresh.credential }),
  EnterPasswordCode: (situation) => ({
    challenge: challengeFor(situation, 'password-code'),
    fact: factOf(situation, 'Email'),
  }),
  SetPassword: (situation) => ({
    challenge: challengeFor(situation, 'new-password', 'expired-password-change'),
    credential: situation.fresh.credential,
    reused: !situation.step.right,
  }),
  ChooseChannel: (situation) => ({
    challenge: challengeFor(situation, 'enrolment'),
    channel: situation.step.pick % 2 === 0 ? 'MobileApp' : 'Email',
    credential: situation.fresh.credential,
  }),
  EnterEnrolmentCode: (situation) => {
    const challenge = challengeFor(situation, 'enrolment')
    return { challenge, fact: channelFact(situation, challenge) }
  },
  ChangePassword: (situation) => ({
    sessionEpoch: sessionEpochFor(situation),
    ...sessionFor(situation),
    passwordMatches: situation.step.right,
    credential: situation.fresh.credential,
    reused: situation.step.pick % 5 === 0,
  }),
  RequestDeviceChange: (situation) => ({
    sessionEpoch: sessionEpochFor(situation),
    ...sessionFor(situation),
  }),
  CheckSession: (situation) => ({ sessionEpoch: sessionEpochFor(situation), ...sessionFor(situation) }),
  EndSessions: (situation) => ({
    ...(situation.step.right ? sessionFor(situation) : {}),
    reason:
      oneOf(['signed-out', 'ended-by-holder', 'ended-by-administrator'] as const, situation.step.pick) ??
      'signed-out',
  }),
  SignInWithSmartcard: ({ account, fresh, step }) => ({
    ...{ system: systemOf(account), site: 'primary', session: fresh.session },
    ...denialFor(step),
  }),
  CheckSmartcardSession: (situation) => ({
    sessionEpoch: sessionEpochFor(situation),
    ...denialFor(situation.step),
  }),
  DecommissionSmartcard: () => ({}),
}

/** Converts a step to a command for the account that it meets. */
export const plausibleCommand = (situation: Situation): AccountCommand => {
  const { step, at } = situation
  const type = step.operation === 'next' ? nextAct(situation) : step.operation
  // The contents are those of the command's type.
  return { type, at, ...contents[type](situation) } as AccountCommand
}
