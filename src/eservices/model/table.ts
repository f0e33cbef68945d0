import {
  decisionTable,
  type Row as KernelRow,
  type Transition as KernelTransition,
} from '../../kernel/decision-table.ts'
import type { EserviceCommand, EserviceCommandType } from './commands.ts'
import type { EserviceEvent, EserviceEventType } from './events.ts'
import type { EserviceDenialReason } from './refusal-reason.ts'
import type { EserviceRules } from './rules.ts'
import type { Eservice, EserviceStage } from './state.ts'

/** One row of the forms' transition table, as data. */
export type EserviceTransition = KernelTransition<
  EserviceStage,
  EserviceCommandType,
  EserviceEventType,
  EserviceDenialReason
>

/** One row with its functions. */
export type Row = KernelRow<Eservice, EserviceCommand, EserviceEvent, EserviceDenialReason, EserviceRules>

/** The words in which the forms' rows are written. */
export const { on, guard } = /* @__PURE__ */ decisionTable<
  Eservice,
  EserviceCommand,
  EserviceEvent,
  EserviceDenialReason,
  EserviceRules
>()
