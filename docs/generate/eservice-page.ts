import { type Phase, phases } from '../../src/access-control/timeline.ts'
import { type FormCheck, formChecks } from '../../src/eservices/model/form-checks.ts'
import {
  changeableFields,
  type Fee,
  feeSchedule,
  formNames,
  offeredLines,
} from '../../src/eservices/model/forms.ts'
import type { RuleId } from '../../src/kernel/rule-id.ts'
import { head, row } from './rulebook-page.ts'
import { inWords, phaseTitles, ruleLink } from './words.ts'

const inPhases = (offered: readonly Phase[], yes = '✓') =>
  phases.map((phase) => (offered.includes(phase) ? yes : ''))

const titles = phases.map((phase) => phaseTitles[phase])

/** Merges rows that differ only in what they offer. */
const merged = (
  rows: readonly { readonly name: string; readonly phases: readonly Phase[]; readonly rule: RuleId }[],
) => {
  const alike = new Map<string, { names: string[]; row: (typeof rows)[number] }>()
  for (const each of rows) {
    const key = JSON.stringify([each.phases, each.rule])
    const found = alike.get(key) ?? { names: [], row: each }
    alike.set(key, { ...found, names: [...found.names, each.name] })
  }
  return [...alike.values()].map(({ names, row: { phases: when, rule } }) => ({
    ...{ name: names.join(', '), when, rule },
  }))
}

const formSection = (form: (typeof formNames)[number]) => {
  const lines = offeredLines.filter((each) => each.form === form)
  const fields = merged(
    changeableFields
      .filter((each) => each.form === form)
      .map(({ field, ...rest }) => ({ ...rest, name: inWords(field) })),
  )
  return [
    `## ${form}`,
    [
      head('Line', ...titles, 'Rule'),
      ...lines.map(({ line, phases: when, rule }) => row(inWords(line), ...inPhases(when), ruleLink(rule))),
      ...fields.map(({ name, when, rule }) => row(`change: ${name}`, ...inPhases(when), ruleLink(rule))),
    ].join('\n'),
  ]
}

const feeRow = ({ item, hkd, lines, phases: when, rule }: Fee) =>
  row(
    item,
    lines.length === 0 ? 'ordered elsewhere' : lines.map(inWords).join(', '),
    ...inPhases(when, `HKD ${hkd}`),
    ruleLink(rule),
  )

const checkRow = ({ says, reason, rule, ofPhase }: FormCheck) =>
  row(says, `\`${reason}\``, ofPhase ? 'submitted, confirmed' : 'submitted', ruleLink(rule))

/** `docs/eservices.md`: which form offers which lines and fields in which phase, what it must hold, and fees. */
export const eservicePage = (): string =>
  `${[
    '# eServices',
    `This page is generated from \`src/eservices/model\` by \`npm run docs:generate\`; change the tables there, not here. It shows which form offers which lines in which phase, and which fields a line of type “change” may change (${['ESV-04', 'MNT-06', 'MNT-10'].map(ruleLink).join(', ')}). Who may do what for whom is the table of [who can help](authority.md); the life of a form is among the [machines](machines.md).`,
    `Two forms of Client Connect are out of scope: **SCard 2** (smartcard maintenance of users of the Participant Gateway, or by special request) and **SCard 3** (orders of smartcard readers). HKEX processes both outside the library. A card issued on SCard 2 is entered in the registry; whether the Gateway accepts it for an account created from launch on is a setting (${ruleLink('MIG-18')}).`,
    ...formNames.flatMap(formSection),
    '## Fees',
    'Once, for each unit that a line asks for; where no fee stands, the item is not sold on the form in that phase.',
    [head('Item', 'Lines', ...titles, 'Rule'), ...feeSchedule.map(feeRow)].join('\n'),
    '## What a form must hold',
    'Asked in this order; the first that is broken refuses the step, with its reason in the trail. What time alone can break is asked again when the checker confirms.',
    [head('A form is refused if', 'Reason', 'When it is', 'Rule'), ...formChecks.map(checkRow)].join('\n'),
  ].join('\n\n')}\n`
