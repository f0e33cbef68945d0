import { asciiUpperCase } from '../../kernel/ascii-case.ts'
import { entriesOf } from '../../kernel/typed-entries.ts'
import { checklistPoints } from '../../migration/model/checklist.ts'
import type { ParticipantPlan, PlanTask, PlanTotals } from '../../migration/model/participant-plan.ts'
import type { ReconciledAccount } from '../../migration/model/reconcile.ts'
import type { ListingReconciliation } from '../../migration/model/reconciler.ts'
import {
  allTasks,
  countWords,
  defaultTitle,
  findingWords,
  grouped,
  hongKongTime,
  type MigrationReport,
  numbered,
  outcomeWords,
  phaseWords,
  roleWords,
  routeWords,
  statusWords,
  taskWords,
  visible,
  waitingWords,
  warningWords,
} from './words.ts'

const line = (text = '') => `${text}\n`
const heading = (text: string, under: string) =>
  `${line()}${line(text)}${line(under.repeat([...text].length))}`

const totalsLine = ({ lines, ready, blocked, refused, users, administrators, withoutEmail }: PlanTotals) =>
  line(
    `${numbered(lines, 'line')}: ${grouped(ready)} ready, ${grouped(blocked)} blocked, ${grouped(refused)} refused` +
      ` · ${numbered(users, 'user')}, ${numbered(administrators, 'DA')}, ${grouped(withoutEmail)} without email`,
  )

const toDoLines = (tasks: readonly PlanTask[]) =>
  tasks
    .map((each) =>
      line(
        `  ${countWords(each).padStart(7)} × ${taskWords(each)} → ${routeWords[each.route]} [${each.rule}]`,
      ),
    )
    .join('')

function* accountLines({ listed, more }: Pick<ParticipantPlan, 'listed' | 'more'>): Generator<string, void> {
  for (const account of listed) {
    const { line: number, userId, name, status, findings, warnings } = account
    const who = [visible(userId) || '(no User ID)', visible(name), roleWords(account)]
      .filter(Boolean)
      .join(' · ')
    yield line(`  line ${number}: ${asciiUpperCase(statusWords[status].name)} ${who}`)
    for (const finding of findings)
      yield line(
        `    - ${findingWords(finding)} [${finding.rule}] → ${routeWords[finding.remedy.route]} [${finding.remedy.rule}]`,
      )
    for (const warning of warnings) yield line(`    - note: ${warningWords[warning]}`)
  }
  if (more.notReady > 0) yield line(`  and ${grouped(more.notReady)} more that are not ready`)
  if (more.ready > 0) yield line(`  and ${grouped(more.ready)} more that are ready`)
}

function* participantLines(plan: ParticipantPlan, launch: string): Generator<string, void> {
  const { participant, organisation } = plan
  yield heading(
    visible(organisation.startsWith(participant) ? organisation : `${participant} ${organisation}`),
    '-',
  )
  yield line(`${phaseWords[plan.phase]}; launch ${launch}`)
  yield totalsLine(plan.totals)
  const { maximum, totals } = plan
  if (maximum !== undefined)
    yield line(`Maximum ${grouped(maximum)}, ${grouped(totals.ready + totals.blocked)} taken`)
  yield line('Checklist:')
  for (const { point, done, missing = 0 } of plan.checklist)
    yield line(
      `  [${done ? 'x' : ' '}] ${point} ${checklistPoints[point]}${missing > 0 ? ` (${grouped(missing)} missing)` : ''}`,
    )
  if (plan.tasks.length > 0) yield `${line('Left to do:')}${toDoLines(plan.tasks)}`
  yield line('Accounts:')
  yield* accountLines(plan)
}

const reconciledLine = ({ line: number, userId, outcome, differs, pending }: ReconciledAccount) => {
  const what = differs.length > 0 ? `${outcomeWords[outcome]}: ${differs.join(', ')}` : outcomeWords[outcome]
  const wait = pending === undefined ? '' : ` – ${waitingWords[pending]}`
  return line(`  line ${number}: ${visible(userId)} – ${what}${wait}`)
}

function* reconciliationLines({ at, totals, participants }: ListingReconciliation): Generator<string, void> {
  yield heading('Results', '=')
  yield line(`As of ${hongKongTime(at)}`)
  const { planned, arrived, missing, deleted, different, initialised, waiting, unplanned } = totals
  yield line(
    `${grouped(arrived)} of ${grouped(planned)} planned accounts arrived, ${grouped(initialised)} initialised`,
  )
  yield line(
    `${grouped(missing)} missing, ${grouped(deleted)} deleted since, ${grouped(different)} not as planned, ` +
      `${grouped(unplanned)} present although refused`,
  )
  for (const [key, words] of entriesOf(waitingWords))
    yield line(`  ${grouped(waiting[key]).padStart(7)} × ${words}`)
  for (const { participant, listed, more } of participants) {
    if (listed.length + more === 0) continue
    yield `${line()}${line(participant)}`
    for (const account of listed) yield reconciledLine(account)
    if (more > 0) yield line(`  and ${grouped(more)} more`)
  }
}

/**
 * Renders a report as plain text, in pieces, so that the whole report is never in memory. Texts of unknown
 * origin contain no character that a terminal would interpret: such characters appear as their numbers.
 *
 * @rule MIG-16
 * @category Migration
 */
export function* textReport(report: MigrationReport): Generator<string, void> {
  const { plan, reconciliation, title = defaultTitle, source } = report
  const launches = new Map<number, string>()
  const launchOf = (launch: number) => {
    const known = launches.get(launch) ?? hongKongTime(launch)
    launches.set(launch, known)
    return known
  }
  const shownTitle = visible(title)
  yield line(shownTitle)
  yield line('='.repeat([...shownTitle].length))
  yield line(`Plan of ${hongKongTime(plan.at)}${source === undefined ? '' : ` for ${visible(source)}`}`)
  yield totalsLine(plan.totals)
  const tasks = allTasks(plan)
  if (tasks.length > 0) yield `${line()}${line('Left to do, for all participants:')}${toDoLines(tasks)}`
  for (const participant of plan.participants)
    yield* participantLines(participant, launchOf(participant.launch))
  if (plan.unattributed.totals.lines > 0) {
    yield heading('Lines without a participant in this plan', '-')
    yield totalsLine(plan.unattributed.totals)
    yield* accountLines(plan.unattributed)
  }
  if (reconciliation !== undefined) yield* reconciliationLines(reconciliation)
}
