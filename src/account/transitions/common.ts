import { hongKongDay, type Instant, SECOND } from '../../kernel/instant.ts'
import { type Allowance, allows, unusedAllowance, used } from '../../lockout/rate-window.ts'
import { type CodePurpose, emailCodeExpiry } from '../../otp/email-code.ts'
import { isFreshStep } from '../../otp/totp.ts'
import type { Policy } from '../../policy/policy.ts'
import type { CodeFact, CommandType } from '../commands.ts'
import type { AccountEvent, EventOf } from '../events.ts'
import type { Challenge, ChallengeId, CredentialId, Holder, Initialised, Stage } from '../state.ts'
import { guard, on, type Row } from '../table.ts'

/** The stages of an account that exists and is not locked. */
export const usable = ['Registered', 'PasswordSet', 'Initialised'] as const satisfies readonly Stage[]
/** The stages of an account that exists. */
export const existing = [...usable, 'Locked'] as const satisfies readonly Stage[]

const disabled = guard('the status is DISABLED', (account: Holder) => account.status === 'DISABLED')
const notYetEnabled = guard(
  'Enable From is yet to come',
  ({ enableFrom }: Holder, { at }: { readonly at: Instant }) =>
    enableFrom !== undefined && hongKongDay(at) < enableFrom,
)
const noLongerEnabled = guard(
  'Disable After is over',
  ({ disableAfter }: Holder, { at }: { readonly at: Instant }) =>
    disableAfter !== undefined && hongKongDay(at) > disableAfter,
)

/** The rows that turn away whoever is disabled, or out of date. */
export const outOfUse = (type: CommandType, stages: readonly (typeof existing)[number][]): readonly Row[] => {
  const command = on(type).from(...stages)
  return [
    command.when(disabled).refuse('disabled', 'ACC-05'),
    command.when(notYetEnabled).refuse('not-yet-enabled', 'ACC-06'),
    command.when(noLongerEnabled).refuse('no-longer-enabled', 'ACC-06'),
  ]
}

/** The login was made before everything became void. */
export const formerGeneration = guard(
  'the login is void since',
  (account: Holder, { generation }: { readonly generation: number }) => account.generation !== generation,
)

/** The rows that turn away whoever has no account, is locked out, disabled, or out of date. */
export const turnedAway = (type: CommandType): readonly Row[] => {
  const command = on(type)
  return [
    command.from('Unknown').refuse('unknown-user', 'LOCK-11'),
    command.from('Deleted').refuse('deleted', 'LOCK-11'),
    command.from('Locked').refuse('locked', 'LOCK-07'),
    ...outOfUse(type, usable),
  ]
}

/** What a challenge awaits. */
export type Awaits = Challenge['awaits']

/** A challenge of an account that awaits the one or the other thing, open or expired. */
export const findChallenge = <A extends Awaits>(
  account: Holder,
  id: ChallengeId,
  ...awaits: readonly A[]
): Extract<Challenge, { awaits: A }> | undefined =>
  account.challenges.find(
    (challenge): challenge is Extract<Challenge, { awaits: A }> =>
      challenge.id === id && (awaits as readonly Awaits[]).includes(challenge.awaits),
  )

type OnChallenge = { readonly at: Instant; readonly challenge: ChallengeId }

/** The rows that turn away whoever comes with a challenge that is not open. */
export const challengeNotOpen = (
  type: CommandType &
    (
      | 'EnterLoginCode'
      | 'ResendLoginCode'
      | 'EnterPasswordCode'
      | 'SetPassword'
      | 'ChooseChannel'
      | 'EnterChannelCode'
    ),
  ...awaits: readonly Awaits[]
): readonly Row[] => {
  const rows = on(type).from(...usable)
  const none = guard('it has no such challenge', ({ challenges }: Holder, { challenge }: OnChallenge) =>
    challenges.every(({ id }) => id !== challenge),
  )
  const otherwise = guard(
    'the challenge awaits something else',
    (account: Holder, { challenge }: OnChallenge) =>
      findChallenge(account, challenge, ...awaits) === undefined,
  )
  const expired = guard('the challenge has expired', (account: Holder, { at, challenge }: OnChallenge) => {
    const found = findChallenge(account, challenge, ...awaits)
    return found !== undefined && !(at < found.expiresAt)
  })
  return [
    rows.when(none).refuse('no-such-challenge', 'OTP-11'),
    rows.when(otherwise).refuse('challenge-awaits-something-else', 'OTP-11'),
    rows.when(expired).refuse('challenge-expired', 'OTP-11'),
  ]
}

