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
  /** Functions that the driver lacks. Empty if the histories did not reach the rule. */
  readonly missing: readonly DriverFunction[]
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
  const sorted = [...findings].sort((a, b) => (a.rule < b.rule ? -1 : 1))
  const counts = [...exercised].sort(([a], [b]) => (a < b ? -1 : 1))
  const notExercised = entriesOf(conformanceRules).flatMap(([rule, needs]): readonly UnexercisedRule[] =>
    exercised.has(rule) ? [] : [{ rule, missing: needs.filter((name) => !offered.has(name)) }],
  )
  const { histories, operations, seed, clients } = figures
  const text = [
    `${histories} histories, ${operations} operations, ${clients === 1 ? 'sequential' : `up to ${clients} in parallel`}; seed ${seed}`,
    sorted.length === 0 ? 'No difference found.' : `${sorted.length} rules are broken:`,
    ...sorted.flatMap((finding) => ['', ...describeFinding(finding)]),
    '',
    `Exercised: ${counts.map(([rule, count]) => `${rule} ${count}`).join(', ')}`,
    `Not exercised: ${
      notExercised
        .map(({ rule, missing }) =>
          missing.length === 0 ? rule : `${rule} (the driver lacks ${missing.join(', ')})`,
        )
        .join(', ') || 'none'
    }`,
    '',
  ].join('\n')
  return { findings: sorted, exercised: Object.fromEntries(counts), notExercised, ...figures, text }
}
