import { showUnprintable } from '../fields/text.ts'
import type { RuleId } from '../kernel/rule-id.ts'
import { entriesOf } from '../kernel/typed-entries.ts'
import { rulebook } from '../policy/rulebook.ts'
import { conformanceRules } from './covered-rules.ts'
import type { DriverFunction } from './driver.ts'
import type { Difference } from './linearise.ts'
import { type ConformanceStep, describeStep } from './steps.ts'

/**
 * A rule that the system violates, with a shortest history that shows it.
 *
 * @category Conformance
 */
export interface ConformanceFinding {
  readonly rule: RuleId
  /** None of the steps can be removed. */
  readonly steps: readonly ConformanceStep[]
  readonly difference: Difference
}

/**
 * A rule that was not exercised, and why.
 *
 * @category Conformance
 */
export interface UnexercisedRule {
  readonly rule: RuleId
  /** Functions that the driver lacks. */
  readonly missing: readonly DriverFunction[]
  /** The reason in words: what the driver lacks, that one client is too few, or that no history reached it. */
  readonly why: string
}

/**
 * The result of a run.
 *
 * @category Conformance
 */
export interface ConformanceReport {
  readonly findings: readonly ConformanceFinding[]
  /** For each rule, how many compared answers depended on it. */
  readonly exercised: Readonly<Partial<Record<RuleId, number>>>
  readonly notExercised: readonly UnexercisedRule[]
  readonly histories: number
  readonly operations: number
  readonly seed: number
  readonly clients: number
  /** The whole report as readable text. */
  readonly text: string
}

const whyNot = (rule: RuleId, missing: readonly DriverFunction[], clients: number): string => {
  if (missing.length > 0) return `the driver lacks ${missing.join(', ')}`
  return rule === 'LOCK-09' && clients === 1 ? 'it takes several clients' : 'no history reached it'
}

const statementOf = (rule: RuleId) => rulebook.find(({ id }) => id === rule)?.statement ?? ''

/**
 * Describes a finding in lines of text: the rule, the steps, the expected and the observed answer. The answer is
 * the tested system's own text: characters that a terminal would interpret appear as their numbers.
 *
 * @category Conformance
 */
export const describeFinding = ({ rule, steps, difference }: ConformanceFinding): readonly string[] => [
  `${rule}: ${statementOf(rule)}`,
  ...steps.map((step, n) => `  ${n + 1}. ${describeStep(step)}`),
  `  Expected: ${showUnprintable(difference.expected)}`,
  `  Observed: ${showUnprintable(difference.observed)}`,
]

const byReason = (rules: readonly UnexercisedRule[]) => {
  const groups = new Map<string, RuleId[]>()
  for (const { rule, why } of rules) groups.set(why, [...(groups.get(why) ?? []), rule])
  return groups
}

interface Results {
  readonly findings: readonly ConformanceFinding[]
  readonly exercised: ReadonlyMap<RuleId, number>
  readonly offered: ReadonlySet<string>
  readonly histories: number
  readonly operations: number
  readonly seed: number
  readonly clients: number
}

/** Builds the report of a run. */
export const newReport = ({ findings, exercised, offered, ...figures }: Results): ConformanceReport => {
  const sorted = [...findings].sort(
    (a, b) => a.steps.length - b.steps.length || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0),
  )
  const counts = [...exercised].sort(([a], [b]) => (a < b ? -1 : 1))
  const { histories, operations, seed, clients } = figures
  const notExercised = entriesOf(conformanceRules).flatMap(([rule, needs]): readonly UnexercisedRule[] => {
    if (exercised.has(rule)) return []
    const missing = needs.filter((name) => !offered.has(name))
    return [{ rule, missing, why: whyNot(rule, missing, clients) }]
  })
  const text = [
    `${histories} histories, ${operations} operations, ${clients === 1 ? 'sequential' : `up to ${clients} in parallel`}; seed ${seed}`,
    sorted.length === 0
      ? 'No difference found.'
      : sorted.length === 1
        ? '1 rule is broken:'
        : `${sorted.length} rules are broken, or one fault shows in several. Begin with the first, whose history is the shortest:`,
    ...sorted.flatMap((finding) => ['', ...describeFinding(finding)]),
    '',
    `Exercised: ${counts.map(([rule, count]) => `${rule} ${count}`).join(', ')}`,
    notExercised.length === 0 ? 'Not exercised: none' : 'Not exercised:',
    ...[...byReason(notExercised)].map(([why, rules]) => `  ${rules.join(', ')}: ${why}`),
    '',
  ].join('\n')
  return { findings: sorted, exercised: Object.fromEntries(counts), notExercised, ...figures, text }
}
