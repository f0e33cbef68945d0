import {
  decisionTable,
  type Row as KernelRow,
  type Transition as KernelTransition,
} from '../kernel/decision-table.ts'
import type { Policy } from '../policy/policy.ts'
import type { AccountCommand, CommandType } from './commands.ts'
import type { AccountEvent, EventType } from './events.ts'
import type { RefusalReason } from './refusal-reason.ts'
import type { Account, Stage } from './state.ts'

/** One row of the account's transition table, as data. */
export type AccountTransition = KernelTransition<Stage, CommandType, EventType, RefusalReason>

/** One row with its functions. */
export type Row = KernelRow<Account, AccountCommand, AccountEvent, RefusalReason, Policy>

/** The words in which the account's rows are written. */
export const { on, guard } = /* @__PURE__ */ decisionTable<
  Account,
  AccountCommand,
  AccountEvent,
  RefusalReason,
  Policy
>()
