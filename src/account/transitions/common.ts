import { hongKongDay, type Instant, isFromFuture, SECOND } from '../../kernel/instant.ts'
import {
  consumeRateLimit,
  emptyRateWindow,
  isWithinRateLimit,
  type RateWindow,
  rateLimitResetAt,
} from '../../lockout/rate-window.ts'
import { type CodePurpose, emailCodeExpiry } from '../../otp/email-code.ts'
import { enrolledTotp, isFreshStep, timeStepAt } from '../../otp/totp.ts'
import type { Policy } from '../../policy/policy.ts'
import { type Awaits, findChallenge, isOpenChallenge } from '../challenges.ts'
import type { AccountCommandType, CodeFact, SessionCommand } from '../commands.ts'
import type { AccountEvent, AccountEventOf } from '../events.ts'
import type { AccountBase, AccountStage, ChallengeId, CredentialId, InitialisedAccount } from '../state.ts'
import { guard, on, type Row } from '../table.ts'

/** The stages of an existing account that is not locked. */
export const activeStages = [
  'Registered',
  'PasswordSet',
  'Initialised',
] as const satisfies readonly AccountStage[]
/** The stages of an existing account. */
export const existingStages = [...activeStages, 'Locked'] as const satisfies readonly AccountStage[]

const disabled = guard('the status is DISABLED', (account: AccountBase) => account.status === 'DISABLED')
const notYetEnabled = guard(
  'Enable From is in the future',
  ({ enableFrom }: AccountBase, { at }: { readonly at: Instant }) =>
    enableFrom !== undefined && hongKongDay(at) < enableFrom,
)
const noLongerEnabled = guard(
  'Disable After is in the past',
  ({ disableAfter }: AccountBase, { at }: { readonly at: Instant }) =>
    disableAfter !== undefined && hongKongDay(at) > disableAfter,
)

/** Refuses an account that is disabled or outside its dates. */
export const notEnabledRows = (
  type: AccountCommandType,
  stages: readonly (typeof existingStages)[number][],
): readonly Row[] => {
  const command = on(type).from(...stages)
  return [
    command.when(disabled).refuse('disabled', 'ACC-05'),
    command.when(notYetEnabled).refuse('not-yet-enabled', 'ACC-06'),
    command.when(noLongerEnabled).refuse('no-longer-enabled', 'ACC-06'),
  ]
}

/** The account's epoch has increased since the sign-in. */
export const staleSession = guard(
  'the session is no longer valid',
  (account: AccountBase, { sessionEpoch, session }: Pick<SessionCommand, 'sessionEpoch' | 'session'>) =>
    session === undefined
      ? account.sessionEpoch !== sessionEpoch
      : account.sessions.every(({ id }) => id !== session),
)

/** Refuses an account that does not exist, is locked, disabled or outside its dates. */
export const deniedRows = (type: AccountCommandType): readonly Row[] => {
  const command = on(type)
  return [
    command.from('Unknown').refuse('unknown-user', 'LOCK-11'),
    command.from('Deleted').refuse('deleted', 'LOCK-11'),
    command.from('Locked').refuse('locked', 'LOCK-07'),
    ...notEnabledRows(type, activeStages),
  ]
}

type OnChallenge = { readonly at: Instant; readonly challenge: ChallengeId }

/** The stages at which an account can have a challenge of each kind. */
const stagesWith: Readonly<Record<Awaits, readonly (typeof activeStages)[number][]>> = {
  'sign-in-code': ['Initialised'],
  enrolment: ['PasswordSet', 'Initialised'],
  'expired-password-change': ['Initialised'],
  'password-code': activeStages,
  'new-password': activeStages,
}

