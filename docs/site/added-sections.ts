/** Sections that add standards and mutants to the page of a rule. */
import { standardsReport } from '../../src/audit/model/standards/report.ts'
import { defaultPolicy } from '../../src/policy/policy.ts'
import { recordedScores, recordedSurvivors } from '../../test/mutation/scores.ts'
import { mutantsOfFile } from '../generate/mutation-page.ts'
import { head, row } from '../generate/rulebook-page.ts'
import { siteAddress, sourceAddress } from './addresses.ts'
import { plain } from './markdown.ts'
import { type AddedSection, pageUrl } from './rule-page.ts'

const standards = (): AddedSection => {
  const { standards, findings } = standardsReport(defaultPolicy)
  const titles = new Map(standards.map(({ id, title }) => [id, title]))
  return {
    title: 'Standards',
    textOf: ({ rule }) => {
      const own = findings.filter(({ rules }) => rules.includes(rule.id))
      if (own.length === 0) return undefined
      return [
        `Requirements of published standards that this rule meets or contradicts, under the default policy. How each standard was read is on [their page](${siteAddress(pageUrl('docs/standards.md'))}).`,
        [
          head('Standard', 'Requirement', 'Verdict', 'Why'),
          ...own.map(({ standard, number, requirement, verdict, why }) =>
            row(titles.get(standard) ?? standard, `${number}: ${plain(requirement)}`, verdict, plain(why)),
          ),
        ].join('\n'),
      ].join('\n\n')
    },
  }
}

const mutants = (): AddedSection => {
  const recorded = { scores: recordedScores(), survivors: recordedSurvivors() }
  return {
    title: 'Mutants',
    textOf: ({ code }) => {
      const files = [...new Set(code.map(({ file }) => file))]
      return [
        'Changes to the files of this rule that its tests notice. A file that was not measured yet says so.',
        [
          head('File', 'Mutants', 'Noticed', 'Not noticed, by line', 'Commit'),
          ...files.map((path) => {
            const measured = mutantsOfFile(recorded, path)
            if (measured === undefined) return row(`\`${path}\``, 'not measured yet', '', '', '')
            const lines = measured.survivors.map(({ line }) => `[${line}](${sourceAddress(path, line)})`)
            return row(
              `\`${path}\``,
              String(measured.mutants),
              String(measured.killed + measured.timeout),
              lines.join(', ') || 'none',
              measured.commit.slice(0, 12),
            )
          }),
        ].join('\n'),
      ].join('\n\n')
    },
  }
}

/** The sections, in their order. */
export const addedSections = (): readonly AddedSection[] => [standards(), mutants()]
