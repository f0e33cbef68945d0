import type { Decider } from '../../kernel/decider.ts'
import { decideBy, decisionTable, type Transition } from '../../kernel/decision-table.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { RuleId } from '../../kernel/rule-id.ts'

/** The last number issued for a form name; 0 before the first. */
export interface ReferenceCounter {
  readonly stage: 'Counting'
  readonly last: number
}

/** A command of a reference counter. */
export interface ReferenceCounterCommand {
  readonly type: 'IssueReferenceNumber'
  readonly at: Instant
}

/**
 * An event of a reference counter.
 *
 * @category eServices
 */
export interface ReferenceCounterEvent {
  readonly type: 'ReferenceNumberIssued'
  readonly at: Instant
  readonly rule: RuleId
  readonly number: number
}

/** Why no number is issued. */
export type ReferenceCounterDenialReason = 'numbers-exhausted'

/** The highest number with 8 digits. */
const highest = 99_999_999

/** The types of a reference counter's state machine, bundled. */
export interface ReferenceCounterTypes {
  readonly state: ReferenceCounter
  readonly command: ReferenceCounterCommand
  readonly event: ReferenceCounterEvent
  readonly reason: ReferenceCounterDenialReason
  readonly rules: unknown
}

const { on, guard } = /* @__PURE__ */ decisionTable<ReferenceCounterTypes>()

const exhausted = guard(
  'every number of 8 digits has been issued',
  ({ last }: ReferenceCounter) => last >= highest,
)

const rows = [
  on('IssueReferenceNumber').from('Counting').when(exhausted).refuse('numbers-exhausted', 'ESV-03'),
  on('IssueReferenceNumber')
    .from('Counting')
    .emit(['ReferenceNumberIssued'], 'same', 'ESV-03', ({ last }, { at }) => [
      { type: 'ReferenceNumberIssued', at, rule: 'ESV-03', number: last + 1 },
    ]),
]

/** The transition table of a reference counter, as data. */
export const referenceCounterTransitions: readonly Transition<ReferenceCounterTypes>[] = rows

/**
 * The counter of one form's reference numbers. A number is issued before the form is submitted. If the
 * submission then fails, the number stays unused; no number is issued twice.
 *
 * @rule ESV-03
 */
export const referenceCounterDecider: Decider<ReferenceCounterTypes> = {
  initial: { stage: 'Counting', last: 0 },
  decide: decideBy(rows).decide,
  evolve: (_, { number }) => ({ stage: 'Counting', last: number }),
}
