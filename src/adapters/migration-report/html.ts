import { asciiLowerCase } from '../../kernel/ascii-case.ts'
import type { RuleId } from '../../kernel/rule-id.ts'
import { entriesOf } from '../../kernel/typed-entries.ts'
import { checklistPoints } from '../../migration/model/checklist.ts'
import type { ListedPlan, ParticipantPlan, PlanTask } from '../../migration/model/participant-plan.ts'
import type { ReconciledAccount } from '../../migration/model/reconcile.ts'
import type { ListingReconciliation } from '../../migration/model/reconciler.ts'
import { ruleOf } from '../../policy/rulebook.ts'
import { escapeHtml, readinessChart } from './chart.ts'
import { reportStyle } from './style.ts'
import {
  allTasks,
  countWords,
  defaultTitle,
  findingWords,
  grouped,
  hongKongTime,
  type MigrationReport,
  namedRules,
  numbered,
  outcomeWords,
  phaseWords,
  roleWords,
  routeWords,
  statusWords,
  taskWords,
  waitingWords,
  warningWords,
} from './words.ts'

const statuses = ['ready', 'blocked', 'refused'] as const
const e = escapeHtml

/** Formats a rule number as a link to its statement at the end of the page. */
type Cite = (rule: RuleId) => string

const tile = (kind: string, value: number, name: string, description: string) =>
  `<div class="tile ${kind}"><b>${grouped(value)}</b>${e(name)}<small>${e(description)}</small></div>`

const chip = (status: 'ready' | 'blocked' | 'refused' | '', text: string) =>
  `<span class="chip ${status}">${e(text)}</span>`

const countCell = (value: number) => `<td class="n">${grouped(value)}</td>`

const toDoTable = (tasks: readonly PlanTask[], caption: string, cite: Cite) =>
  `<table class="rows todo">${caption === '' ? '' : `<caption>${e(caption)}</caption>`}<thead><tr><th scope="col" class="n">How many</th><th scope="col">What</th><th scope="col">Who, and by which route</th><th scope="col">Rule</th></tr></thead><tbody>${tasks
    .map(
      (each) =>
        `<tr><td class="n">${e(countWords(each))}</td><td>${e(taskWords(each))}</td><td>${e(routeWords[each.route])}</td><td>${cite(each.rule)}</td></tr>`,
    )
    .join('')}</tbody></table>`

const accountRow = (account: ListedPlan, cite: Cite) => {
  const { line, userId, name, status, findings, warnings } = account
  const stops = findings.map(
    (finding) =>
      `<li>${e(findingWords(finding))} ${cite(finding.rule)}<br><span class="soft">→ ${e(routeWords[finding.remedy.route])}</span> ${cite(finding.remedy.rule)}</li>`,
  )
  const notes = warnings.map((warning) => `<li class="soft">Note: ${e(warningWords[warning])}</li>`)
  const nothing = stops.length + notes.length === 0 ? '<span class="soft">–</span>' : ''
  return (
    `<tr><td class="n">${line}</td><th scope="row" class="id"><bdi>${e(userId) || '–'}</bdi></th><td><bdi>${e(name)}</bdi></td>` +
    `<td class="inline">${roleWords(account)}</td><td class="inline">${chip(status, statusWords[status].name)}</td><td>${nothing}<ul>${stops.join('')}${notes.join('')}</ul></td></tr>`
  )
}

/** Puts the accounts that need attention first. */
const attention = (listed: readonly ListedPlan[]) =>
  [...listed].sort((a, b) => Number(a.status === 'ready') - Number(b.status === 'ready') || a.line - b.line)

function* accountsTable(
  { listed, more }: Pick<ParticipantPlan, 'listed' | 'more'>,
  cite: Cite,
): Generator<string, void> {
  if (listed.length > 0) {
    yield '<table class="rows accounts"><thead><tr><th scope="col" class="n">Line</th><th scope="col">User ID</th><th scope="col">Name</th><th scope="col">Role</th><th scope="col">Plan</th><th scope="col">What stops it, and who can help</th></tr></thead><tbody>'
    for (const account of attention(listed)) yield accountRow(account, cite)
    yield '</tbody></table>'
  }
  const rest = [
    ...(more.notReady > 0 ? [`${grouped(more.notReady)} more that are not ready`] : []),
    ...(more.ready > 0 ? [`${grouped(more.ready)} more that are ready`] : []),
  ]
  if (rest.length > 0) yield `<p class="soft">and ${rest.join(', and ')}.</p>`
}