/** Refuses a challenge that is not open. */
export const challengeNotOpenRows = (
  type: AccountCommandType &
    (
      | 'CancelChallenge'
      | 'EnterSignInCode'
      | 'ResendSignInCode'
      | 'EnterPasswordCode'
      | 'SetPassword'
      | 'ChooseChannel'
      | 'EnterEnrolmentCode'
    ),
  ...awaits: readonly Awaits[]
): readonly Row[] => {
  const stages = activeStages.filter((stage) => awaits.some((kind) => stagesWith[kind].includes(stage)))
  const without = activeStages.filter((stage) => !stages.includes(stage))
  const rows = on(type).from(...stages)
  const otherStages = on(type).from(...without)
  const none = guard(
    'the account has no such challenge',
    ({ challenges }: AccountBase, { challenge }: OnChallenge) =>
      challenges.every(({ id }) => id !== challenge),
  )
  const otherwise = guard(
    'the challenge awaits something else',
    (account: AccountBase, { challenge }: OnChallenge) =>
      findChallenge(account, challenge, ...awaits) === undefined,
  )
  const expired = guard(
    'the challenge has expired',
    (account: AccountBase, { at, challenge }: OnChallenge, policy) => {
      const found = findChallenge(account, challenge, ...awaits)
      return found !== undefined && !isOpenChallenge(found, at, policy)
    },
  )
  return [
    // At stages that allow no challenge of these kinds, an open challenge must await something else.
    ...(without.length === 0
      ? []
      : [
          otherStages.when(none).refuse('no-such-challenge', 'OTP-11'),
          otherStages.refuse('challenge-awaits-something-else', 'OTP-11'),
        ]),
    rows.when(none).refuse('no-such-challenge', 'OTP-11'),
    rows.when(otherwise).refuse('challenge-awaits-something-else', 'OTP-11'),
    rows.when(expired).refuse('challenge-expired', 'OTP-11'),
  ]
}

/** Ends the oldest challenges of a kind to make room for a new one (OTP-11). */
export const supersededChallenges = (
  account: AccountBase,
  awaits: Awaits,
  at: Instant,
  policy: Policy,
): readonly AccountEvent[] => {
  const { maxOpen } = policy.challenge
  if (account.challenges.length < maxOpen) return []
  // A challenge from the future counts too: it is open again when the clock has caught up (API-03).
  const open = account.challenges.filter(
    (challenge) => challenge.awaits === awaits && at < challenge.expiresAt,
  )
  return open
    .slice(0, Math.max(0, open.length + 1 - maxOpen))
    .map(({ id }) => ({ type: 'ChallengeEnded', at, rule: 'OTP-11', challenge: id, reason: 'superseded' }))
}

const codesIssuedFor = (account: AccountBase, purpose: CodePurpose): RateWindow =>
  account.codesIssued[purpose] ?? emptyRateWindow

/** No further code of the purpose can be sent now. */
export const tooManyCodes = (purpose: CodePurpose) =>
  guard(
    'too many codes were requested',
    (account: AccountBase, { at }: { readonly at: Instant }, { emailCode }: Policy) =>
      !isWithinRateLimit(codesIssuedFor(account, purpose), at, emailCode.rateLimit),
  )

/** Issues a code, which becomes the only valid one of its purpose. */
export const codeIssued = (
  account: AccountBase,
  purpose: CodePurpose,
  credential: CredentialId,
  at: Instant,
  policy: Policy,
): AccountEventOf<'CodeIssued'> => {
  const { rateLimit } = policy.emailCode
  const window = consumeRateLimit(codesIssuedFor(account, purpose), at, rateLimit)
  // Anyone can request password codes. When none is left, the holder must be notified (LOCK-15).
  const last = purpose === 'password' && !isWithinRateLimit(window, at, rateLimit)
  return {
    ...{ type: 'CodeIssued', at, rule: 'OTP-06', purpose, window },
    code: { credential, expiresAt: emailCodeExpiry(at, policy) },
    ...(last ? { blockedUntil: rateLimitResetAt(window, rateLimit) } : {}),
  }
}

type EnrolmentPurpose = 'password' | 'enrolment'

const failedEnrolmentAttemptsOf = (account: AccountBase, purpose: EnrolmentPurpose) =>
  account.failedEnrolmentAttempts[purpose] ?? emptyRateWindow

/** The budget of wrong set-up codes is used up for now. */
export const tooManyEnrolmentAttempts = (purpose: EnrolmentPurpose) =>
  guard(
    'too many wrong set-up codes were entered',
    (account: AccountBase, { at }: { readonly at: Instant }, { enrolment: setUp }: Policy) =>
      !isWithinRateLimit(failedEnrolmentAttemptsOf(account, purpose), at, setUp.failedAttempts),
  )

