import { err, ok, type Result } from 'neverthrow'
import type { AccountCommand } from '../account/commands.ts'
import { type AccountRefusal, accountDecider } from '../account/decide.ts'
import type { AccountEvent } from '../account/events.ts'
import type { Account, CredentialId } from '../account/state.ts'
import type { ServiceContext } from '../engine/context.ts'
import { load, transact } from '../engine/unit-of-work.ts'
import type { ParsedUserId } from '../identity/user-id.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { RecordKey, StoredRecord } from '../ports/storage.ts'
import { accountAggregate } from './model/account-aggregate.ts'
import { changeFromEvents, keyOf, stateOf } from './model/aggregate.ts'
import { decommissionedSmartcard } from './smartcard-decommissioning.ts'

/** An account as it was loaded. */
export interface LoadedAccount {
  readonly account: Account
  readonly vault: StoredRecord['vault']
  readonly now: Instant
}

/** What was found out outside, put into a command; and what proves new secrets, for the vault. */
export interface PreparedCommand {
  readonly command: AccountCommand
  readonly vault?: Readonly<Record<CredentialId, string>>
}

/** What came of an act: its events, or why it was refused. Both are committed. */
export interface CommandOutcome {
  readonly account: Account
  readonly at: Instant
  readonly events: readonly AccountEvent[]
  readonly refused?: AccountRefusal
}

/** An act on one account. */
export interface AccountOperation {
  readonly id: Pick<ParsedUserId, 'userId' | 'participant'>
  /** Who acts, as the trail will say. */
  readonly actor: string
  /** Finds out what the command needs to know. Asked again after a conflict: costly answers are remembered. */
  readonly prepare: (loaded: LoadedAccount) => Promise<Result<PreparedCommand, Refusal>>
}

/** Where the record of an account lives. */
export const accountKey = ({ participant, userId }: AccountOperation['id']): RecordKey =>
  keyOf(accountAggregate, participant, userId)

/** Loads one account, without changing it. */
export const loadAccount = async (
  context: ServiceContext,
  id: AccountOperation['id'],
): Promise<Result<Account, Refusal>> =>
  (await load(context, [accountKey(id)])).map(([record]) => stateOf(accountAggregate, record))

/**
 * Carries out an act on one account. What is refused is committed too, as an event that changes nothing.
 *
 * @returns what came of it; or a refusal: `busy` after too many conflicts, `port-failed`, or whatever
 * `prepare` refuses.
 * @rule LOCK-09
 * @rule AUD-03
 */
export const handleAccountCommand = (
  context: ServiceContext,
  { id, actor: by, prepare }: AccountOperation,
): Promise<Result<CommandOutcome, Refusal>> => {
  const key = accountKey(id)
  return transact<CommandOutcome>(context, {
    keys: [key],
    by,
    decide: async ({ records: [before], now }) => {
      const place = { key, before }
      const retired = decommissionedSmartcard(context, id, place, now)
      const account = retired.after
      const prepared = await prepare({ account, vault: before?.vault ?? {}, now })
      if (prepared.isErr()) return err(prepared.error)
      const { command, vault } = prepared.value
      const decided = accountDecider.decide(account, command, context.policy)
      const events: readonly AccountEvent[] = decided.isOk()
        ? decided.value
        : [{ type: 'CommandRefused', at: now, operation: command.type, ...decided.error }]
      const done = changeFromEvents(accountAggregate, place, [...retired.events, ...events], vault)
      const outcome = { account: done.after, at: now, events }
      const answer = decided.isOk() ? outcome : { ...outcome, refused: decided.error }
      return ok({ changes: [done], answer })
    },
  })
}
