import type { Rule } from '../../src/policy/rulebook.ts'

/** The families of rules in the order of the rulebook, with their titles. */
export const families: readonly (readonly [prefix: string, title: string])[] = [
  ['ID', 'User IDs'],
  ['PW', 'Passwords'],
  ['OTP', 'One-time passwords'],
  ['LOCK', 'Attempts and lockout'],
  ['ACC', 'The account lifecycle'],
  ['MNT', 'Account maintenance: who does what for whom'],
  ['DMS', 'Maker and checker'],
  ['ESV', 'eServices'],
  ['QTA', 'Quota'],
  ['MIG', 'From smartcard to 2FA'],
  ['AUD', 'Audit trail'],
  ['PRI', 'Personal data'],
  ['OBS', 'Observability'],
  ['FLD', 'Fields'],
  ['API', 'Input, ports and refusals'],
]

/** The family of a rule: `LOCK` of `LOCK-02`. */
export const familyOf = (id: string): string => id.split('-')[0] ?? ''

/** One row of a table. A vertical bar in a cell is escaped. */
export const row = (...cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`

/** The head of a table. */
export const head = (...cells: readonly string[]): string =>
  `${row(...cells)}\n${row(...cells.map(() => '---'))}`

const ruleRow = ({ id, kind, tunable, statement, source }: Rule) =>
  row(
    `<a id="${id.toLowerCase()}"></a>${id}`,
    { stated: 'Stated', public: 'Public', interpretation: 'Interpretation' }[kind],
    tunable ? 'yes' : '',
    statement,
    source,
  )

const familySection = (rules: readonly Rule[], [prefix, title]: (typeof families)[number]) => {
  const own = rules.filter(({ id }) => familyOf(id) === prefix)
  return own.length === 0
    ? []
    : [
        `## ${prefix} · ${title}`,
        `${head('Rule', 'Kind', 'Tunable', 'Statement', 'Source')}\n${own.map(ruleRow).join('\n')}`,
      ]
}

/** `docs/rulebook.md`: every rule, family by family. */
export const rulebookPage = (rules: readonly Rule[]): string => {
  const stated = rules.filter(({ kind }) => kind === 'stated').length
  const known = rules.filter(({ kind }) => kind === 'public').length
  const tunable = rules.filter((rule) => rule.tunable).length
  return `${[
    '# The rulebook',
    'This page is generated from `src/policy/rulebook.ts` by `npm run docs:generate`; change the rule there, not here. [Traceability](traceability.md) leads from each rule to its code and its tests.',
    `There are ${rules.length} rules, of three kinds:`,
    [
      `- **Stated** (${stated}): stated in the briefing of April 2023 on replacing smartcards by two-factor authentication. The source names the slide. The rule applies unchanged; a policy can only be stricter.`,
      `- **Public** (${known}): stated in another public document, named by its address in the source. Where we conclude a detail that the document does not state, the statement says so.`,
      `- **Interpretation** (${rules.length - stated - known}): our interpretation, where the briefing is silent, ambiguous or contradicts itself. The source names what it interprets. It is not a statement by HKEX and must not be quoted as one. It applies by default. Where it is tunable (${tunable} of all rules), a field of the policy changes it, and \`policyOverrides(policy)\` lists what was changed.`,
    ].join('\n'),
    'A number is an identifier: the same in code, tests and documents, and never reused.',
    ...families.flatMap((family) => familySection(rules, family)),
  ].join('\n\n')}\n`
}
