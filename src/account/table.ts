import {
  decisionTable,
  type Row as KernelRow,
  type Transition as KernelTransition,
} from '../kernel/decision-table.ts'
import type { Policy } from '../policy/policy.ts'
import type { AccountCommand, AccountCommandType } from './commands.ts'
import type { AccountEvent, AccountEventType } from './events.ts'
import type { AccountDenialReason } from './refusal-reason.ts'
import type { Account, AccountStage } from './state.ts'

/** One row of the account's transition table, as data. */
export type AccountTransition = KernelTransition<
  AccountStage,
  AccountCommandType,
  AccountEventType,
  AccountDenialReason
>

/** One row with its functions. */
export type Row = KernelRow<Account, AccountCommand, AccountEvent, AccountDenialReason, Policy>

/** The words in which the account's rows are written. */
export const { on, guard } = /* @__PURE__ */ decisionTable<
  Account,
  AccountCommand,
  AccountEvent,
  AccountDenialReason,
  Policy
>()
