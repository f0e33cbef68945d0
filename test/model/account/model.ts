/** The account's machine made finite: instants relative to a fixed clock, and names by position. */
import type { AccountCommand } from '../../../src/account/commands.ts'
import type { Account, Challenge, ExistingAccount } from '../../../src/account/state.ts'
import { isExistingAccount } from '../../../src/account/state.ts'
import { SECOND } from '../../../src/kernel/instant.ts'
import type { RateWindow } from '../../../src/lockout/rate-window.ts'
import type { CodePurpose } from '../../../src/otp/email-code.ts'
import { timeStepAt } from '../../../src/otp/totp.ts'
import type { Policy } from '../../../src/policy/policy.ts'
import type { History } from './history.ts'

/** The instant of every command: 2026-01-01 12:00 in Hong Kong, the beginning of a time step. */
export const now = Date.UTC(2026, 0, 1, 4)

/** An account and its observed history. */
export interface Node {
  readonly account: Account
  readonly history: History
}

/** A command, or passing time in seconds. */
export type Move = AccountCommand | { readonly type: 'Wait'; readonly seconds: number }

const ended = (instant: number) => Math.max(instant, now)

const windowsAt = <P extends string>(
  windows: Readonly<Partial<Record<P, RateWindow>>>,
  perSeconds: number,
): Readonly<Partial<Record<P, RateWindow>>> => {
  const entries = Object.entries(windows) as [P, RateWindow][]
  const open = entries
    .filter(([, { used, since }]) => used > 0 && now < since + perSeconds * SECOND)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(open) as Partial<Record<P, RateWindow>>
}

const kinds = ['sign-in-code', 'enrolment', 'expired-password-change', 'password-code', 'new-password']

/**
 * Sorts challenges by kind, because only those of one kind replace each other. Within a kind, the order is
 * kept.
 */
const inOrder = (challenges: readonly Challenge[]) =>
  [...challenges].sort((a, b) => kinds.indexOf(a.awaits) - kinds.indexOf(b.awaits))

/** The names of a normalised account, by the original names. */
export type Renaming = Readonly<Record<string, string>>

/**
 * Normalises an account: instants that no longer decide anything are clamped, windows that have ended are
 * removed, and challenges, sessions and credentials are named by position. Values that no decision reads are
 * set to a constant. Expired items are removed unless they are kept: they only decide the reason of a
 * refusal.
 */
export const normalised = (
  account: Account,
  policy: Policy,
  keepsExpired: boolean,
): { readonly account: Account; readonly renaming: Renaming } => {
  if (!isExistingAccount(account)) return { account, renaming: {} }
  const renaming: Record<string, string> = {}
  const isKept = ({ expiresAt }: { readonly expiresAt: number }) => keepsExpired || expiresAt > now
  const challenges = inOrder(account.challenges.filter(isKept)).map((challenge, n) => {
    const id = `c${n}`
    renaming[challenge.id] = id
    const common = { ...challenge, id, expiresAt: ended(challenge.expiresAt) }
    if (common.awaits === 'sign-in-code') return { ...common, consentedAt: now }
    return common.awaits === 'enrolment' && common.chosen?.kind === 'MobileApp'
      ? { ...common, chosen: { ...common.chosen, credential: `enrolling${n}` } }
      : common
  })
  const sessions = account.sessions.filter(isKept).map((session, n) => {
    const id = `s${n}`
    renaming[session.id] = id
    return { ...session, id, expiresAt: ended(session.expiresAt), signedInAt: now }
  })
  const codes = Object.fromEntries(
    (Object.entries(account.codes) as [CodePurpose, { expiresAt: number }][])
      .filter(([, code]) => isKept(code))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([purpose, code]) => [
        purpose,
        { ...code, credential: `code-${purpose}`, expiresAt: ended(code.expiresAt) },
      ]),
  )
  const { emailRegisteredAt: _, ...rest } = account
  const common = {
    ...rest,
    registeredAt: now,
    sessionEpoch: 0,
    sessions,
    challenges,
    codes,
    codesIssued: windowsAt(account.codesIssued, policy.emailCode.rateLimit.perSeconds),
    failedEnrolmentAttempts: windowsAt(
      account.failedEnrolmentAttempts,
      policy.enrolment.failedAttempts.perSeconds,
    ),
    passwordHistory: account.passwordHistory.map((_credential, n) => `former${n}`),
  } as ExistingAccount
  const oldest = now - policy.password.maximumAgeDays * 86_400 * SECOND
  const withPassword =
    'password' in common
      ? {
          ...common,
          password: {
            credential: 'present',
            changedAt: Math.max(common.password.changedAt, oldest),
          },
        }
      : common
  const farthest = timeStepAt(now, policy) - policy.totp.windowSteps - 1
  const withChannel =
    withPassword.stage === 'Initialised' && withPassword.channel.kind === 'MobileApp'
      ? {
          ...withPassword,
          channel: {
            ...withPassword.channel,
            credential: 'device',
            lastAcceptedStep: Math.max(withPassword.channel.lastAcceptedStep, farthest),
          },
        }
      : withPassword
  return { account: withChannel as Account, renaming }
}

/** The account some seconds later: every instant in it is that much further in the past. */
export const later = (account: Account, seconds: number, policy: Policy): Account => {
  if (!isExistingAccount(account)) return account
  const by = seconds * SECOND
  const steps = seconds / policy.totp.periodSeconds
  const earlier = <T extends { readonly expiresAt: number }>(item: T): T => ({
    ...item,
    expiresAt: item.expiresAt - by,
  })
  const shifted = (windows: Readonly<Record<string, RateWindow | undefined>>) =>
    Object.fromEntries(
      Object.entries(windows).map(([purpose, window]) => [
        purpose,
        window === undefined ? window : { ...window, since: window.since - by },
      ]),
    )
  return {
    ...account,
    challenges: account.challenges.map(earlier),
    sessions: account.sessions.map(earlier),
    codes: Object.fromEntries(
      Object.entries(account.codes).map(([purpose, code]) => [purpose, earlier(code)]),
    ),
    codesIssued: shifted(account.codesIssued),
    failedEnrolmentAttempts: shifted(account.failedEnrolmentAttempts),
    ...('password' in account
      ? { password: { ...account.password, changedAt: account.password.changedAt - by } }
      : {}),
    ...(account.stage === 'Initialised' && account.channel.kind === 'MobileApp'
      ? { channel: { ...account.channel, lastAcceptedStep: account.channel.lastAcceptedStep - steps } }
      : {}),
  } as Account
}
