import { err, ok, type Result } from 'neverthrow'
import type { AccountCommand, AccountCommandType } from '../account/commands.ts'
import { type AccountRefusal, accountDecider } from '../account/decide.ts'
import type { AccountEvent } from '../account/events.ts'
import { holdsFutureInstant } from '../account/future-instants.ts'
import type { Account } from '../account/state.ts'
import type { ServiceContext } from '../engine/context.ts'
import type { LoadedRecord } from '../engine/record-change.ts'
import type { CommitRefusal, PortFailed } from '../engine/refusals.ts'
import { type Decided, load, transact } from '../engine/unit-of-work.ts'
import type { ParsedUserId } from '../identity/user-id.ts'
import type { Instant } from '../kernel/instant.ts'
import type { RecordKey } from '../ports/storage.ts'
import { type CommandWithFacts, completeCommand, type LoadedAccount } from './find-facts.ts'
import { accountAggregate } from './model/account-aggregate.ts'
import { changeFromEvents, keyOf, stateOf } from './model/aggregate.ts'
import { refusalsAggregate } from './model/refusals-aggregate.ts'
import { decommissionedSmartcard } from './smartcard-decommissioning.ts'

/** The outcome of a command: its events, or the reason for its refusal. Both are committed. */
export interface CommandOutcome {
  readonly account: Account
  readonly at: Instant
  readonly events: readonly AccountEvent[]
  readonly refused?: AccountRefusal
}

/** The account that an operation concerns. */
export type AccountId = Pick<ParsedUserId, 'userId' | 'participant'>

/** An operation on one account: a command, and the functions that find its outside facts. */
export type AccountOperation<Type extends AccountCommandType, E> = CommandWithFacts<Type, E> & {
  readonly id: AccountId
  /** The actor recorded in the trail. */
  readonly actor: string
  /**
   * A command to decide first: if the account refuses it, the operation is refused and recorded for that
   * reason.
   */
  readonly check?: (loaded: LoadedAccount) => AccountCommand
}

/** The actor of a command whose caller has not signed in. */
const unauthenticatedActor = 'caller'

/** The record key of a User ID's refusals, which are separate from its account. */
export const refusalsKey = ({ participant, userId }: AccountId): RecordKey =>
  keyOf(refusalsAggregate, participant, userId)

/** The record key of an account. */
export const accountKey = ({ participant, userId }: AccountId): RecordKey =>
  keyOf(accountAggregate, participant, userId)

/** Loads one account, without changing it. */
export const loadAccount = async (
  context: ServiceContext,
  id: AccountId,
): Promise<Result<Account, PortFailed>> =>
  (await load(context, [accountKey(id)])).map(([record]) => stateOf(accountAggregate, record))

/** Reports to the host that the clock is wrong, or was wrong earlier (API-03). */
export const reportFutureInstant = ({ onError }: ServiceContext): void =>
  onError({
    port: 'clock',
    error: new Error(
      'a stored instant is in the future: the clock was ahead, or has gone back, or the policy now sets a shorter length',
    ),
  })

const decide = async <Type extends AccountCommandType, E>(
  context: ServiceContext,
  operation: AccountOperation<Type, E>,
  own: LoadedRecord,
  now: Instant,
) => {
  const { policy } = context
  const decommissioned = decommissionedSmartcard(context, operation.id, own, now)
  const loaded: LoadedAccount = { account: decommissioned.after, vault: own.before?.vault ?? {}, now }
  if (holdsFutureInstant(loaded.account, now, policy)) reportFutureInstant(context)
  const check = operation.check?.(loaded)
  const checked = check === undefined ? ok([]) : accountDecider.decide(loaded.account, check, policy)
  if (check !== undefined && checked.isErr())
    return ok({ ...loaded, decommissioned, command: check, vault: {}, decided: checked })
  const completed = await completeCommand(operation, loaded, policy)
  return completed.map(({ command, vault }) => ({
    ...loaded,
    decommissioned,
    command,
    vault,
    decided: accountDecider.decide(loaded.account, command, policy),
  }))
}

/**
 * Handles an operation on one account: loads it, finds the outside facts that its transition table requests,
 * decides once, and commits. A refusal is also committed, as an event that changes nothing. The refusal of an
 * unauthenticated caller is committed in a separate record, so that the account's version stays the same.
 *
 * @returns the outcome; or `busy` after too many conflicts, `port-failed`, or the refusal of finding a fact.
 * @rule LOCK-09
 * @rule AUD-03
 * @rule AUD-08
 */
export const handleAccountCommand = <Type extends AccountCommandType, E = never>(
  context: ServiceContext,
  operation: AccountOperation<Type, E>,
): Promise<Result<CommandOutcome, E | CommitRefusal>> => {
  const { id, actor } = operation
  const work = async (
    own: LoadedRecord,
    at: Instant,
    separate: LoadedRecord | undefined,
  ): Promise<Result<Decided<CommandOutcome>, E>> => {
    const done = await decide(context, operation, own, at)
    if (done.isErr()) return err(done.error)
    const { decided, decommissioned, command, vault, account } = done.value
    if (decided.isOk()) {
      const events = decided.value
      const change = changeFromEvents(accountAggregate, own, [...decommissioned.events, ...events], vault)
      return ok({ changes: [change], answer: { account: change.after, at, events } })
    }
    const refused = { type: 'CommandRefused', at, operation: command.type, ...decided.error } as const
    const answer = { account, at, events: [refused], refused: decided.error }
    const changes =
      separate === undefined
        ? [changeFromEvents(accountAggregate, own, [...decommissioned.events, refused])]
        : [decommissioned, changeFromEvents(refusalsAggregate, separate, [refused])]
    return ok({ changes, answer })
  }
  const account = accountKey(id)
  return actor === unauthenticatedActor
    ? transact<'account' | 'refusals', CommandOutcome, E>(context, {
        records: { account, refusals: refusalsKey(id) },
        contended: 'account',
        by: actor,
        // Earlier refusals do not influence the decision: the record is only appended to.
        recall: { immaterial: ['refusals'] },
        decide: ({ records, now }) => work(records.account, now, records.refusals),
      })
    : transact<'account', CommandOutcome, E>(context, {
        records: { account },
        contended: 'account',
        by: actor,
        recall: { immaterial: [] },
        decide: ({ records, now }) => work(records.account, now, undefined),
      })
}
