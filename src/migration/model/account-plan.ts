import type { Result } from 'neverthrow'
import type { Phase } from '../../access-control/timeline.ts'
import type { ParticipantKey } from '../../identity/participant.ts'
import type { Role } from '../../identity/role.ts'
import type { HongKongDay, Instant } from '../../kernel/instant.ts'
import { type Finding, type FindingCode, findingKinds, remedyFor } from './findings.ts'
import type { ListedAccount, ListingProblem, ListingWarning, UnreadableLine } from './listing.ts'

/**
 * What the migration will do with an account. `ready`: it is migrated and can use 2FA from launch. `blocked`:
 * it is migrated and needs help first. `refused`: its line is skipped.
 *
 * @rule MIG-16
 * @category Migration
 */
export type PlanStatus = 'ready' | 'blocked' | 'refused'

/**
 * A remark about an account that does not block it.
 *
 * @category Migration
 */
export type PlanWarning = Exclude<ListingWarning, 'invalid-email'> | 'certificate-expired'

/**
 * The plan for one line of a listing.
 *
 * @category Migration
 */
export interface AccountPlan {
  /** The line's number in the listing, as passed in. */
  readonly line: number
  /** The canonical User ID; for a line that can't be read, the cell's text, cut at 64 characters. */
  readonly userId: string
  /** Absent if the User ID does not identify a participant. */
  readonly participant?: ParticipantKey
  readonly status: PlanStatus
  /** Why the account is not ready; empty if it is. */
  readonly findings: readonly Finding[]
  readonly warnings: readonly PlanWarning[]
  /** The account as listed; absent if the line can't be read. Do not migrate it if the line is refused. */
  readonly account?: ListedAccount
}

/** The dates by which a participant's accounts are judged. */
export interface PlanContext {
  /** The phase at the instant of the plan. It determines who can help. */
  readonly phase: Phase
  /** The same for Delegated Administrators, whose emails are registered from a different date (MIG-23). */
  readonly administratorPhase: Phase
  /** Launch, or the instant of the plan if that is later. */
  readonly at: Instant
  /** The day of `at` in Hong Kong. */
  readonly day: HongKongDay
}

/**
 * How the planner interprets unclear listing data.
 *
 * @category Migration
 */
export interface PlanReadings {
  /**
   * How to treat a user's ID that looks like a Delegated Administrator's, which is either an old user's or
   * has lost its remark. By default the line is refused until someone decides; `admit` treats it as a user's,
   * with a warning (ID-09).
   *
   * @defaultValue `refuse`
   */
  readonly administratorLookalikes?: 'refuse' | 'admit'
  /**
   * How to treat an account whose smartcard certificate has expired: it cannot have been used recently, and
   * its card does not work during the parallel run. By default the account is blocked until someone has
   * checked it; with `warn` it can be ready.
   *
   * @defaultValue `block`
   */
  readonly expiredCertificates?: 'block' | 'warn'
}

const statusOf = (codes: readonly FindingCode[]): PlanStatus => {
  if (codes.some((code) => findingKinds[code].status === 'refused')) return 'refused'
  return codes.length > 0 ? 'blocked' : 'ready'
}

/** Why a readable account is blocked. */
const blocks = (
  { profile, warnings }: ListedAccount,
  { phase, at, day }: PlanContext,
  { expiredCertificates }: PlanReadings,
): readonly FindingCode[] => {
  const { email, status, enableFrom, disableAfter } = profile
  const codes: FindingCode[] = []
  if (warnings.includes('invalid-email')) codes.push('invalid-email')
  else if (email === undefined) codes.push('no-registered-email')
  if (status === 'DISABLED') codes.push('disabled')
  if (enableFrom !== undefined && day < enableFrom) codes.push('not-yet-enabled')
  if (disableAfter !== undefined && day > disableAfter) codes.push('no-longer-enabled')
  if (expiredCertificates !== 'warn' && isExpired(profile, phase, at)) codes.push('certificate-expired')
  return codes
}

/** Whether a listing warning stays a warning in the plan. A malformed email blocks the account instead. */
const isWarning = (warning: ListingWarning): warning is Exclude<ListingWarning, 'invalid-email'> =>
  warning !== 'invalid-email'

/** Whether the smartcard certificate has expired. After decommissioning, smartcards no longer matter. */
const isExpired = ({ smartcard }: ListedAccount['profile'], phase: Phase, at: Instant): boolean =>
  phase !== 'decommissioned' && smartcard !== undefined && at >= smartcard.certificateExpiry

const finding = (code: FindingCode, role: Role, phase: Phase): Finding => ({
  code,
  rule: findingKinds[code].rule,
  remedy: remedyFor(code, role, phase),
})

/**
 * Plans a line that can be read. The caller passes the findings that depend on other lines.
 *
 * @internal
 */
export const planOfAccount = (
  line: number,
  account: ListedAccount,
  context: PlanContext,
  readings: PlanReadings,
  refusals: readonly FindingCode[],
): AccountPlan => {
  const { userId, role, participant, warnings } = account
  const warned =
    readings.expiredCertificates === 'warn' && isExpired(account.profile, context.phase, context.at)
  const codes = [...refusals, ...blocks(account, context, readings)]
  return {
    line,
    userId,
    participant,
    status: statusOf(codes),
    findings: codes.map((code) =>
      finding(code, role, role === 'User' ? context.phase : context.administratorPhase),
    ),
    warnings: [
      ...warnings.filter(isWarning).filter((warning) => !codes.some((code) => code === warning)),
      ...(warned ? ['certificate-expired' as const] : []),
    ],
    account,
  }
}

const codeOf = ({ code }: ListingProblem): FindingCode => {
  if (code === 'no-such-format' || code === 'remark-without-administrator-id') return code
  return code === 'administrator-id-without-remark' ? 'looks-like-administrator' : 'unreadable'
}

/**
 * Plans a line that can't be read: it is refused, with everything that is wrong with it.
 *
 * @internal
 */
export const planOfUnreadable = (
  line: number,
  { userId, participant, problems }: UnreadableLine,
): AccountPlan => ({
  line,
  userId,
  ...(participant === undefined ? {} : { participant }),
  status: 'refused',
  findings: problems.map((problem) => {
    const code = codeOf(problem)
    const detail = problem.column === undefined ? problem.code : `${problem.code}: ${problem.column}`
    return {
      code,
      rule: problem.rule,
      remedy: { route: 'listing', rule: 'MIG-16' },
      ...(code === 'unreadable' ? { detail } : {}),
    }
  }),
  warnings: [],
})

/**
 * One line of a listing as the planner receives it.
 *
 * @category Migration
 */
export type ReadLine = Result<ListedAccount, UnreadableLine>