/** Counts a wrong set-up code in its separate budget; using up the budget ends everything in progress. */
export const enrolmentCodeRejected = (
  account: AccountBase,
  purpose: EnrolmentPurpose,
  at: Instant,
  { enrolment: setUp }: Policy,
): readonly AccountEvent[] => {
  const entered = (account.codes[purpose]?.failedAttempts ?? 0) + 1
  const voidsCode = entered >= setUp.attemptsPerCode
  const window = consumeRateLimit(failedEnrolmentAttemptsOf(account, purpose), at, setUp.failedAttempts)
  const rejected = { type: 'EnrolmentCodeRejected', at, rule: 'LOCK-10', purpose, window, voidsCode } as const
  return isWithinRateLimit(window, at, setUp.failedAttempts)
    ? [rejected]
    : [
        rejected,
        {
          ...{ type: 'EnrolmentAborted', at, rule: 'LOCK-10', purpose },
          blockedUntil: rateLimitResetAt(window, setUp.failedAttempts),
        },
      ]
}

/** Whether the emailed code is the newest of its purpose and still valid. */
export const isValidEmailCode = (
  account: AccountBase,
  purpose: CodePurpose,
  fact: CodeFact | undefined,
  at: Instant,
): boolean => {
  const code = account.codes[purpose]
  return fact?.kind === 'Email' && fact.matches && code !== undefined && at < code.expiresAt
}

/**
 * The code would be correct, but a clock that was ahead left an accepted time step beyond the window, or a
 * code issued in the future. It is refused and not counted (API-03).
 */
const isCodeFromFuture = (
  account: AccountBase | InitialisedAccount,
  purpose: CodePurpose,
  { at, fact }: { readonly at: Instant; readonly fact: CodeFact | undefined },
  policy: Policy,
): boolean => {
  if (fact?.kind === 'Email') {
    const code = account.codes[purpose]
    return fact.matches && code !== undefined && isFromFuture(code.expiresAt, emailCodeExpiry(at, policy))
  }
  if (fact?.step === undefined || purpose !== 'sign-in') return false
  const channel = 'channel' in account ? account.channel : undefined
  if (channel?.kind !== 'MobileApp') return false
  const enrolled = enrolledTotp(channel.totp, policy)
  return channel.lastAcceptedStep > timeStepAt(at, enrolled) + policy.totp.windowSteps
}

/** Refuses a correct code because of an instant from the future. */
export const fromFuture = (purpose: CodePurpose) =>
  guard(
    'the code is right, but an instant is from the future',
    (account: AccountBase, command: { readonly at: Instant; readonly fact: CodeFact | undefined }, policy) =>
      isCodeFromFuture(account, purpose, command, policy),
    ['fact'],
  )

/** Ends the oldest sessions beyond the maximum when a new one opens (ACC-19). */
export const supersededSessions = (
  { sessions }: AccountBase,
  at: Instant,
  { session: { maxOpen } }: Policy,
): readonly AccountEvent[] => {
  const open = sessions.filter(({ expiresAt }) => at < expiresAt)
  const superseded = open.slice(0, Math.max(0, open.length + 1 - maxOpen)).map(({ id }) => id)
  return superseded.length === 0
    ? []
    : [{ type: 'SessionsEnded', at, rule: 'ACC-19', sessions: superseded, reason: 'superseded' }]
}

/** The first instant at which a session opened now has expired. */
export const sessionExpiry = (at: Instant, { session }: Policy): Instant => at + session.validSeconds * SECOND

/** Why a sign-in code is refused; `undefined` if it is correct. */
export const signInCodeFault = (
  account: InitialisedAccount,
  { at, fact }: { readonly at: Instant; readonly fact: CodeFact | undefined },
): AccountEventOf<'SignInCodeRejected'>['reason'] | undefined => {
  const { channel } = account
  if (channel.kind === 'Email') {
    if (isValidEmailCode(account, 'sign-in', fact, at)) return undefined
    return fact?.kind === 'Email' && fact.matches ? 'outdated' : 'wrong'
  }
  if (fact?.kind !== 'MobileApp' || fact.step === undefined) return 'wrong'
  return isFreshStep(fact.step, channel.lastAcceptedStep) ? undefined : 'replayed'
}

/** The event that locks an account. */
export const lockedAt = (at: Instant, { password }: Policy): AccountEventOf<'Locked'> => ({
  type: 'Locked',
  at,
  rule: 'LOCK-01',
  historySize: password.history,
})