const checklist = (plan: ParticipantPlan, cite: Cite) =>
  `<h3>Checklist ${cite('MIG-13')}</h3><ul class="check">${plan.checklist
    .map(({ point, done, source, missing = 0 }) => {
      const sourceText = source === 'listing' ? 'as the listing says' : 'declared by the participant'
      const lacking = missing > 0 ? ` <span class="soft">(${grouped(missing)} missing)</span>` : ''
      const mark = done ? '<i aria-hidden="true">✓</i>' : '<i aria-hidden="true">○</i>'
      const statusText = `<span class="heard">${done ? `Done, ${sourceText}: ` : 'Not done yet: '}</span>`
      return `<li class="${done ? 'done' : 'open'}">${mark}${statusText}${e(checklistPoints[point])}${lacking}</li>`
    })
    .join('')}</ul>`

function* participantSection(
  plan: ParticipantPlan,
  launch: string,
  open: boolean,
  cite: Cite,
): Generator<string, void> {
  const { participant, organisation, phase, totals, maximum, tasks } = plan
  const chips = statuses
    .filter((status) => totals[status] > 0)
    .map((status) => chip(status, `${grouped(totals[status])} ${asciiLowerCase(statusWords[status].name)}`))
  const name = organisation.startsWith(participant) ? organisation : `${participant} ${organisation}`
  const quota =
    maximum === undefined
      ? ''
      : ` ${grouped(totals.ready + totals.blocked)} of at most ${grouped(maximum)} accounts ${cite('QTA-01')}.`
  yield `<details${open ? ' open' : ''}><summary><b><bdi>${e(name)}</bdi></b>${chips.join('')}</summary><div>`
  yield `<p class="soft">${e(phaseWords[phase])}; launch ${e(launch)}. ${numbered(totals.users, 'user')} and ${numbered(totals.administrators, 'Delegated Administrator')}, ${grouped(totals.withoutEmail)} without email.${quota}${plan.late ? ' Emails registered from now on are late.' : ''}</p>`
  const matters = tasks.filter(({ what }) => what !== 'checklist')
  yield `<div class="two"><div>${checklist(plan, cite)}</div><div>`
  if (matters.length > 0) yield `<h3>Left to do</h3>${toDoTable(matters, '', cite)}`
  yield '</div></div><h3>Accounts</h3>'
  yield* accountsTable(plan, cite)
  yield '</div></details>\n'
}

const reconciledRow = ({ line, userId, outcome, differs, pending }: ReconciledAccount) =>
  `<tr><td class="n">${line}</td><th scope="row" class="id"><bdi>${e(userId)}</bdi></th><td>${e(outcomeWords[outcome])}${
    differs.length > 0 ? ` <span class="soft">(${e(differs.join(', '))})</span>` : ''
  }</td><td>${pending === undefined ? '' : e(waitingWords[pending])}</td></tr>`

function* reconciliationSection(
  { at, totals, participants }: ListingReconciliation,
  cite: Cite,
): Generator<string, void> {
  const { planned, arrived, initialised, notInitialised, missing, deleted, different, unplanned } = totals
  yield `<h2 id="outcome">Results</h2><p class="soft">As of ${e(hongKongTime(at))}, the plan compared with the store ${cite('MIG-16')}.</p><div class="tiles">`
  yield tile('', arrived, 'Arrived', `of ${grouped(planned)} planned`)
  yield tile('ready', initialised, 'Initialised', 'password and OTP channel are complete')
  yield tile('blocked', notInitialised, 'Not initialised', 'among those that arrived')
  yield tile('refused', missing, 'Missing', `${grouped(deleted)} more were deleted since`)
  yield tile('', different, 'Not as planned', `${grouped(unplanned)} present although refused`)
  yield '</div><div class="card"><table class="few"><caption>Not initialised yet, and what they wait for</caption><tbody>'
  for (const [key, words] of entriesOf(waitingWords))
    yield `<tr><th scope="row">${e(words)}</th>${countCell(totals.waiting[key])}</tr>`
  yield '</tbody></table></div>'
  for (const { participant, totals: own, listed, more } of participants) {
    if (listed.length + more === 0) continue
    yield `<details><summary><b>${e(participant)}</b>${chip(own.arrived > 0 && own.initialised === own.arrived ? 'ready' : '', `${grouped(own.initialised)} of ${grouped(own.arrived)} initialised`)}${own.missing > 0 ? chip('refused', `${grouped(own.missing)} missing`) : ''}</summary><div><table class="rows accounts"><thead><tr><th scope="col" class="n">Line</th><th scope="col">User ID</th><th scope="col">Outcome</th><th scope="col">Waits for</th></tr></thead><tbody>`
    for (const account of listed) yield reconciledRow(account)
    yield `</tbody></table>${more > 0 ? `<p class="soft">and ${grouped(more)} more.</p>` : ''}</div></details>\n`
  }
}

