import { TZDate } from '@date-fns/tz'
import { format } from 'date-fns/format'
import type { Phase } from '../../access-control/timeline.ts'
import { hongKongDay, type Instant } from '../../kernel/instant.ts'
import type { RuleId } from '../../kernel/rule-id.ts'
import type { PlanStatus, PlanWarning } from '../../migration/model/account-plan.ts'
import { checklistPoints } from '../../migration/model/checklist.ts'
import { type Finding, findingKinds, type RemedyRoute } from '../../migration/model/findings.ts'
import type { ListedPlan, PlanTask } from '../../migration/model/participant-plan.ts'
import type { ListingPlan } from '../../migration/model/plan.ts'
import type { PendingStep, ReconciliationOutcome } from '../../migration/model/reconcile.ts'
import type { ListingReconciliation } from '../../migration/model/reconciler.ts'

/**
 * What a report shows: a plan, and, once it has been applied, what became of it.
 *
 * @category Migration
 */
export interface MigrationReport {
  readonly plan: ListingPlan
  readonly reconciliation?: ListingReconciliation
  /** The heading. Default: `From smartcard to 2FA`. */
  readonly title?: string
  /** What was read, e.g. the name of a file. */
  readonly source?: string
}

/** The heading of a report without one. */
export const defaultTitle = 'From smartcard to 2FA'

/** What is said of each status. */
export const statusWords: Readonly<Record<PlanStatus, { readonly name: string; readonly means: string }>> = {
  ready: { name: 'Ready', means: 'Will be migrated, and can initialise 2FA from launch' },
  blocked: { name: 'Blocked', means: 'Will be migrated, but cannot use 2FA until someone has helped' },
  refused: { name: 'Refused', means: 'Will be left out until the line is corrected' },
}

/** Who helps, in words. */
export const routeWords: Readonly<Record<RemedyRoute, string>> = {
  'self-service': 'The holder, at the first sign-in',
  'delegated-administrators': 'Two Delegated Administrators, in DMS',
  'DA 3': 'HKEX, on eService DA 3',
  'SCard 1': 'HKEX, on SCard 1',
  'DA 4': 'The participant, buying accounts on eService DA 4',
  listing: 'The keeper of the listing',
  participant: 'The participant',
  'not-available': 'No one yet: registration has not begun',
}

/** What is said of each warning. */
export const warningWords: Readonly<Record<PlanWarning, string>> = {
  'looks-like-administrator': 'A user’s ID that looks like a Delegated Administrator’s',
  'unknown-remark': 'An unknown remark',
  'smartcard-incomplete': 'Half a smartcard: taken as none',
  'no-smartcard': 'No smartcard',
  'date-rewritten': 'A date is not as DMS prints it: read with the day first',
  'spreadsheet-text': 'A spreadsheet’s ="…" or apostrophe was taken off',
  'looks-like-formula': 'A text that a spreadsheet would run as a formula',
  'doubtful-serial-number': 'A serial number of digits that may have lost some in a spreadsheet',
  'cells-missing': 'The row ends early: the cells that it lacks are taken as empty',
  'certificate-expired': 'The smartcard’s certificate has expired',
}

/** The phases, in words. */
export const phaseWords: Readonly<Record<Phase, string>> = {
  'before-registration': 'Before email registration',
  registration: 'Email registration',
  'parallel-run': 'Parallel run',
  decommissioned: 'Smartcards decommissioned',
}

/** What is said of each outcome. */
export const outcomeWords: Readonly<Record<ReconciliationOutcome, string>> = {
  initialised: 'Initialised',
  'not-initialised': 'Not initialised yet',
  different: 'Not as planned',
  missing: 'Missing',
  deleted: 'Deleted since',
  'left-out': 'Left out',
  unplanned: 'There, though its line was refused',
}

/** What is said of each thing that an account waits for. */
export const waitingWords: Readonly<Record<PendingStep, string>> = {
  enabling: 'Waits to be enabled',
  unlock: 'Waits for an unlock',
  email: 'Waits for an email',
  holder: 'Waits for its holder’s first sign-in',
}

/** What a finding says, with what is wrong with the line, if it can't be read. */
export const findingWords = ({ code, detail }: Finding): string =>
  detail === undefined ? findingKinds[code].statement : `${findingKinds[code].statement} (${detail})`

/** What is to be done, in words. */
export const taskWords = ({ what, point, late }: PlanTask): string => {
  if (what === 'checklist') return `Checklist ${point ?? ''}: ${point ? checklistPoints[point] : ''}`
  if (what === 'fewer-than-two-administrators')
    return 'Fewer Delegated Administrators than maker and checker need'
  return late ? `${findingKinds[what].statement} (late)` : findingKinds[what].statement
}

/** What an account is, in words; empty where its line can't be read. */
export const roleWords = ({ administrator }: ListedPlan): string => {
  if (administrator === undefined) return ''
  return administrator ? 'DA' : 'User'
}

/** A number with its thousands apart, e.g. `1,269`. */
export const grouped = (value: number): string => `${value}`.replace(/\B(?=(\d{3})+$)/g, ',')

/** A number with what it counts, e.g. `1 user`, `1,269 users`. */
export const numbered = (value: number, one: string, many = `${one}s`): string =>
  `${grouped(value)} ${value === 1 ? one : many}`

/** How often something is to be done: for this many accounts or lines, or by this many participants. */
export const countWords = ({ what, count }: PlanTask): string =>
  what === 'checklist' ? numbered(count, 'participant') : grouped(count)

/** An instant as people in Hong Kong read it, e.g. `5 Jun 2023, 09:00 HKT`; of what is none, `–`. */
export const hongKongTime = (at: Instant): string =>
  hongKongDay(at) === '' ? '–' : `${format(new TZDate(at, 'Asia/Hong_Kong'), 'd MMM yyyy, HH:mm')} HKT`

/**
 * A text of unknown origin with nothing in it that is not seen: control characters and those that turn the
 * direction of writing become `�`, so that no name rearranges the report around it.
 */
export const visible = (text: string): string =>
  text.toWellFormed().replace(/[\p{Cc}\u200E\u200F\u2028-\u202E\u2066-\u2069]/gu, '\uFFFD')

/** What is left to do of all participants together, most first; what comes from checklists, last. */
export const allTasks = ({ participants, unattributed }: ListingPlan): readonly PlanTask[] => {
  const sums = new Map<string, { tasks: PlanTask; count: number }>()
  const add = (tasks: PlanTask) => {
    const key = `${tasks.what} ${tasks.point ?? ''} ${tasks.route} ${tasks.late ?? ''}`
    const sum = sums.get(key)
    if (sum === undefined) sums.set(key, { tasks, count: tasks.count })
    else sum.count += tasks.count
  }
  for (const { tasks } of participants) tasks.forEach(add)
  unattributed.tasks.forEach(add)
  return [...sums.values()]
    .map(({ tasks, count }) => ({ ...tasks, count }))
    .sort((a, b) => (a.point ?? 0) - (b.point ?? 0) || b.count - a.count)
}

/** Every rule that a report names, in the order in which it was named. */
export const namedRules = () => {
  const named = new Set<RuleId>()
  return {
    /** Remembers a rule, and gives it back. */
    name: (rule: RuleId): RuleId => {
      named.add(rule)
      return rule
    },
    /** All rules named so far, in the order of their numbers. */
    all: (): readonly RuleId[] => [...named].sort(),
  }
}
