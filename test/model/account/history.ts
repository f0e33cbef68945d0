/**
 * An observer's history of one account: what was proved in each challenge, what was counted, which codes and
 * sessions are valid. It is computed only from commands and events, independently of the machine's own
 * counters.
 */
import type { AccountCommand } from '../../../src/account/commands.ts'
import type { AccountEvent } from '../../../src/account/events.ts'
import type { Account } from '../../../src/account/state.ts'
import type { Instant } from '../../../src/kernel/instant.ts'
import type { CodePurpose } from '../../../src/otp/email-code.ts'
import type { Policy } from '../../../src/policy/policy.ts'

/** The credentials that the holder has proved in a challenge. */
export type Proof = 'password' | 'expired password' | 'password and device' | 'nothing' | 'emailed code'

/** Uses since the first one of a period. */
export interface Uses {
  readonly used: number
  readonly since: number
}

/** A valid emailed code: the newest of its purpose. */
export interface LiveCode {
  readonly until: number
  readonly wrongEntries: number
}

export interface History {
  readonly proofs: Readonly<Record<string, Proof>>
  /** Wrong passwords and wrong one-time codes since the last complete sign-in or unlock. */
  readonly wrong: { readonly passwords: number; readonly codes: number }
  /** The last accepted time step of the enrolled device. */
  readonly usedStep?: number
  readonly codes: Readonly<Partial<Record<CodePurpose, LiveCode>>>
  readonly sent: Readonly<Partial<Record<CodePurpose, Uses>>>
  readonly failedEnrolments: Readonly<Partial<Record<CodePurpose, Uses>>>
  readonly sessions: readonly string[]
  /** Whether the clock has gone back. */
  readonly clockWentBack: boolean
}

export const noHistory: History = {
  proofs: {},
  wrong: { passwords: 0, codes: 0 },
  codes: {},
  sent: {},
  failedEnrolments: {},
  sessions: [],
  clockWentBack: false,
}

const without = <T extends object>(items: T, ...names: readonly string[]): T =>
  Object.fromEntries(Object.entries(items).filter(([name]) => !names.includes(name))) as T

/** Counts one more use within a period that begins with its first use. */
export const used = (uses: Uses | undefined, perSeconds: number, now: Instant): Uses =>
  uses === undefined || uses.used === 0 || now >= uses.since + perSeconds * 1_000
    ? { used: 1, since: now }
    : { ...uses, used: uses.used + 1 }

/** Ends everything open: after an unlock, a lock, or disabling the account. */
const nothingOpen = { proofs: {}, codes: {}, sessions: [] } as const

/** Whether status and dates allow use of the account; the model's dates are centuries away from its clock. */
export const isEnabled = (account: Account): boolean =>
  'status' in account &&
  account.status === 'ENABLED' &&
  !(account.enableFrom !== undefined && account.enableFrom > '2026-01-01') &&
  !(account.disableAfter !== undefined && account.disableAfter < '2026-01-01')

/** Whether the password has expired; a day counts as 24 hours. */
export const isPasswordExpired = (account: Account, policy: Policy, now: Instant): boolean =>
  'password' in account && now >= account.password.changedAt + policy.password.maximumAgeDays * 86_400_000

const isWrongEntry = ({ type }: AccountEvent) =>
  type === 'PasswordRejected' || type === 'SignInCodeRejected' || type === 'EnrolmentCodeRejected'

