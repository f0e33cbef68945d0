import { TZDate } from '@date-fns/tz'
import { format } from 'date-fns/format'
import type { Phase } from '../../access-control/timeline.ts'
import { looksLikeFormula, showUnprintable } from '../../fields/text.ts'
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
 * The contents of a report: a plan and, after it was applied, the result.
 *
 * @category Migration
 */
export interface MigrationReport {
  readonly plan: ListingPlan
  readonly reconciliation?: ListingReconciliation
  /** The heading. Default: `From smartcard to 2FA`. */
  readonly title?: string
  /** The source of the plan, such as the name of a file. */
  readonly source?: string
}

/** The default heading. */
export const defaultTitle = 'From smartcard to 2FA'

/** The name and meaning of each status. */
export const statusWords: Readonly<Record<PlanStatus, { readonly name: string; readonly means: string }>> = {
  ready: { name: 'Ready', means: 'Will be migrated, and can initialise 2FA from launch' },
  blocked: {
    name: 'Blocked',
    means: 'Will be migrated, but cannot use 2FA until the listed problems are solved',
  },
  refused: { name: 'Refused', means: 'Will be left out until the line is corrected' },
}

/** The text of each route of a remedy. */
export const routeWords: Readonly<Record<RemedyRoute, string>> = {
  'self-service': 'The holder, at the first sign-in',
  'delegated-administrators': 'Two Delegated Administrators, in DMS',
  'DA 3': 'HKEX, on eService DA 3',
  'SCard 1': 'HKEX, on SCard 1',
  'DA 4': 'The participant, by buying accounts on eService DA 4',
  listing: 'The person who maintains the listing',
  participant: 'The participant',
  'not-available': 'No one yet: registration has not begun',
}

/** The text of each warning. */
export const warningWords: Readonly<Record<PlanWarning, string>> = {
  'looks-like-administrator': 'A user’s ID that looks like a Delegated Administrator’s',
  'unknown-remark': 'An unknown remark',
  'smartcard-incomplete': 'Incomplete smartcard data: read as no smartcard',
  'no-smartcard': 'No smartcard',
  'date-rewritten': 'A date that DMS would print differently: read with the day first',
  'spreadsheet-text': 'A spreadsheet’s ="…" or apostrophe was removed',
  'looks-like-formula': 'A text that a spreadsheet would run as a formula',
  'doubtful-serial-number': 'A serial number that may have lost digits in a spreadsheet',
  'cells-missing': 'The row ends early: missing cells are read as empty',
  'certificate-expired': 'The smartcard’s certificate has expired',
}

/** The text of each phase. */
export const phaseWords: Readonly<Record<Phase, string>> = {
  'before-registration': 'Before email registration',
  registration: 'Email registration',
  'parallel-run': 'Parallel run',
  decommissioned: 'Smartcards decommissioned',
}

/** The text of each outcome. */
export const outcomeWords: Readonly<Record<ReconciliationOutcome, string>> = {
  initialised: 'Initialised',
  'not-initialised': 'Not initialised yet',
  different: 'Not as planned',
  missing: 'Missing',
  deleted: 'Deleted since',
  'left-out': 'Left out',
  unplanned: 'Exists although its line was refused',
}

/** The text of each step that an account waits for. */
export const waitingWords: Readonly<Record<PendingStep, string>> = {
  enabling: 'Waits to be enabled',
  unlock: 'Waits for an unlock',
  email: 'Waits for an email',
  holder: 'Waits for its holder’s first sign-in',
}

/** The text of a finding, with what is wrong with the line if it cannot be read. */
export const findingWords = ({ code, detail }: Finding): string =>
  detail === undefined ? findingKinds[code].statement : `${findingKinds[code].statement} (${detail})`

/** The text of a task. */
export const taskWords = ({ what, point, late }: PlanTask): string => {
  if (what === 'checklist') return `Checklist ${point ?? ''}: ${point ? checklistPoints[point] : ''}`
  if (what === 'fewer-than-two-administrators')
    return 'Too few Delegated Administrators for maker and checker'
  return late ? `${findingKinds[what].statement} (late)` : findingKinds[what].statement
}

/** The role of an account in words. Empty if its line cannot be read. */
export const roleWords = ({ administrator }: ListedPlan): string => {
  if (administrator === undefined) return ''
  return administrator ? 'DA' : 'User'
}

/** Formats a number with thousands separators, such as `1,269`. */
export const grouped = (value: number): string => `${value}`.replace(/\B(?=(\d{3})+$)/g, ',')

/** Formats a number with its noun, such as `1 user` or `1,269 users`. */
export const numbered = (value: number, one: string, many = `${one}s`): string =>
  `${grouped(value)} ${value === 1 ? one : many}`

/** For how many accounts, lines or participants a task must be done. */
export const countWords = ({ what, count }: PlanTask): string =>
  what === 'checklist' ? numbered(count, 'participant') : grouped(count)

/** Formats an instant in Hong Kong time, such as `5 Jun 2023, 09:00 HKT`, or `–` if it is invalid. */
export const hongKongTime = (at: Instant): string =>
  hongKongDay(at) === '' ? '–' : `${format(new TZDate(at, 'Asia/Hong_Kong'), 'd MMM yyyy, HH:mm')} HKT`

/**
 * Makes a text of unknown origin safe to show: invisible characters and those that change the writing
 * direction appear as their numbers, so that no name can rearrange the report around it or pass as another. A
 * text that a spreadsheet would run as a formula, once a table of the report is pasted into one, gets an
 * apostrophe before it.
 *
 * @rule MIG-16
 * @rule MIG-24
 */
export const visible = (text: string): string => {
  const shown = showUnprintable(text)
  return looksLikeFormula(shown) ? `'${shown}` : shown
}

/** The remaining tasks of all participants together, most frequent first. Checklist tasks come last. */
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

/** Collects the rules that a report mentions. */
export const namedRules = () => {
  const named = new Set<RuleId>()
  return {
    /** Records a rule and returns it. */
    name: (rule: RuleId): RuleId => {
      named.add(rule)
      return rule
    },
    /** All rules mentioned so far, sorted by number. */
    all: (): readonly RuleId[] => [...named].sort(),
  }
}
