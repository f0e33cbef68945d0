import type { Result } from 'neverthrow'
import type { Decider, RefusedBy } from '../../kernel/decider.ts'
import { decideBy } from '../../kernel/decision-table.ts'
import type { EserviceCommand } from './commands.ts'
import type { EserviceEvent } from './events.ts'
import { evolveEservice } from './evolve.ts'
import type { EserviceDenialReason } from './refusal-reason.ts'
import type { EserviceRules } from './rules.ts'
import { type Eservice, unknownEservice } from './state.ts'
import type { EserviceTransition, EserviceTypes, Row } from './table.ts'
import { checkingRows } from './transitions/checking.ts'
import { viewRows } from './transitions/common.ts'
import { makingRows } from './transitions/making.ts'
import { processingRows } from './transitions/processing.ts'

/**
 * Why a form refused a command. It is recorded in the trail.
 *
 * @rule AUD-03
 * @category eServices
 */
export type EserviceRefusal = RefusedBy<EserviceDenialReason>

const rows: readonly Row[] = [...makingRows, ...checkingRows, ...processingRows, ...viewRows]

/**
 * The transition table of an eService as data. {@link decideEservice} decides by these rows and tries them in
 * this order. All forms share one table.
 *
 * @rule ESV-02
 * @rule ESV-11
 * @rule ESV-12
 * @rule AUD-05
 * @category eServices
 */
export const eserviceTransitions: readonly EserviceTransition[] = rows

const decider = /* @__PURE__ */ decideBy(rows)

/**
 * Returns the table row by which a form decides on a command.
 *
 * @internal
 */
export const eserviceRowFor: (
  eservice: Eservice,
  command: EserviceCommand,
  rules: EserviceRules,
) => Row | undefined = decider.rowFor

/**
 * Returns the next outside fact that a form's decision depends on: the `reference` of a submission, but only
 * if the submission would be accepted.
 *
 * @internal
 */
export const nextEserviceFact = decider.nextFact

/**
 * Decides a command: the events that it causes, or why the form refuses it. Pure and total: the time and
 * every outside fact are in the command.
 *
 * @returns the events, in order (empty if nothing changes); or the reason with its rule.
 * @rule ESV-02
 * @rule AUD-01
 * @category eServices
 */
export const decideEservice: (
  eservice: Eservice,
  command: EserviceCommand,
  rules: EserviceRules,
) => Result<readonly EserviceEvent[], EserviceRefusal> = decider.decide

/**
 * The state machine of one eService form, as a pair of pure functions.
 *
 * @rule AUD-01
 * @category eServices
 */
export const eserviceDecider: Decider<EserviceTypes> = {
  initial: unknownEservice,
  decide: decideEservice,
  evolve: evolveEservice,
}