/** The first instant at which a challenge opened now is over. */
export const challengeExpiry = (at: Instant, { challenge }: Policy): Instant =>
  at + challenge.validSeconds * SECOND

/** Makes room for one more challenge: the oldest of its kind gives way (OTP-11). */
export const makeRoom = (
  account: Holder,
  awaits: Awaits,
  at: Instant,
  { challenge: { mostOpen } }: Policy,
): readonly AccountEvent[] => {
  if (account.challenges.length < mostOpen) return []
  const open = account.challenges.filter(
    (challenge) => challenge.awaits === awaits && at < challenge.expiresAt,
  )
  return open
    .slice(0, Math.max(0, open.length + 1 - mostOpen))
    .map(({ id }) => ({ type: 'ChallengeEnded', at, rule: 'OTP-11', challenge: id, why: 'displaced' }))
}

const issuesOf = (account: Holder, purpose: CodePurpose): Allowance =>
  account.issued[purpose] ?? unusedAllowance

/** No further code of the purpose may be sent now. */
export const tooManyCodes = (purpose: CodePurpose) =>
  guard(
    'too many codes were asked for',
    (account: Holder, { at }: { readonly at: Instant }, { emailCode }: Policy) =>
      !allows(issuesOf(account, purpose), at, emailCode.issues),
  )

/** A code is issued: the newest of its purpose, which alone is good. */
export const codeIssued = (
  account: Holder,
  purpose: CodePurpose,
  credential: CredentialId,
  at: Instant,
  policy: Policy,
): EventOf<'CodeIssued'> => ({
  type: 'CodeIssued',
  at,
  rule: 'OTP-06',
  purpose,
  code: { credential, expiresAt: emailCodeExpiry(at, policy) },
  issued: used(issuesOf(account, purpose), at, policy.emailCode.issues),
})

type SetUpPurpose = 'password' | 'channel'

const setUpMissesOf = (account: Holder, purpose: SetUpPurpose) =>
  account.setUpMisses[purpose] ?? unusedAllowance

/** The budget of wrong set-up codes is spent for now. */
export const tooManySetUpMisses = (purpose: SetUpPurpose) =>
  guard(
    'too many wrong set-up codes were given',
    (account: Holder, { at }: { readonly at: Instant }, { setUp }: Policy) =>
      !allows(setUpMissesOf(account, purpose), at, setUp.misses),
  )

/** A wrong set-up code goes to its own budget; the last of the budget ends what was begun. */
export const setUpCodeRejected = (
  account: Holder,
  purpose: SetUpPurpose,
  at: Instant,
  { setUp }: Policy,
): readonly AccountEvent[] => {
  const misses = used(setUpMissesOf(account, purpose), at, setUp.misses)
  const rejected = { type: 'SetUpCodeRejected', at, rule: 'LOCK-10', purpose, misses } as const
  return allows(misses, at, setUp.misses)
    ? [rejected]
    : [rejected, { type: 'SetUpEnded', at, rule: 'LOCK-10', purpose }]
}

/** Whether the emailed code is the newest of its purpose, and still good. */
export const isGoodEmailCode = (
  account: Holder,
  purpose: CodePurpose,
  fact: CodeFact | undefined,
  at: Instant,
): boolean => {
  const code = account.codes[purpose]
  return fact?.kind === 'Email' && fact.matches && code !== undefined && at < code.expiresAt
}

/** What is wrong with a login's code; `undefined` if it is right. */
export const faultOfLoginCode = (
  account: Initialised,
  { at, fact }: { readonly at: Instant; readonly fact: CodeFact | undefined },
): EventOf<'LoginCodeRejected'>['why'] | undefined => {
  const { channel } = account
  if (channel.kind === 'Email') {
    if (isGoodEmailCode(account, 'login', fact, at)) return undefined
    return fact?.kind === 'Email' && fact.matches ? 'outdated' : 'wrong'
  }
  if (fact?.kind !== 'MobileApp' || fact.step === undefined) return 'wrong'
  return isFreshStep(fact.step, channel.lastStep) ? undefined : 'replayed'
}

/** The account locks, if its attempts after these events say so. */
export const lockedAt = (at: Instant, { password }: Policy): EventOf<'Locked'> => ({
  type: 'Locked',
  at,
  rule: 'LOCK-01',
  remember: password.history,
})
