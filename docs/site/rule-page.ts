/** The page of a rule: its statement, implementation and tests, and how a violation would be detected. */
import type { Rule } from '../../src/policy/rulebook.ts'
import { head, row } from '../generate/rulebook-page.ts'
import { siteAddress, sourceAddress } from './addresses.ts'
import type { Evidence, Place } from './evidence.ts'
import { plain } from './markdown.ts'
import { titleOf } from './pages.ts'

/** A section that other parts of the project add to the page of a rule. */
export interface AddedSection {
  readonly title: string
  readonly textOf: (evidence: Evidence) => string | undefined
}

const kinds = {
  stated: ['S', 'Stated in the briefing', 'Slide of the briefing'],
  public: ['P', 'Stated in another public document', 'Address'],
  interpretation: ['I', 'Our interpretation, where the briefing is silent or inconsistent', 'Basis'],
} as const

const placeLink = ({ path, line }: Place) => `[${path}:${line}](${sourceAddress(path, line)})`

export const code = (text: string): string => `\`${text}\``

/** Links web addresses in the source of a rule. */
const withAddresses = (text: string) =>
  text.replace(/\b((?:www|docs)\.[\w.-]+\/[\w./-]*[\w/])/g, (address) => `[${address}](https://${address})`)

const badges = ({ kind, tunable }: Rule) => {
  const [letter, says] = kinds[kind]
  return `<p class="badges"><span class="badge badge-${kind}"><b>${letter}</b> ${says}</span>${
    tunable ? ' <span class="badge">Tunable by policy</span>' : ''
  }</p>`
}

const list = (items: readonly string[]) => items.map((item) => `- ${item}`).join('\n')

const table = (columns: readonly string[], rows: readonly (readonly string[])[]) =>
  [head(...columns), ...rows.map((cells) => row(...cells))].join('\n')

/** Whether a file carries a rule out. The others name it: they compare, describe or check what those do. */
export const carriesOut = (file: string): boolean =>
  !/^src\/(audit\/model\/standards|conformance|testing)\/|^src\/policy\/overrides\.ts$/.test(file)

/** Places in the code. Tagged ones come first. */
const placeList = (places: Evidence['code']) =>
  list(
    [...places]
      .sort((a, b) => (a.how === b.how ? 0 : a.how === 'tag' ? -1 : 1))
      .map(
        ({ file, symbol, how, line }) =>
          `${placeLink({ path: file, line })} — ${symbol === '(file)' ? 'the file' : code(symbol)}${how === 'tag' ? ', tagged `@rule`' : ', as a value'}`,
      ),
  )

const testSection = ({ tests }: Evidence) =>
  list(
    tests.map(
      ({ file, title, line, within }) =>
        `${placeLink({ path: file, line })} — ${[plain(title), ...(within.length === 0 ? [] : [within.map(plain).join('; ')])].join(': ')}`,
    ),
  )

const fieldSection = ({ fields }: Evidence) =>
  table(
    ['Field', 'Default', 'Declared'],
    fields.map(({ path, value, place }) => [code(path), code(JSON.stringify(value)), placeLink(place)]),
  )

const transitionSection = ({ transitions }: Evidence) =>
  table(
    ['Machine', 'Command', 'At', 'When', 'Outcome'],
    transitions.map(({ machine, transition: { on, from, when, outcome } }) => [
      `[${machine}](${siteAddress('docs/machines', machine.toLowerCase().replaceAll(' ', '-'))})`,
      code(on),
      from.join(', '),
      when.join(', and ') || 'otherwise',
      outcome.kind === 'refusal'
        ? `refused: ${code(outcome.reason)}`
        : `${outcome.events.map((event) => eventLink(event)).join(', ') || 'nothing'}${outcome.to === 'same' ? '' : ` → ${outcome.to}`}`,
    ]),
  )

/** An event's name as a link to its page. A `?` after it is not part of the link. */
const eventLink = (event: string) => {
  const name = event.replace(/\?$/, '')
  return `[${code(name)}](${siteAddress(`events/${name}`)})${event.endsWith('?') ? ' (if it applies)' : ''}`
}

/** The maximum number of vectors of a file that a page names. */
const shownCases = 8

const vectorSection = ({ vectors }: Evidence) =>
  vectors
    .map(({ group, about, cases }) => {
      const shown = cases.slice(0, shownCases)
      const [first] = cases
      return [
        `**${group}**: ${about} ${cases.length} of its vectors are about this rule${first === undefined ? '' : `, from ${placeLink(first)} on`}.`,
        list([
          ...shown.map(({ name, path, line }) => `[${plain(name)}](${sourceAddress(path, line)})`),
          ...(cases.length > shown.length ? [`and ${cases.length - shown.length} more`] : []),
        ]),
      ].join('\n\n')
    })
    .join('\n\n')