const rulesTable = (rules: readonly RuleId[]) =>
  `<h2 id="rules">Rules on this page</h2><div class="card"><table class="rows"><thead><tr><th scope="col">Rule</th><th scope="col">Source</th><th scope="col">Statement</th></tr></thead><tbody>${rules
    .map((id) => {
      const { kind, statement } = ruleOf(id)
      const whose = {
        stated: 'The briefing',
        public: 'Another public document',
        interpretation: 'Our interpretation',
      }[kind]
      return `<tr id="${id}"><th scope="row">${id}</th><td>${whose}</td><td>${e(statement)}</td></tr>`
    })
    .join('')}</tbody></table></div>`

/**
 * Renders a report as one HTML page, in pieces, so that the whole page is never in memory. The page loads
 * nothing and runs no script: its Content-Security-Policy forbids both, and every text of unknown origin is
 * escaped.
 *
 * @rule MIG-16
 * @category Migration
 */
export function* htmlReport(report: MigrationReport): Generator<string, void> {
  const { plan, reconciliation, title = defaultTitle, source } = report
  const rules = namedRules()
  const cite: Cite = (rule) => `<a class="rule" href="#${rule}">${rules.name(rule)}</a>`
  const launches = new Map<number, string>()
  const launchOf = (launch: number) => {
    const known = launches.get(launch) ?? hongKongTime(launch)
    launches.set(launch, known)
    return known
  }
  yield `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer"><title>${e(title)}</title><style>${reportStyle}</style></head>\n<body><main>`
  yield `<h1><bdi>${e(title)}</bdi></h1><p class="soft">Plan of ${e(hongKongTime(plan.at))}${source === undefined ? '' : ` for <bdi>${e(source)}</bdi>`} · ${numbered(plan.totals.lines, 'line')}, ${numbered(plan.participants.length, 'participant')}. The plan shows each account as it will be at its participant’s launch.</p>`
  yield `<div class="tiles">${statuses.map((status) => tile(status, plan.totals[status], statusWords[status].name, statusWords[status].means)).join('')}${tile('', plan.totals.withoutEmail, 'Without email', `of ${numbered(plan.totals.users, 'user')} and ${numbered(plan.totals.administrators, 'Delegated Administrator')}`)}</div>`
  if (reconciliation !== undefined) yield `<p><a href="#outcome">Results</a> are shown below the plan.</p>`

  const tasks = allTasks(plan)
  if (tasks.length > 0)
    yield `<h2>Left to do</h2><div class="card">${toDoTable(tasks, 'For all participants together', cite)}</div>`
  if (plan.participants.length > 0)
    yield `<h2>Readiness by participant</h2><div class="card"><div class="key">${statuses.map((status) => `<span><i class="${status}"></i>${statusWords[status].name}</span>`).join('')}</div>${readinessChart(plan.participants)}</div>`

  yield `<h2>By participant</h2>\n`
  const open = plan.participants.length <= 5
  for (const participant of plan.participants)
    yield* participantSection(participant, launchOf(participant.launch), open, cite)
  const { unattributed } = plan
  if (unattributed.totals.lines > 0) {
    yield `<h2>Lines without a participant in this plan</h2><div class="card">`
    yield* accountsTable(unattributed, cite)
    yield '</div>'
  }
  if (reconciliation !== undefined) yield* reconciliationSection(reconciliation, cite)
  yield `${rulesTable(rules.all())}</main></body></html>\n`
}
