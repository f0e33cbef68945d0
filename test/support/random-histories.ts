import { expect } from 'vitest'
import type { AccountCommand, AccountCommandOf, AccountCommandType } from '../../src/account/commands.ts'
import { accountDecider } from '../../src/account/decide.ts'
import type { AccountEvent, AccountEventOf, AccountEventType } from '../../src/account/events.ts'
import type { AccountDenialReason } from '../../src/account/refusal-reason.ts'
import type { Account, Challenge } from '../../src/account/state.ts'
import { parseUserId } from '../../src/identity/user-id.ts'
import { definePolicy, type PolicyInput, type RuleId } from '../../src/index.ts'
import { foldEvents } from '../../src/kernel/decider.ts'

/** The instant of all events by default: 2 May 2023, 09:00 in Hong Kong. */
export const t0 = Date.UTC(2023, 4, 2, 1)

/** When a challenge or code of an instant expires. */
export const challengeEnd = (at: number) => at + 600_000
export const codeEnd = (at: number) => at + 300_000

/** When a session of an instant expires. */
export const sessionEnd = (at: number) => at + 28_800_000

/** The default parameters of an app's enrolment. */
export const totp = { algorithm: 'SHA1', digits: 6, periodSeconds: 30 } as const

export const userId = parseUserId('B0123401')._unsafeUnwrap().userId

/** An event, by default at `t0`. */
export const event = <T extends AccountEventType>(
  type: T,
  rule: RuleId,
  contents: Omit<AccountEventOf<T>, 'type' | 'at' | 'rule'>,
  at = t0,
) => ({ type, at, rule, ...contents }) as unknown as AccountEventOf<T>

/** A command, by default at `t0`. */
export const command = <T extends AccountCommandType>(
  type: T,
  contents: Omit<AccountCommandOf<T>, 'type' | 'at'>,
  at = t0,
) => ({ type, at, ...contents }) as unknown as AccountCommandOf<T>

type Open<A extends Challenge['awaits']> = Extract<Challenge, { awaits: A }>

/** Challenges of each kind, by default opened at `t0`. */
export const challenge = {
  login: (id = 'sign-in', at = t0): Open<'sign-in-code'> => ({
    ...{
      id,
      expiresAt: challengeEnd(at),
      awaits: 'sign-in-code',
      system: 'CCASS/CCMS',
      consentedAt: at,
      failedAttempts: 0,
    },
  }),
  channel: (id = 'enrolment', chosen?: Open<'enrolment'>['chosen'], at = t0): Open<'enrolment'> => ({
    ...{ id, expiresAt: challengeEnd(at), awaits: 'enrolment' },
    ...(chosen === undefined ? {} : { chosen }),
  }),
  expired: (id = 'expired', at = t0): Open<'expired-password-change'> => ({
    ...{ id, expiresAt: challengeEnd(at), awaits: 'expired-password-change' },
  }),
  passwordCode: (id = 'reset', at = t0): Open<'password-code'> => ({
    ...{ id, expiresAt: challengeEnd(at), awaits: 'password-code' },
  }),
  newPassword: (id = 'reset', at = t0): Open<'new-password'> => ({
    ...{ id, expiresAt: challengeEnd(at), awaits: 'new-password' },
  }),
}

const email = 'b0123401@example.com'