const namedList = (items: Evidence['invariants']) =>
  list(
    items.map(({ name, of, path, line }) => `${plain(name)} (${plain(of)}) — ${placeLink({ path, line })}`),
  )

const wrongSection = ({ wrongSystems }: Evidence) =>
  wrongSystems
    .map(({ name, history, path, line }) =>
      [
        `**${plain(name)}** — ${placeLink({ path, line })}`,
        ...(history === '' ? [] : [`\`\`\`text\n${history.trimEnd()}\n\`\`\``]),
      ].join('\n\n'),
    )
    .join('\n\n')

/** The sections whose absence a page says aloud, so that nothing seems lost. */
const expectedSections = [
  'Code',
  'Tests',
  'Transitions',
  'Refusals',
  'Vectors',
  'Invariants of the model',
  'Planted faults',
  'Wrong systems',
] as const

const section = (title: string, what: string, count: number, text: () => string) =>
  count === 0 ? [] : [`## ${title}`, what, text()]

/** The page as Markdown. `errors` are the refusal codes of the rule. */
export const rulePage = (
  evidence: Evidence,
  errors: readonly string[],
  added: readonly AddedSection[],
): string => {
  const {
    rule,
    fields,
    code: places,
    tests,
    transitions,
    vectors,
    invariants,
    plantedFaults,
    wrongSystems,
  } = evidence
  const carrying = places.filter(({ file }) => carriesOut(file))
  const naming = places.filter(({ file }) => !carriesOut(file))
  const exact = vectors.reduce((sum, { cases }) => sum + cases.length, 0)
  const sections = [
    ...section(
      'Policy fields',
      rule.tunable
        ? 'The fields of the policy that tune it, with their defaults.'
        : 'The fields of the policy that can make it stricter and never weaker, with their defaults.',
      fields.length,
      () => fieldSection(evidence),
    ),
    ...section('Code', 'The places that carry the rule.', carrying.length, () => placeList(carrying)),
    ...section('Tests', 'The tests whose titles name the rule.', tests.length, () => testSection(evidence)),
    ...section(
      'Transitions',
      `The rows of the state machines that decide by this rule. The reason of a refusal is for the trail; what a caller is told is on the page of [errors](${siteAddress('docs/errors')}).`,
      transitions.length,
      () => transitionSection(evidence),
    ),
    ...section(
      'Refusals',
      'The codes with which an operation answers when the rule says no.',
      errors.length,
      () => list(errors.map((error) => `[${code(error)}](${siteAddress(`errors/${error}`)})`)),
    ),
    ...section('Vectors', 'Inputs and expected answers, for implementations in any language.', exact, () =>
      vectorSection(evidence),
    ),
    ...section(
      'Invariants of the model',
      `What holds in every state that the exploration of the machines reaches. [How far it goes](${siteAddress('docs/model')}) is listed by view: some are explored completely, others up to a number of states.`,
      invariants.length,
      () => namedList(invariants),
    ),
    ...section(
      'Planted faults',
      'Machines that break this rule on purpose. The exploration finds each of them.',
      plantedFaults.length,
      () => namedList(plantedFaults),
    ),
    ...section(
      'Wrong systems',
      'Systems that break this rule on purpose, and the history by which the conformance kit shows it.',
      wrongSystems.length,
      () => wrongSection(evidence),
    ),
    ...added.flatMap(({ title, textOf }) => {
      const text = textOf(evidence)
      return text === undefined ? [] : [`## ${title}`, text]
    }),
    ...section(
      'Also named in',
      'Code that compares, describes or checks what the places above do.',
      naming.length,
      () => placeList(naming),
    ),
    ...section('Explained in', 'Other pages that name the rule.', evidence.pages.length, () =>
      list(
        evidence.pages.map(({ path, text }) => `[${plain(titleOf(text))}](${siteAddress(pageUrl(path))})`),
      ),
    ),
  ]
  const absent = [...expectedSections, ...added.map(({ title }) => title)].filter(
    (title) => !sections.includes(`## ${title}`),
  )
  return `${[
    `# ${rule.id}`,
    badges(rule),
    `> ${rule.statement}`,
    `**${kinds[rule.kind][2]}:** ${withAddresses(rule.source)}`,
    ...sections,
    ...(absent.length === 0 ? [] : [`There is nothing to show for this rule under: ${absent.join(', ')}.`]),
  ].join('\n\n')}\n`
}

/** The address of a page of the repository, without `.html`. */
export const pageUrl = (path: string): string =>
  path === 'README.md' ? 'overview' : path.replace(/\.md$/, '').replace(/README$/, 'index')
