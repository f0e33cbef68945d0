import { err, ok, type Result } from 'neverthrow'
import type { AccountCommand } from '../account/commands.ts'
import { type AccountRefusal, accountDecider } from '../account/decide.ts'
import type { AccountEvent } from '../account/events.ts'
import { holdsFutureInstant } from '../account/future.ts'
import type { Account, CredentialId } from '../account/state.ts'
import type { ServiceContext } from '../engine/context.ts'
import type { CommitRefusal, PortFailed } from '../engine/refusals.ts'
import { load, transact } from '../engine/unit-of-work.ts'
import type { ParsedUserId } from '../identity/user-id.ts'
import type { Instant } from '../kernel/instant.ts'
import type { RecordKey, StoredRecord } from '../ports/storage.ts'
import { accountAggregate } from './model/account-aggregate.ts'
import { changeFromEvents, keyOf, stateOf } from './model/aggregate.ts'
import { refusalsAggregate } from './model/refusals-aggregate.ts'
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
export interface AccountOperation<E> {
  readonly id: Pick<ParsedUserId, 'userId' | 'participant'>
  /** Who acts, as the trail will say. */
  readonly actor: string
  /** Finds out what the command needs to know. Asked again after a conflict: costly answers are remembered. */
  readonly prepare: (loaded: LoadedAccount) => Promise<Result<PreparedCommand, E>>
}

/** The actor of an act whose caller has not signed in. */
export const unauthenticatedActor = 'caller'

/** Where the refusals of a User ID live that stand apart from its account. */
export const refusalsKey = ({ participant, userId }: AccountOperation<never>['id']): RecordKey =>
  keyOf(refusalsAggregate, participant, userId)

/** Where the record of an account lives. */
export const accountKey = ({ participant, userId }: AccountOperation<never>['id']): RecordKey =>
  keyOf(accountAggregate, participant, userId)

/** Loads one account, without changing it. */
export const loadAccount = async (
  context: ServiceContext,
  id: AccountOperation<never>['id'],
): Promise<Result<Account, PortFailed>> =>
  (await load(context, [accountKey(id)])).map(([record]) => stateOf(accountAggregate, record))

/** Tells the host that the clock, or one before it, was wrong (API-03). */
export const reportFutureInstant = ({ onFault }: ServiceContext): void =>
  onFault({
    port: 'clock',
    error: new Error('a stored instant lies in the future: the clock was ahead, or has gone back'),
  })

/**
 * Carries out an act on one account. What is refused is committed too, as an event that changes nothing; to an
 * unauthenticated caller, in a record of its own, so that it does not move the account's version.
 *
 * @returns what came of it; or a refusal: `busy` after too many conflicts, `port-failed`, or what
 * `prepare` refuses.
 * @rule LOCK-09
 * @rule AUD-03
 * @rule AUD-08
 */
export const handleAccountCommand = <E = never>(
  context: ServiceContext,
  { id, actor: by, prepare }: AccountOperation<E>,
): Promise<Result<CommandOutcome, E | CommitRefusal>> => {
  const key = accountKey(id)
  return transact<CommandOutcome, E>(context, {
    keys: by === unauthenticatedActor ? [key, refusalsKey(id)] : [key],
    by,
    decide: async ({ records: [before, refusals], now }) => {
      const place = { key, before }
      const retired = decommissionedSmartcard(context, id, place, now)
      const account = retired.after
      if (holdsFutureInstant(account, now, context.policy)) reportFutureInstant(context)
      const prepared = await prepare({ account, vault: before?.vault ?? {}, now })
      if (prepared.isErr()) return err(prepared.error)
      const { command, vault } = prepared.value
      const decided = accountDecider.decide(account, command, context.policy)
      const events: readonly AccountEvent[] = decided.isOk()
        ? decided.value
        : [{ type: 'CommandRefused', at: now, operation: command.type, ...decided.error }]
      if (decided.isErr() && by === unauthenticatedActor) {
        const refused = {
          type: 'CommandRefused',
          at: now,
          operation: command.type,
          ...decided.error,
        } as const
        const apart = changeFromEvents(refusalsAggregate, { key: refusalsKey(id), before: refusals }, [
          refused,
        ])
        const answer = { account, at: now, events, refused: decided.error }
        return ok({ changes: [retired, apart], answer })
      }
      const done = changeFromEvents(accountAggregate, place, [...retired.events, ...events], vault)
      const outcome = { account: done.after, at: now, events }
      const answer = decided.isOk() ? outcome : { ...outcome, refused: decided.error }
      return ok({ changes: [done], answer })
    },
  })
}
