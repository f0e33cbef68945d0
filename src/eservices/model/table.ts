import { decisionTable, type Transition, type TransitionRow } from '../../kernel/decision-table.ts'
import type { EserviceCommand } from './commands.ts'
import type { EserviceEvent } from './events.ts'
import type { EserviceDenialReason } from './refusal-reason.ts'
import type { EserviceRules } from './rules.ts'
import type { Eservice } from './state.ts'

/**
 * The types of an eService's state machine, bundled.
 *
 * @rule AUD-05
 */
export interface EserviceTypes {
  readonly state: Eservice
  readonly command: EserviceCommand
  readonly event: EserviceEvent
  readonly reason: EserviceDenialReason
  readonly rules: EserviceRules
}

/**
 * One row of the forms' transition table, as data.
 *
 * @category eServices
 */
export type EserviceTransition = Transition<EserviceTypes>

/** One row with its functions. */
export type Row = TransitionRow<EserviceTypes>

/** The functions with which the forms' rows are written. */
export const { on, guard } = /* @__PURE__ */ decisionTable<EserviceTypes>()
