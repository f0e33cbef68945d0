import type { SignInDenial, SmartcardDenial } from '../../src/access-control/denials.ts'
import type {
  AccountCommand,
  AccountCommandOf,
  AccountCommandType,
  CodeFact,
} from '../../src/account/commands.ts'
import type { AccountEvent } from '../../src/account/events.ts'
import { type Account, isExistingAccount } from '../../src/account/state.ts'
import { type AccountStage, hongKongDay, type ProfileChanges } from '../../src/index.ts'
import { DAY, HOUR } from '../../src/kernel/instant.ts'
import type { CodePurpose } from '../../src/otp/email-code.ts'
import {
  accountAfter,
  challenge,
  codeEnd,
  event,
  happened,
  history,
  t0,
  times,
  totp,
  userId,
} from './random-histories.ts'

/** Pseudo-random numbers from a seed, the same in every run (mulberry32). */
export const seededRandom = (seed: number) => {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const under = (bound: number) => Math.floor(next() * bound)
  return {
    under,
    chance: (likely: number) => next() < likely,
    oneOf: <T>(choices: readonly [T, ...T[]]): T => choices[under(choices.length)] ?? choices[0],
  }
}

export type SeededRandom = ReturnType<typeof seededRandom>

const past = hongKongDay(t0 - 5 * DAY)
const future = hongKongDay(t0 + 5 * DAY)

const challengeOf = (account: Account, { oneOf, chance, under }: SeededRandom): string => {
  const open = isExistingAccount(account) ? account.challenges.map(({ id }) => id) : []
  const [first, ...rest] = open
  return first === undefined || chance(0.1) ? `c${under(50)}` : oneOf([first, ...rest])
}

const factOf = ({ oneOf, under, chance }: SeededRandom): CodeFact | undefined =>
  oneOf<CodeFact | undefined>([
    { kind: 'Email', matches: chance(0.6) },
    { kind: 'Email', matches: false },
    { kind: 'MobileApp', step: chance(0.6) ? under(100_000) : undefined },
    { kind: 'MobileApp', step: undefined },
    undefined,
  ])

const changesOf = ({ oneOf }: SeededRandom): ProfileChanges =>
  oneOf<ProfileChanges>([
    {},
    { status: 'DISABLED' },
    { status: 'ENABLED' },
    { status: 'ENABLED', enableFrom: null, disableAfter: null, email: 'a@example.com' },
    { status: 'ENABLED', enableFrom: null, disableAfter: null, email: 'b@example.com' },
    { email: null },
    { enableFrom: past },
    { enableFrom: future },
    { disableAfter: past },
    { disableAfter: future },
    { smartcard: { srn: 'A1', certificateExpiry: t0 } },
    { smartcard: null },
  ])

const doors: readonly [SignInDenial, ...SignInDenial[]] = [
  'before-launch',
  'users-do-not-enter-dms',
  'administrators-enter-dms-only',
  'administrator-without-business-group',
]

const doorsToSmartcards: readonly [SmartcardDenial, ...SmartcardDenial[]] = [
  'users-do-not-enter-dms',
  'administrators-enter-dms-only',
  'administrator-without-business-group',
  'decommissioned',
  'created-from-launch',
  'backup-centre',
  'no-smartcard',
  'certificate-expired',
]

const card = ({ chance, oneOf }: SeededRandom): { denial?: SmartcardDenial; srn?: string } => ({
  ...(chance(0.4) ? { denial: oneOf(doorsToSmartcards) } : {}),
  ...(chance(0.5) ? { srn: oneOf(['A1', 'A2']) } : {}),
})

