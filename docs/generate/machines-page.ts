import type { Transition } from '../../src/kernel/decision-table.ts'
import { head, row } from './rulebook-page.ts'
import { ruleLink } from './words.ts'

/** A machine, as the page shows it. */
export interface ShownMachine {
  readonly title: string
  /** The path of its table. */
  readonly source: string
  readonly initial: string
  readonly transitions: readonly Transition[]
}

interface Edge {
  readonly from: string
  readonly to: string
  /** Each command with its rules, in the order of the table. */
  readonly commands: ReadonlyMap<string, readonly string[]>
}

type Moving = Transition & { readonly outcome: { readonly kind: 'events'; readonly to: string } }

const isEvents = (each: Transition): each is Moving => each.outcome.kind === 'events'

/** The changes of stage of a row. */
const waysOf = ({ from, outcome: { to } }: Moving) =>
  to === 'same' ? [] : from.filter((stage) => stage !== to)

const including = (items: readonly string[] | undefined, item: string) => [
  ...new Set([...(items ?? []), item]),
]

/** One edge for each pair of stages, with the commands and rules of all rows that connect them. */
export const edgesOf = (transitions: readonly Transition[]): readonly Edge[] => {
  const edges = new Map<string, { from: string; to: string; commands: Map<string, readonly string[]> }>()
  for (const each of transitions.filter(isEvents))
    for (const from of waysOf(each)) {
      const { to } = each.outcome
      const edge = edges.get(`${from} ${to}`) ?? { from, to, commands: new Map() }
      edge.commands.set(each.on, including(edge.commands.get(each.on), each.rule))
      edges.set(`${from} ${to}`, edge)
    }
  return [...edges.values()]
}

/**
 * Escapes a text for a mermaid label: characters with a meaning in its grammar or in HTML become entities.
 */
export const inLabel = (text: string): string =>
  text.replace(/[^\p{L}\p{N} .,()/_-]/gu, (sign) => `#${sign.codePointAt(0)};`)

/** The machine as a mermaid state diagram. */
export const diagramOf = ({ initial, transitions }: ShownMachine): string => {
  const edges = edgesOf(transitions)
  const accountStages = [...new Set(transitions.flatMap(({ from }) => from))]
  const goesOn = (stage: string) =>
    transitions.some(
      ({ from, outcome }) => from.includes(stage) && outcome.kind === 'events' && outcome.events.length > 0,
    )
  const last = accountStages.filter((stage) => !goesOn(stage))
  const labelOf = ({ commands }: Edge) =>
    [...commands]
      .map(([command, rules]) => inLabel(`${command} (${[...rules].sort().join(', ')})`))
      .join('<br/>')
  return [
    '```mermaid',
    'stateDiagram-v2',
    `  [*] --> ${initial}`,
    ...edges.map((edge) => `  ${edge.from} --> ${edge.to} : ${labelOf(edge)}`),
    ...last.map((stage) => `  ${stage} --> [*]`),
    '```',
  ].join('\n')
}

const stagesCell = (accountStages: readonly string[], all: readonly string[]) =>
  accountStages.length === all.length && all.length > 1 ? 'any' : accountStages.join(', ')

const whenCell = (when: readonly string[]) => when.join(', and ') || 'otherwise'

const eventsCell = ({ outcome: { events } }: Moving) =>
  events.map((event) => `\`${event}\``).join(', ') || 'nothing'

/** Rows that change the stage: command, stages, condition, events, rule. */
const changingRow = (each: Moving, stages: readonly string[], all: readonly string[]) =>
  row(
    `\`${each.on}\``,
    stagesCell(stages, all),
    each.outcome.to,
    whenCell(each.when),
    eventsCell(each),
    ruleLink(each.rule),
  )

/** Rows that keep the stage: command, stage, condition, events, rule. */
const stayingRow = (each: Moving, accountStages: readonly string[], all: readonly string[]) =>
  row(
    `\`${each.on}\``,
    stagesCell(accountStages, all),
    whenCell(each.when),
    eventsCell(each),
    ruleLink(each.rule),
  )

const refusalRow = (each: Transition, all: readonly string[]) =>
  each.outcome.kind === 'refusal'
    ? [
        row(
          `\`${each.on}\``,
          stagesCell(each.from, all),
          whenCell(each.when),
          `\`${each.outcome.reason}\``,
          ruleLink(each.rule),
        ),
      ]
    : []

const folded = (summary: string, table: readonly string[]) =>
  `<details>\n<summary>${summary}</summary>\n\n${table.join('\n')}\n\n</details>`

const machineSection = (machine: ShownMachine): readonly string[] => {
  const { title, source, transitions } = machine
  const all = [...new Set(transitions.flatMap(({ from }) => from))]
  const changing = transitions.filter(isEvents).flatMap((each) => {
    const stages = waysOf(each)
    return stages.length === 0 ? [] : [changingRow(each, stages, all)]
  })
  const staying = transitions.filter(isEvents).flatMap((each) => {
    const { to } = each.outcome
    const accountStages = to === 'same' ? each.from : each.from.filter((stage) => stage === to)
    return accountStages.length === 0 ? [] : [stayingRow(each, accountStages, all)]
  })
  const refusals = transitions.flatMap((each) => refusalRow(each, all))
  return [
    `## ${title}`,
    `From \`${source}\`: ${all.length === 1 ? 'one stage' : `${all.length} stages`}, ${transitions.length} rows.`,
    diagramOf(machine),
    ...(changing.length === 0
      ? []
      : [
          folded(`Changes of stage (${changing.length})`, [
            head('Command', 'From', 'To', 'When', 'Events', 'Rule'),
            ...changing,
          ]),
        ]),
    ...(staying.length === 0
      ? []
      : [
          folded(`Commands that keep the stage (${staying.length})`, [
            head('Command', 'At', 'When', 'Events', 'Rule'),
            ...staying,
          ]),
        ]),
    ...(refusals.length === 0
      ? []
      : [
          folded(`Refusals (${refusals.length})`, [
            head('Command', 'At', 'When', 'Reason', 'Rule'),
            ...refusals,
          ]),
        ]),
  ]
}

/** `docs/machines.md`: all state machines, drawn from their transition tables. */
export const machinesPage = (machines: readonly ShownMachine[]): string =>
  `${[
    '# The state machines',
    'This page is generated from the transition tables of the code by `npm run docs:generate`; change them there, not here. The machines themselves decide by these tables: the rows of a command in a stage are tried from the top, and the first row whose condition holds decides.',
    'In the diagrams, an edge lists the commands that lead from one stage to another, each with its rules ([rulebook](rulebook.md)). The tables below a diagram list the changes of stage, the commands that keep the stage and the refusals, each with its condition, in the order in which the rows are tried. A refusal changes nothing and is recorded in the trail with its reason.',
    machines.map(({ title }) => `- [${title}](#${title.toLowerCase().replaceAll(' ', '-')})`).join('\n'),
    ...machines.flatMap(machineSection),
  ].join('\n\n')}\n`
