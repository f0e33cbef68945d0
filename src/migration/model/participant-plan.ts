import { supportRouteFor } from '../../access-control/authority.ts'
import type { Phase } from '../../access-control/timeline.ts'
import type { ParticipantKey } from '../../identity/participant.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { RuleId } from '../../kernel/rule-id.ts'
import { keysOf } from '../../kernel/typed-entries.ts'
import type { AccountPlan, PlanStatus, PlanWarning } from './account-plan.ts'
import { type ChecklistItem, type ChecklistPoint, checklistOf } from './checklist.ts'
import type { Finding, FindingCode, Remedy } from './findings.ts'

/**
 * One line as plans and reports list it.
 *
 * @category Migration
 */
export interface ListedPlan {
  readonly line: number
  readonly userId: string
  /** Surname and other names; empty where the line can't be read. */
  readonly name: string
  /** Absent where the line can't be read. */
  readonly administrator?: boolean
  readonly status: PlanStatus
  readonly findings: readonly Finding[]
  readonly warnings: readonly PlanWarning[]
}

/**
 * The number of lines by status, and of accounts (ready and blocked) by role and email.
 *
 * @category Migration
 */
export interface PlanTotals {
  readonly lines: number
  readonly ready: number
  readonly blocked: number
  readonly refused: number
  readonly users: number
  readonly administrators: number
  readonly withEmail: number
  readonly withoutEmail: number
}

/**
 * A task that is left to do: how often, for whom, and by which rule.
 *
 * @category Migration
 */
export interface PlanTask extends Remedy {
  readonly what: FindingCode | 'checklist' | 'fewer-than-two-administrators'
  /** The checklist point that is not done; of `checklist` only. */
  readonly point?: ChecklistPoint
  /**
   * The number of accounts or lines; 1 for `checklist`; the number of missing administrators if there are too
   * few.
   */
  readonly count: number
  /** The rule that requires it. */
  readonly reason: RuleId
  /** The email is registered after the deadline, which is allowed but late (MIG-02). */
  readonly late?: true
}

/**
 * The plan for one participant.
 *
 * @category Migration
 */
export interface ParticipantPlan {
  readonly participant: ParticipantKey
  /** The organisation as the participant's first line prints it, e.g. `B01234 ABC SECURITIES`. */
  readonly organisation: string
  /** The participant's phase at the instant of the plan. */
  readonly phase: Phase
  readonly launch: Instant
  /** Whether emails registered from now on are late. */
  readonly late: boolean
  readonly totals: PlanTotals
  /** The participant's maximum number of accounts, if one was given (QTA-01). */
  readonly maximum?: number
  readonly checklist: readonly ChecklistItem[]
  readonly tasks: readonly PlanTask[]
  /** The first lines that are not ready and the first that are, as many as the options allow. */
  readonly listed: readonly ListedPlan[]
  /** The number of lines that are not in `listed`. */
  readonly more: { readonly ready: number; readonly notReady: number }
}

/** The totals of no lines. */
const noLines: PlanTotals = {
  lines: 0,
  ready: 0,
  blocked: 0,
  refused: 0,
  users: 0,
  administrators: 0,
  withEmail: 0,
  withoutEmail: 0,
}

/** Adds totals. */
export const sumOfPlans = (all: readonly PlanTotals[]): PlanTotals => {
  const sum: Record<keyof PlanTotals, number> = { ...noLines }
  for (const totals of all) for (const key of keysOf(noLines)) sum[key] += totals[key]
  return sum
}

/** A pending task and how often it occurs. */
interface Matter {
  readonly what: FindingCode
  readonly reason: RuleId
  readonly remedy: Remedy
  count: number
}

/** What the planner remembers of a participant's lines while it reads the listing. */
export interface Tally {
  readonly totals: { -readonly [K in keyof PlanTotals]: PlanTotals[K] }
  readonly pending: Matter[]
  readonly listed: ListedPlan[]
  readonly more: { ready: number; notReady: number }
}

/**
 * Creates a tally with all counts at zero.
 *
 * @internal
 */