/** A command of a type that is likely to be meaningful for the account. */
export const anyCommand = (
  type: AccountCommandType,
  account: Account,
  at: number,
  random: SeededRandom,
): AccountCommand => {
  const { chance, under, oneOf } = random
  const fresh = () => `c${under(50)}`
  const on = { at, challenge: challengeOf(account, random) }
  const of = {
    ...{ at, sessionEpoch: isExistingAccount(account) && chance(0.9) ? account.sessionEpoch : under(3) },
    ...(chance(0.3) ? { session: oneOf(['s1', 's2']) } : {}),
    ...(chance(0.1) ? { denial: oneOf(doors) } : {}),
  }
  const ofLogin = { ...of, ...(chance(0.1) ? { bySmartcard: true } : {}) }
  const made: { readonly [T in AccountCommandType]: () => AccountCommandOf<T> } = {
    Register: () => ({
      ...{ type: 'Register', at, userId, role: 'User', email: 'a@example.com' },
      ...(chance(0.2) ? { enableFrom: '2023-06-06', disableAfter: '2023-06-05' } : {}),
    }),
    ChangeProfile: () => ({ type: 'ChangeProfile', at, changes: changesOf(random) }),
    Unlock: () => ({ type: 'Unlock', at }),
    Delete: () => ({ type: 'Delete', at }),
    EnterPassword: () => ({
      ...{ type: 'EnterPassword', at, passwordMatches: chance(0.7), challenge: fresh(), code: fresh() },
      system: chance(0.9) ? 'CCASS/CCMS' : 'DMS',
      ...(chance(0.1) ? { denial: oneOf(doors) } : {}),
    }),
    ReplacePasswordHash: () => ({
      ...{ type: 'ReplacePasswordHash', at, credential: fresh() },
      former: 'password' in account && chance(0.5) ? account.password.credential : fresh(),
    }),
    EnterSignInCode: () => ({ type: 'EnterSignInCode', ...on, fact: factOf(random) }),
    ResendSignInCode: () => ({ type: 'ResendSignInCode', ...on, code: fresh() }),
    CancelChallenge: () => ({ type: 'CancelChallenge', ...on }),
    ReportUndelivered: () => {
      const purpose = oneOf<CodePurpose>(['sign-in', 'password', 'enrolment'])
      const newest = isExistingAccount(account) ? account.codes[purpose]?.credential : undefined
      return { type: 'ReportUndelivered', at, purpose, code: newest ?? 'none' }
    },
    RequestPasswordCode: () => ({
      ...{ type: 'RequestPasswordCode', at, challenge: fresh(), code: fresh() },
      ...(chance(0.1) ? { denial: 'before-launch' } : {}),
    }),
    EnterPasswordCode: () => ({ type: 'EnterPasswordCode', ...on, fact: factOf(random) }),
    SetPassword: () => ({ type: 'SetPassword', ...on, credential: fresh(), reused: chance(0.2) }),
    ChooseChannel: () => ({
      ...{ type: 'ChooseChannel', ...on, credential: fresh() },
      channel: oneOf(['MobileApp', 'Email']),
    }),
    EnterEnrolmentCode: () => ({ type: 'EnterEnrolmentCode', ...on, fact: factOf(random) }),
    ChangePassword: () => ({
      ...{
        type: 'ChangePassword',
        ...ofLogin,
        passwordMatches: chance(0.7),
        credential: fresh(),
        reused: chance(0.2),
      },
    }),
    RequestDeviceChange: () => ({ type: 'RequestDeviceChange', ...ofLogin }),
    CheckSession: () => ({ type: 'CheckSession', ...ofLogin }),
    EndSessions: () => ({
      ...{ type: 'EndSessions', at, reason: 'signed-out' },
      ...(chance(0.5) ? { session: oneOf(['s1', 's2']) } : {}),
    }),
    SignInWithSmartcard: () => ({
      ...{ type: 'SignInWithSmartcard', at, ...card(random) },
      system: chance(0.9) ? 'CCASS/CCMS' : 'DMS',
      site: oneOf(['primary', 'backup']),
      session: fresh(),
    }),
    CheckSmartcardSession: () => {
      const { denial: _, ...epoch } = of
      return { type: 'CheckSmartcardSession', ...epoch, ...card(random) }
    },
    DecommissionSmartcard: () => ({ type: 'DecommissionSmartcard', at }),
  }
  return made[type]()
}

interface Modification {
  /** The stages at which an account can have it. */
  readonly at: readonly AccountStage[]
  readonly events: readonly AccountEvent[]
  /** Its probability. Default: 0.2. Days in Hong Kong are expensive, so they are rare. */
  readonly chance?: number
}

