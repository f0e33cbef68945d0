import type { Result } from 'neverthrow'
import type { Decider, RefusedBy } from '../kernel/decider.ts'
import { decideBy } from '../kernel/decision-table.ts'
import type { Policy } from '../policy/policy.ts'
import type { AccountCommand } from './commands.ts'
import type { AccountEvent } from './events.ts'
import { evolveAccount } from './evolve.ts'
import type { AccountDenialReason } from './refusal-reason.ts'
import { type Account, unknownAccount } from './state.ts'
import type { AccountTransition, AccountTypes, Row } from './table.ts'
import { deliveryRows } from './transitions/delivery.ts'
import { registryRows } from './transitions/registry.ts'
import { selfServiceRows } from './transitions/self-service.ts'
import { enrolmentRows } from './transitions/set-up.ts'
import { signInRows } from './transitions/sign-in.ts'
import { smartcardRows } from './transitions/smartcard.ts'

/**
 * Why the account refused a command. It is recorded in the trail, and not disclosed to the caller.
 *
 * @rule AUD-03
 * @category Accounts
 */
export type AccountRefusal = RefusedBy<AccountDenialReason>

const rows: readonly Row[] = [
  ...registryRows,
  ...enrolmentRows,
  ...signInRows,
  ...deliveryRows,
  ...selfServiceRows,
  ...smartcardRows,
]

/**
 * The transition table of an account as data: the rows by which {@link decideAccount} decides, in order.
 *
 * @rule AUD-05
 * @category Accounts
 */
export const accountTransitions: readonly AccountTransition[] = rows

const decider = /* @__PURE__ */ decideBy(rows)

/**
 * Returns the table row by which an account decides on a command.
 *
 * @internal
 */
export const rowFor: (account: Account, command: AccountCommand, policy: Policy) => Row | undefined =
  decider.rowFor

/**
 * Returns the next outside fact that the account's decision on a command needs, given those already known;
 * `undefined` once it can be decided.
 *
 * @internal
 */
export const nextAccountFact = decider.nextFact

/**
 * Decides a command: the events that it causes, or why the account refuses it. Pure and total: the time and
 * every outside fact are in the command.
 *
 * @returns the events, in order (empty if nothing changes); or the reason, which is for the auditor and not
 * for the caller.
 * @rule AUD-01
 * @category Accounts
 */
export const decideAccount: (
  account: Account,
  command: AccountCommand,
  policy: Policy,
) => Result<readonly AccountEvent[], AccountRefusal> = decider.decide

/**
 * The state machine of one account, as a pair of pure functions.
 *
 * @rule AUD-01
 * @category Accounts
 */
export const accountDecider: Decider<AccountTypes> = {
  initial: unknownAccount,
  decide: decideAccount,
  evolve: evolveAccount,
}