/** The history after a command that was not refused. */
export const remembered = (
  history: History,
  before: Account,
  command: AccountCommand,
  events: readonly AccountEvent[],
  policy: Policy,
  now: Instant,
): History => {
  let after: History = history
  const set = (changes: Partial<History>) => {
    after = { ...after, ...changes }
  }
  const prove = (challenge: string, proof: Proof) => set({ proofs: { ...after.proofs, [challenge]: proof } })
  const failed = events.some(isWrongEntry)
  switch (command.type) {
    case 'EnterPassword':
      if (!command.passwordMatches) set({ wrong: { ...after.wrong, passwords: after.wrong.passwords + 1 } })
      else
        prove(
          command.challenge,
          before.stage === 'Initialised' && isPasswordExpired(before, policy, now)
            ? 'expired password'
            : 'password',
        )
      break
    case 'ChangePassword':
      if (!command.passwordMatches) set({ wrong: { ...after.wrong, passwords: after.wrong.passwords + 1 } })
      break
    case 'EnterSignInCode':
      if (failed) set({ wrong: { ...after.wrong, codes: after.wrong.codes + 1 } })
      else {
        const step = command.fact?.kind === 'MobileApp' ? command.fact.step : undefined
        if (step !== undefined) set({ usedStep: step })
        if (events.some(({ type }) => type === 'DeviceChangeVerified'))
          prove(command.challenge, 'password and device')
        else
          set({
            wrong: { passwords: 0, codes: 0 },
            codes: without(after.codes, 'sign-in'),
            proofs: without(after.proofs, command.challenge),
            sessions: [...after.sessions, command.challenge],
          })
      }
      break
    case 'RequestPasswordCode':
      prove(command.challenge, 'nothing')
      break
    case 'EnterPasswordCode':
      if (!failed) {
        prove(command.challenge, 'emailed code')
        set({ codes: without(after.codes, 'password') })
      }
      break
    case 'EnterEnrolmentCode':
      if (!failed) {
        const step = command.fact?.kind === 'MobileApp' ? command.fact.step : undefined
        const { usedStep: _, ...rest } = after
        after = { ...rest, ...nothingOpen, sessions: after.sessions }
        if (policy.session.endOnOwnChange && before.stage === 'Initialised') set({ sessions: [] })
        if (step !== undefined) set({ usedStep: step })
      }
      break
    case 'SignInWithSmartcard':
      set({ sessions: [...after.sessions, command.session] })
      break
    case 'CancelChallenge':
      set({ proofs: without(after.proofs, command.challenge) })
      break
    case 'ReportUndelivered':
      if (events.length > 0) {
        const sent = after.sent[command.purpose]
        set({
          codes: without(after.codes, command.purpose),
          sent: {
            ...after.sent,
            [command.purpose]: { used: (sent?.used ?? 1) - 1, since: sent?.since ?? now },
          },
        })
      }
      break
    case 'Unlock': {
      const { usedStep: _, ...rest } = after
      after = { ...rest, ...nothingOpen, wrong: { passwords: 0, codes: 0 }, sent: {}, failedEnrolments: {} }
      break
    }
    case 'Delete':
      after = noHistory
      break
    default:
      break
  }
  for (const event of events) {
    if (event.type === 'CodeIssued')
      set({
        codes: {
          ...after.codes,
          [event.purpose]: { until: now + policy.emailCode.validSeconds * 1_000, wrongEntries: 0 },
        },
        sent: {
          ...after.sent,
          [event.purpose]: used(after.sent[event.purpose], policy.emailCode.rateLimit.perSeconds, now),
        },
      })
    if (event.type === 'EnrolmentCodeRejected') {
      const { purpose } = event
      const code = after.codes[purpose]
      const wrongEntries = (code?.wrongEntries ?? 0) + 1
      set({
        failedEnrolments: {
          ...after.failedEnrolments,
          [purpose]: used(after.failedEnrolments[purpose], policy.enrolment.failedAttempts.perSeconds, now),
        },
        codes:
          code === undefined || wrongEntries >= policy.enrolment.attemptsPerCode
            ? without(after.codes, purpose)
            : { ...after.codes, [purpose]: { ...code, wrongEntries } },
      })
    }
    if (event.type === 'ChallengeEnded') set({ proofs: without(after.proofs, event.challenge) })
    if (event.type === 'SessionsEnded')
      set({ sessions: after.sessions.filter((id) => !event.sessions.includes(id)) })
    if (event.type === 'Locked') {
      const { usedStep: _, ...rest } = after
      after = { ...rest, ...nothingOpen }
    }
    if (event.type === 'PasswordSet') {
      const keeps = event.session
      set({
        proofs: {},
        codes: {},
        sessions:
          event.reason === 'voluntary'
            ? policy.session.endOnOwnChange
              ? history.sessions.filter((id) => id === keeps)
              : history.sessions
            : event.reason === 'forgotten' || (event.reason === 'expired' && policy.session.endOnOwnChange)
              ? []
              : history.sessions,
      })
    }
    if (event.type === 'ProfileChanged') {
      const { status, enableFrom, disableAfter, email } = event.changes
      const disables =
        status === 'DISABLED' || typeof enableFrom === 'string' || typeof disableAfter === 'string'
      if (disables || !isEnabled(before)) set(nothingOpen)
      if (email !== undefined) {
        const emailed = Object.entries(after.proofs)
          .filter(([, proof]) => proof === 'nothing' || proof === 'emailed code')
          .map(([id]) => id)
        set({ codes: {}, sessions: [], proofs: without(after.proofs, ...emailed) })
        if (before.stage === 'PasswordSet' && typeof email === 'string') set({ proofs: {} })
      }
    }
  }
  return after
}

const shiftedUses = (uses: Readonly<Partial<Record<CodePurpose, Uses>>>, by: number) =>
  Object.fromEntries(
    Object.entries(uses).map(([purpose, { used: count, since }]) => [
      purpose,
      { used: count, since: since - by },
    ]),
  )

/** The same history some seconds later. */
export const historyLater = (history: History, seconds: number, policy: Policy): History => {
  const by = seconds * 1_000
  return {
    ...history,
    codes: Object.fromEntries(
      Object.entries(history.codes).map(([purpose, code]) => [purpose, { ...code, until: code.until - by }]),
    ),
    sent: shiftedUses(history.sent, by),
    failedEnrolments: shiftedUses(history.failedEnrolments, by),
    ...(history.usedStep === undefined
      ? {}
      : { usedStep: history.usedStep - seconds / policy.totp.periodSeconds }),
    clockWentBack: history.clockWentBack || seconds < 0,
  }
}
