import { decisionTable, type Transition, type TransitionRow } from '../kernel/decision-table.ts'
import type { Policy } from '../policy/policy.ts'
import type { AccountCommand } from './commands.ts'
import type { AccountEvent } from './events.ts'
import type { AccountDenialReason } from './refusal-reason.ts'
import type { Account } from './state.ts'

/**
 * The types of an account's state machine.
 *
 * @rule AUD-05
 */
export interface AccountTypes {
  readonly state: Account
  readonly command: AccountCommand
  readonly event: AccountEvent
  readonly reason: AccountDenialReason
  readonly rules: Policy
}

/**
 * One row of the account's transition table, as data.
 *
 * @category Accounts
 */
export type AccountTransition = Transition<AccountTypes>

/** One row with its functions. */
export type Row = TransitionRow<AccountTypes>

/** The functions with which the account's rows are written. */
export const { on, guard } = /* @__PURE__ */ decisionTable<AccountTypes>()