/** Events, by the rulebook's words. */
export const happened = {
  registered: (profile: object = {}) =>
    event('Registered', 'ACC-01', { userId, role: 'User', origin: 'created', email, ...profile }),
  changed: (changes: object) => event('ProfileChanged', 'ACC-05', { changes }),
  passwordSet: (credential = 'p1', at = t0) =>
    event('PasswordSet', 'ACC-01', { credential, reason: 'first-sign-in', historySize: 0, ends: 'none' }, at),
  appSet: (lastAcceptedStep = 1_000) =>
    event('ChannelEnrolled', 'ACC-03', {
      channel: { kind: 'MobileApp', credential: 'd1', lastAcceptedStep, totp },
      endsSessions: false,
    }),
  emailSet: () => event('ChannelEnrolled', 'ACC-03', { channel: { kind: 'Email' }, endsSessions: false }),
  opened: (open: Challenge, at = t0) =>
    event('PasswordAccepted', 'OTP-01', { system: 'CCASS/CCMS', challenge: open }, at),
  asked: (open = challenge.passwordCode()) => event('PasswordCodeRequested', 'ACC-01', { challenge: open }),
  proved: (open = challenge.newPassword()) => event('PasswordCodeAccepted', 'ACC-01', { challenge: open }),
  chosen: (open: Open<'enrolment'>) => event('ChannelChosen', 'OTP-04', { challenge: open }),
  issued: (purpose: 'sign-in' | 'password' | 'enrolment', used = 1, at = t0) =>
    event('CodeIssued', 'OTP-06', {
      ...{
        purpose,
        code: { credential: `${purpose}-${used}`, expiresAt: codeEnd(at) },
        window: { used, since: at },
      },
    }),
  signedIn: (id = 'session', at = t0) =>
    event(
      'SignInCompleted',
      'LOCK-03',
      {
        ...{ challenge: id, system: 'CCASS/CCMS', channel: 'MobileApp', consentedAt: at },
        expiresAt: sessionEnd(at),
      },
      at,
    ),
  wrongPassword: () => event('PasswordRejected', 'LOCK-01', { via: 'CCASS/CCMS' }),
  wrongCode: (id = 'sign-in') => event('SignInCodeRejected', 'LOCK-02', { challenge: id, reason: 'wrong' }),
  wrongSetUpCode: (purpose: 'password' | 'enrolment', used: number, at = t0) =>
    event('EnrolmentCodeRejected', 'LOCK-10', { purpose, window: { used, since: at }, voidsCode: false }),
  deviceChangeRequested: () => event('DeviceChangeRequested', 'OTP-08', {}),
  locked: () => event('Locked', 'LOCK-01', { historySize: 0 }),
  unlocked: () => event('Unlocked', 'ACC-07', { historySize: 0 }),
  deleted: () => event('Deleted', 'ID-12', {}),
}

/** No code or secret: an object without fields. (`toMatchObject` would accept `{}` for any object.) */
export const nothing: unknown = expect.toSatisfy(
  (value: object) => Object.keys(value).length === 0,
  'has no field',
)

/** A value repeated a number of times. */
export const times = (count: number, one: () => AccountEvent): readonly AccountEvent[] =>
  Array.from({ length: count }, one)

/** Histories up to a stage. */
export const history = {
  registered: [happened.registered()],
  passwordSet: [happened.registered(), happened.passwordSet()],
  app: [happened.registered(), happened.passwordSet(), happened.appSet()],
  email: [happened.registered(), happened.passwordSet(), happened.emailSet()],
  locked: [happened.registered(), happened.passwordSet(), happened.appSet(), happened.locked()],
  deleted: [happened.registered(), happened.deleted()],
}

/** The account after events. */
export const accountAfter = (events: readonly AccountEvent[]): Account =>
  foldEvents(accountDecider.evolve, accountDecider.initial, events)

/** Given past events, when a command is decided, then the expected events or refusal. */
export const given = (...before: readonly (AccountEvent | readonly AccountEvent[])[]) => ({
  when: (told: AccountCommand, parts: PolicyInput = {}) => {
    const policy = definePolicy(parts)._unsafeUnwrap()
    const account = accountAfter(before.flat())
    const decided = accountDecider.decide(account, told, policy)
    return {
      /** Expects exactly these events. Returns the account afterwards. */
      then: (...events: readonly AccountEvent[]): Account => {
        expect(decided.isErr() ? decided.error : decided.value).toEqual(events)
        return foldEvents(accountDecider.evolve, account, decided.unwrapOr([]))
      },
      refused: (reason: AccountDenialReason, rule: RuleId) => {
        expect(decided.isErr() ? decided.error : decided.value).toEqual({ reason, rule })
      },
    }
  },
})
