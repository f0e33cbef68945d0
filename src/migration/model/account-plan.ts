import type { Result } from 'neverthrow'
import type { Phase } from '../../access-control/timeline.ts'
import type { ParticipantKey } from '../../identity/participant.ts'
import type { Role } from '../../identity/role.ts'
import type { HongKongDay, Instant } from '../../kernel/instant.ts'
import { type Finding, type FindingCode, findingKinds, remedyFor } from './findings.ts'
import type { ListedAccount, ListingProblem, ListingWarning, UnreadableLine } from './listing.ts'

/**
 * What a migration will do with an account: `ready`, it is migrated and can use 2FA from launch; `blocked`,
 * it is migrated and waits for help; `refused`, its line is left out.
 *
 * @rule MIG-16
 * @category Migration
 */
export type PlanStatus = 'ready' | 'blocked' | 'refused'

/**
 * Something to know about an account that keeps it from nothing.
 *
 * @category Migration
 */
export type PlanWarning = Exclude<ListingWarning, 'invalid-email'> | 'certificate-expired'

/**
 * What is planned for one line of a listing.
 *
 * @category Migration
 */
export interface AccountPlan {
  /** Its number in the listing, as given. */
  readonly line: number
  /** Canonical; for a line that can't be read, the cell's text, cut at 64 characters. */
  readonly userId: string
  /** Absent: the User ID does not tell. */
  readonly participant?: ParticipantKey
  readonly status: PlanStatus
  /** What keeps it from being ready; empty: nothing. */
  readonly findings: readonly Finding[]
  readonly warnings: readonly PlanWarning[]
  /** What the listing says; absent where the line can't be read. Of a refused line it is not to be migrated. */
  readonly account?: ListedAccount
}

/** By which dates a participant's accounts are judged. */
export interface PlanContext {
  /** The phase at the instant of the plan: it decides who can help. */
  readonly phase: Phase
  /** The same for Delegated Administrators, whose emails are registered from another date on (MIG-23). */
  readonly administratorPhase: Phase
  /** Launch, or the instant of the plan if that is later. */
  readonly at: Instant
  /** The day of that in Hong Kong. */
  readonly day: HongKongDay
}

/**
 * How readings of the plan are set.
 *
 * @category Migration
 */
export interface PlanReadings {
  /**
   * A user's ID that looks like a Delegated Administrator's: an old user, or a remark that got lost? By default
   * a person must say; `admit` takes it as a user's with a warning (ID-09).
   *
   * @defaultValue `refuse`
   */
  readonly administratorLookalikes?: 'refuse' | 'admit'
  /**
   * An account whose certificate has expired: no one can have used it lately, and its card will not carry it
   * through the parallel run. By default it is blocked until someone has looked; `warn` lets it be ready.
   *
   * @defaultValue `block`
   */
  readonly expiredCertificates?: 'block' | 'warn'
}

const statusOf = (codes: readonly FindingCode[]): PlanStatus => {
  if (codes.some((code) => findingKinds[code].status === 'refused')) return 'refused'
  return codes.length > 0 ? 'blocked' : 'ready'
}

/** What blocks an account that can be read. */
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

/** A malformed email is more than a warning here: it blocks. */
const isWarning = (warning: ListingWarning): warning is Exclude<ListingWarning, 'invalid-email'> =>
  warning !== 'invalid-email'

/** Once decommissioned, no one asks for a card. */
const isExpired = ({ smartcard }: ListedAccount['profile'], phase: Phase, at: Instant): boolean =>
  phase !== 'decommissioned' && smartcard !== undefined && at >= smartcard.certificateExpiry

const finding = (code: FindingCode, role: Role, phase: Phase): Finding => ({
  code,
  rule: findingKinds[code].rule,
  remedy: remedyFor(code, role, phase),
})

/**
 * The plan of a line that can be read. What depends on other lines comes from outside.
 *
 * @internal
 */
export const planOfAccount = (
  line: number,
  account: ListedAccount,
  judgement: PlanContext,
  readings: PlanReadings,
  refusals: readonly FindingCode[],
): AccountPlan => {
  const { userId, role, participant, warnings } = account
  const warned =
    readings.expiredCertificates === 'warn' && isExpired(account.profile, judgement.phase, judgement.at)
  const codes = [...refusals, ...blocks(account, judgement, readings)]
  return {
    line,
    userId,
    participant,
    status: statusOf(codes),
    findings: codes.map((code) =>
      finding(code, role, role === 'User' ? judgement.phase : judgement.administratorPhase),
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
 * The plan of a line that can't be read: refused, with everything that is wrong with it.
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
 * A line of a listing, as the planner takes it.
 *
 * @category Migration
 */
export type ReadLine = Result<ListedAccount, UnreadableLine>
