/** Sections that add standards and mutants to the page of a rule. */
import { standardsReport } from '../../src/audit/model/standards/report.ts'
import { defaultPolicy } from '../../src/policy/policy.ts'
import { goals, rooms } from '../../test/mutation/rooms.ts'
import { recordedScores, recordedSurvivors } from '../../test/mutation/scores.ts'
import { mutantsOfFile } from '../generate/mutation-page.ts'
import { head, row } from '../generate/rulebook-page.ts'
import { siteAddress, sourceAddress } from './addresses.ts'
import { plain } from './markdown.ts'
import { type AddedSection, carriesOut, code, pageUrl } from './rule-page.ts'

const standards = (): AddedSection => {
  const { standards, findings } = standardsReport(defaultPolicy)
  const titles = new Map(
    standards.map(({ id, title, read }) => [
      id,
      read === 'text' ? title : `${title} (not read itself, but as others quote it)`,
    ]),
  )
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
  const mutated = new Set(rooms().flatMap(({ sources }) => sources))
  const rowOf = (path: string) => {
    const measured = mutantsOfFile(recorded, path)
    if (measured === undefined)
      return row(code(path), '', mutated.has(path) ? 'not measured yet' : 'not mutated', '', '', '')
    const { room, survivors, mutants: count } = measured
    const lines = [...new Set(survivors.map(({ line }) => line))].sort((a, b) => a - b)
    return row(
      code(path),
      `${room.room}, ${room.score} %${room.score < goals[room.tier] ? `, below its goal of ${goals[room.tier]} %` : ''}`,
      count === 0 ? 'none' : room.oneIn === 1 ? `all ${count}` : `${count}, one in ${room.oneIn}`,
      count === 0 ? '' : String(measured.killed + measured.timeout),
      lines.map((line) => `[${line}](${sourceAddress(path, line)})`).join(', '),
      room.commit.slice(0, 12),
    )
  }
  return {
    title: 'Mutants',
    textOf: ({ code: places }) => {
      const files = [...new Set(places.map(({ file }) => file))].filter(carriesOut)
      if (files.length === 0) return undefined
      return [
        `Small changes to the files that carry the rule, and how many of them the tests of their room notice. Of larger rooms a sample is measured. The lines are those of the commit that was measured; [the page of mutants](${siteAddress(pageUrl('docs/mutation.md'))}) has the scores, the bounds and the reasons.`,
        [
          head('File', 'Room, with its score', 'Mutants', 'Noticed', 'Not noticed, by line', 'Commit'),
          ...files.map(rowOf),
        ].join('\n'),
      ].join('\n\n')
    },
  }
}

/** The sections, in their order. */
export const addedSections = (): readonly AddedSection[] => [standards(), mutants()]
