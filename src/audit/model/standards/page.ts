import { asciiLowerCase } from '../../../kernel/ascii-case.ts'
import { policyOverrides } from '../../../policy/overrides.ts'
import type { Policy } from '../../../policy/policy.ts'
import { type StandardFinding, standardsReport } from './report.ts'
import type { Standard, StandardsScope, StandardVerdict } from './requirement.ts'

const verdictText: Readonly<Record<StandardVerdict, string>> = {
  met: 'met',
  conflict: '**conflict**',
  host: 'the host’s',
  'not-applicable': 'not applicable',
}

const readText: Readonly<Record<Standard['read'], string>> = {
  text: 'its text',
  summary: 'quotations and summaries',
}

const row = (...cells: readonly string[]) =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`

const rows = (findings: readonly StandardFinding[], rulebook: string | undefined) =>
  findings.map(({ number, requirement, rules, verdict, why }) =>
    row(
      number,
      requirement,
      rules
        .map((rule) => (rulebook === undefined ? rule : `[${rule}](${rulebook}#${asciiLowerCase(rule)})`))
        .join(' '),
      verdictText[verdict],
      why,
    ),
  )

/**
 * Writes the comparison of {@link standardsReport} as a Markdown page, with the policy's overrides.
 *
 * @param options - `rulebook`: the page that rules link to. Without it, there are no links.
 * @rule AUD-04
 * @category Audit trail
 */
export const standardsPage = (
  policy: Policy,
  options: StandardsScope & { readonly rulebook?: string | undefined } = {},
): string => {
  const { standards, findings } = standardsReport(policy, options)
  const count = (verdict: StandardVerdict) => findings.filter((finding) => finding.verdict === verdict).length
  const overrides = policyOverrides(policy)
  const conflicts = findings.filter(({ verdict }) => verdict === 'conflict')
  const nameOf = (id: Standard['id']) =>
    standards.find((standard) => standard.id === id)?.title.split(',')[0] ?? id
  return `${[
    '# Standards',
    'How the policy in force stands to published standards. Verdicts are computed from the policy. This is a comparison by the authors of the library, in their own words: neither legal advice nor a certification.',
    overrides.length === 0
      ? 'Compared is the default policy.'
      : `Compared is a policy with overrides: ${overrides.map(({ path, value }) => `\`${path}\` is ${JSON.stringify(value)}`).join('; ')}.`,
    `${findings.length} requirements: ${count('met')} met, ${count('conflict')} in conflict, ${count('host')} the host’s to meet, ${count('not-applicable')} not applicable.`,
    '## Conflicts',
    ...(conflicts.length === 0
      ? ['There are none.']
      : [
          conflicts
            .map(
              ({ standard, number, requirement, why }) =>
                `- ${nameOf(standard)}, ${number}: ${requirement} ${why}`,
            )
            .join('\n'),
        ]),
    ...standards.flatMap((standard) => [
      `## ${standard.title}`,
      `Edition: ${standard.edition}. Address: <${standard.address}>. Read: ${readText[standard.read]}. ${standard.note}`,
      [
        row('Number', 'Requirement', 'Rules', 'Verdict', 'Why'),
        row('---', '---', '---', '---', '---'),
        ...rows(
          findings.filter(({ standard: id }) => id === standard.id),
          options.rulebook,
        ),
      ].join('\n'),
    ]),
  ].join('\n\n')}\n`
}