const usable = ['Registered', 'PasswordSet', 'Initialised'] as const
const existing = [...usable, 'Locked'] as const
const withPassword = ['PasswordSet', 'Initialised'] as const
const byApp = { kind: 'MobileApp', credential: 'd2', totp } as const
const resetBegun = [happened.asked(challenge.passwordCode('c2')), happened.issued('password', 1)]
const emailChosen = [
  happened.chosen(challenge.channel('c7', { kind: 'Email' })),
  happened.issued('enrolment', 1),
]
const loginBegun = [happened.opened(challenge.login('c1')), happened.issued('sign-in', 1)]

const ahead = t0 + DAY
const smartcardAdmitted = event('SmartcardSignInCompleted', 'MIG-03', {
  ...{ system: 'CCASS/CCMS', site: 'primary', session: 's1', expiresAt: t0 + HOUR },
})
const issuedAhead = (purpose: CodePurpose) =>
  event('CodeIssued', 'OTP-06', {
    ...{ purpose, code: { credential: `${purpose}-ahead`, expiresAt: codeEnd(ahead) } },
    window: { used: 1, since: ahead },
  })

/** Further changes that an account may have had. */
const modifications: readonly Modification[] = [
  { at: usable, events: resetBegun },
  { at: usable, events: [happened.proved(challenge.newPassword('c3'))] },
  { at: withPassword, events: [happened.opened(challenge.expired('c4'))] },
  { at: withPassword, events: [happened.opened(challenge.channel('c5'))] },
  { at: withPassword, events: [happened.chosen(challenge.channel('c6', byApp))] },
  { at: withPassword, events: emailChosen },
  { at: ['Initialised'], events: loginBegun },
  { at: ['Initialised'], events: [happened.signedIn('s1'), happened.signedIn('s2')] },
  { at: existing, events: [smartcardAdmitted] },
  { at: usable, events: [happened.issued('password', 5)] },
  { at: withPassword, events: [happened.issued('enrolment', 5)] },
  { at: ['Initialised'], events: [happened.issued('sign-in', 5)] },
  { at: usable, events: [happened.wrongSetUpCode('password', 10)] },
  { at: withPassword, events: [happened.wrongSetUpCode('enrolment', 10)] },
  { at: withPassword, events: times(4, happened.wrongPassword) },
  { at: ['Initialised'], events: times(2, () => happened.wrongCode('c1')) },
  { at: ['Initialised'], events: [happened.deviceChangeRequested()] },
  { at: usable, events: [happened.changed({ email: null })] },
  // State written by a clock that was a day ahead.
  { at: ['Initialised'], events: [happened.appSet(ahead / 30_000)] },
  { at: ['Initialised'], events: [issuedAhead('sign-in')] },
  { at: withPassword, events: [issuedAhead('enrolment')] },
  { at: usable, events: [happened.asked(challenge.passwordCode('c8')), issuedAhead('password')] },
  { at: existing, events: [happened.changed({ smartcard: { srn: 'A1', certificateExpiry: t0 } })] },
  { at: existing, events: [happened.changed({ status: 'DISABLED' })], chance: 0.05 },
  { at: existing, events: [happened.changed({ enableFrom: future })], chance: 0.02 },
  { at: existing, events: [happened.changed({ disableAfter: past })], chance: 0.02 },
]

/** A random account: a history up to some stage, with random further changes. */
export const anyAccount = (random: SeededRandom): Account => {
  const [first = [], ...others] = Object.values(history)
  const events = random.oneOf([[], first, ...others])
  const { stage } = accountAfter(events)
  const more = modifications
    .filter(({ at }) => at.includes(stage))
    .filter(({ chance = 0.2 }) => random.chance(chance))
    .flatMap(({ events: besides }) => besides)
  return accountAfter([...events, ...more])
}

/** A random instant: now, or when something started now has expired. */
export const anyInstant = (random: SeededRandom): number =>
  t0 + random.oneOf([0, 0, 1_000, 300_000, 600_000, 3 * HOUR, DAY, 90 * DAY])
