import type { Decider } from '../../kernel/decider.ts'
import { decideBy, decisionTable, type Transition } from '../../kernel/decision-table.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { RuleId } from '../../kernel/rule-id.ts'

/** The last number that was given to a form of a name; 0 before the first. */
export interface ReferenceCounter {
  readonly stage: 'Counting'
  readonly last: number
}

/** Every command of a reference counter. */
export interface ReferenceCounterCommand {
  readonly type: 'IssueReferenceNumber'
  readonly at: Instant
}

/**
 * Every event of a reference counter.
 *
 * @category eServices
 */
export interface ReferenceCounterEvent {
  readonly type: 'ReferenceNumberIssued'
  readonly at: Instant
  readonly rule: RuleId
  readonly number: number
}

/** Why no number is given. */
export type ReferenceCounterDenialReason = 'numbers-exhausted'

/** The highest number that 8 digits hold. */
const highest = 99_999_999

/** The types of a numbering's state machine, bundled. */
export interface ReferenceCounterTypes {
  readonly state: ReferenceCounter
  readonly command: ReferenceCounterCommand
  readonly event: ReferenceCounterEvent
  readonly reason: ReferenceCounterDenialReason
  readonly rules: unknown
}

const { on, guard } = /* @__PURE__ */ decisionTable<ReferenceCounterTypes>()

const exhausted = guard('every number of 8 digits is given', ({ last }: ReferenceCounter) => last >= highest)

const rows = [
  on('IssueReferenceNumber').from('Counting').when(exhausted).refuse('numbers-exhausted', 'ESV-03'),
  on('IssueReferenceNumber')
    .from('Counting')
    .emit(['ReferenceNumberIssued'], 'same', 'ESV-03', ({ last }, { at }) => [
      { type: 'ReferenceNumberIssued', at, rule: 'ESV-03', number: last + 1 },
    ]),
]

/** The transition table of a numbering, as data. */
export const referenceCounterTransitions: readonly Transition<ReferenceCounterTypes>[] = rows

/**
 * The numbers of one form's references. A number is drawn before the form that is to have it is submitted:
 * one that comes to nothing leaves a gap, never a number twice.
 *
 * @rule ESV-03
 */
export const referenceCounterDecider: Decider<ReferenceCounterTypes> = {
  initial: { stage: 'Counting', last: 0 },
  decide: decideBy(rows).decide,
  evolve: (_, { number }) => ({ stage: 'Counting', last: number }),
}
