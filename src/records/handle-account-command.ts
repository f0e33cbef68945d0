import { err, ok, type Result } from 'neverthrow'
import type { AccountCommand } from '../account/commands.ts'
import { type AccountRefusal, accountDecider } from '../account/decide.ts'
import type { AccountEvent } from '../account/events.ts'
import type { Account, CredentialId } from '../account/state.ts'
import type { ParsedUserId } from '../identity/user-id.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { RecordKey, StoredRecord } from '../ports/storage.ts'
import type { Context } from '../engine/context.ts'
import { accountMachine, changeBy, keyOf, stateOf } from './aggregates.ts'
import { retirement } from './smartcard-decommissioning.ts'
import { load, transact } from '../engine/unit-of-work.ts'

/** An account as it was loaded. */
export interface LoadedAccount {
  readonly account: Account
  readonly vault: StoredRecord['vault']
  readonly now: Instant
}

/** What was found out outside, put into a command; and what proves new secrets, for the vault. */
export interface Prepared {
  readonly command: AccountCommand
  readonly vault?: Readonly<Record<CredentialId, string>>
}

/** What came of an act: its events, or why it was refused. Both are committed. */
export interface Outcome {
  readonly account: Account
  readonly at: Instant
  readonly events: readonly AccountEvent[]
  readonly refused?: AccountRefusal
}

/** An act on one account. */
export interface Act {
  readonly id: Pick<ParsedUserId, 'userId' | 'participant'>
  /** Who acts, as the trail will say. */
  readonly by: string
  /** Finds out what the command needs to know. Asked again after a conflict: costly answers are remembered. */
  readonly prepare: (loaded: LoadedAccount) => Promise<Result<Prepared, Refusal>>
}

/** Where the record of an account lives. */
export const accountKey = ({ participant, userId }: Act['id']): RecordKey =>
  keyOf(accountMachine, participant, userId)

/** Loads one account, without changing it. */
export const loadAccount = async (context: Context, id: Act['id']): Promise<Result<Account, Refusal>> =>
  (await load(context, [accountKey(id)])).map(([record]) => stateOf(accountMachine, record))

/**
 * Carries out an act on one account. What is refused is committed too, as an event that changes nothing.
 *
 * @returns what came of it; or a refusal: `busy` after too many conflicts, `port-failed`, or whatever
 * `prepare` refuses.
 * @rule LOCK-09
 * @rule AUD-03
 */
export const execute = (context: Context, { id, by, prepare }: Act): Promise<Result<Outcome, Refusal>> => {
  const key = accountKey(id)
  return transact<Outcome>(context, {
    keys: [key],
    by,
    decide: async ({ records: [before], now }) => {
      const place = { key, before }
      const retired = retirement(context, id, place, now)
      const account = retired.after
      const prepared = await prepare({ account, vault: before?.vault ?? {}, now })
      if (prepared.isErr()) return err(prepared.error)
      const { command, vault } = prepared.value
      const decided = accountDecider.decide(account, command, context.policy)
      const events: readonly AccountEvent[] = decided.isOk()
        ? decided.value
        : [{ type: 'ActRefused', at: now, act: command.type, ...decided.error }]
      const done = changeBy(accountMachine, place, [...retired.events, ...events], vault)
      const outcome = { account: done.after, at: now, events }
      const answer = decided.isOk() ? outcome : { ...outcome, refused: decided.error }
      return ok({ changes: [done], answer })
    },
  })
}