export const newTally = (): Tally => ({
  totals: { ...noLines },
  pending: [],
  listed: [],
  more: { ready: 0, notReady: 0 },
})

const nameOf = ({ account }: AccountPlan): string =>
  [account?.profile.surname, account?.profile.otherNames].filter(Boolean).join(' ').slice(0, 128)

const listedOf = (plan: AccountPlan): ListedPlan => ({
  line: plan.line,
  userId: plan.userId,
  name: nameOf(plan),
  ...(plan.account === undefined ? {} : { administrator: plan.account.role === 'DelegatedAdministrator' }),
  status: plan.status,
  findings: plan.findings,
  warnings: plan.warnings,
})

/**
 * Counts a line, and lists it if there is room.
 *
 * @internal
 */
export const count = (tally: Tally, plan: AccountPlan, hasRoom: boolean): void => {
  const { totals, pending, listed, more } = tally
  totals.lines++
  totals[plan.status]++
  if (plan.status !== 'refused' && plan.account !== undefined) {
    totals[plan.account.role === 'User' ? 'users' : 'administrators']++
    totals[plan.account.profile.email === undefined ? 'withoutEmail' : 'withEmail']++
  }
  for (const { code, rule, remedy: help } of plan.findings) {
    const found = pending.find(({ what, remedy: { route } }) => what === code && route === help.route)
    if (found === undefined) pending.push({ what: code, reason: rule, remedy: help, count: 1 })
    else found.count++
  }
  if (hasRoom) listed.push(listedOf(plan))
  else more[plan.status === 'ready' ? 'ready' : 'notReady']++
}

const declaring = (point: ChecklistPoint): PlanTask => ({
  what: 'checklist',
  point,
  count: 1,
  reason: 'MIG-13',
  route: 'participant',
  rule: 'MIG-13',
})

/**
 * The tasks for points that a participant must declare; shared, because there are as many lists as
 * participants.
 */
const toDeclare: Readonly<Record<ChecklistPoint, PlanTask>> = {
  1: declaring(1),
  2: declaring(2),
  3: declaring(3),
  4: declaring(4),
  5: declaring(5),
  6: declaring(6),
  7: declaring(7),
}

/** The facts needed to complete a participant's plan after its last line. */
interface Closing {
  readonly phase: Phase
  readonly late: boolean
  readonly declared: readonly ChecklistPoint[]
  readonly onePerson: boolean
}

const isEmailMatter = (what: FindingCode) => what === 'no-registered-email' || what === 'invalid-email'

/**
 * The pending tasks for accounts and lines, most frequent first.
 *
 * @internal
 */
export const tasksOf = ({ pending }: Pick<Tally, 'pending'>, late: boolean): readonly PlanTask[] =>
  [...pending]
    .sort((a, b) => b.count - a.count)
    .map(({ what, reason, remedy: help, count }) => ({
      what,
      count,
      reason,
      ...help,
      ...(late && isEmailMatter(what) ? { late: true } : {}),
    }))

/**
 * Completes a participant's plan with its checklist and pending tasks: the tasks of its accounts, most
 * frequent first; enough Delegated Administrators for maker and checker; the checklist points that were not
 * declared done.
 *
 * @internal
 */
export const close = (
  { totals, pending }: Tally,
  { phase, late, declared, onePerson }: Closing,
): Pick<ParticipantPlan, 'checklist' | 'tasks'> => {
  const { users, administrators, withoutEmail } = totals
  const checklist = checklistOf({ total: users + administrators, withoutEmail }, declared)
  const needed = onePerson ? 1 : 2
  const lacking: readonly PlanTask[] =
    users > 0 && administrators < needed
      ? [
          {
            what: 'fewer-than-two-administrators',
            count: needed - administrators,
            reason: 'DMS-02',
            ...supportRouteFor({
              need: 'create-account',
              role: 'DelegatedAdministrator',
              channel: 'none',
              phase,
            }),
          },
        ]
      : []
  const undeclared = checklist
    .filter(({ done, source }) => !done && source === 'declaration')
    .map(({ point }) => toDeclare[point])
  return { checklist, tasks: [...tasksOf({ pending }, late), ...lacking, ...undeclared] }
}
