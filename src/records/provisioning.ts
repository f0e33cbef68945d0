import { err, ok, type Result } from 'neverthrow'
import type { AccountCommandOf } from '../account/commands.ts'
import type { AccountDenialReason } from '../account/refusal-reason.ts'
import type { ServiceContext } from '../engine/context.ts'
import type { LoadedRecord, RecordChange } from '../engine/record-change.ts'
import type { CommitRefusal } from '../engine/refusals.ts'
import { transact } from '../engine/unit-of-work.ts'
import type { RefusedBy } from '../kernel/decider.ts'
import type { ParticipantCommand, ParticipantRefusalReason } from '../participant/decide.ts'
import { accountTotals } from '../participant/state.ts'
import type { Policy } from '../policy/policy.ts'
import { type AccountId, accountKey } from './handle-account-command.ts'
import { accountAggregate } from './model/account-aggregate.ts'
import { changeFromCommand, keyOf, stateOf } from './model/aggregate.ts'
import { participantAggregate } from './model/participant-aggregate.ts'
import { recordRefusal } from './record-refusal.ts'

/** Why an account can't be created or deleted. */
export type ProvisioningRefusal = RefusedBy<AccountDenialReason | ParticipantRefusalReason>

/** The records that creating or deleting an account changes: the account's and its participant's. */
export interface ProvisioningRecords {
  readonly participant: LoadedRecord
  readonly account: LoadedRecord
}

/**
 * A command that creates or deletes an account. `enforceMaximum`: whether the participant's maximum number of
 * accounts applies to a new account.
 */
export type ProvisioningCommand =
  | (AccountCommandOf<'Register'> & { readonly enforceMaximum: boolean })
  | (AccountCommandOf<'Delete'> & Pick<AccountCommandOf<'Register'>, 'userId'>)

const participantCommand = (command: ProvisioningCommand): ParticipantCommand => {
  const { at, userId } = command
  return command.type === 'Delete'
    ? { type: 'ReleaseQuota', at, userId }
    : {
        type: 'AllocateUserIds',
        at,
        ids: [{ userId, role: command.role }],
        enforceMaximum: command.enforceMaximum,
      }
}

const accountCommand = (
  command: ProvisioningCommand,
): AccountCommandOf<'Register'> | AccountCommandOf<'Delete'> => {
  if (command.type === 'Delete') return { type: 'Delete', at: command.at }
  const { enforceMaximum: _, ...register } = command
  return register
}

/**
 * Creates or deletes one account: both changes belong in one commit, so that quota and User IDs hold under any
 * number of parallel operations.
 *
 * @rule QTA-03
 * @rule ID-12
 */
export const provision = (
  { participant, account }: ProvisioningRecords,
  command: ProvisioningCommand,
  policy: Policy,
): Result<readonly [RecordChange, RecordChange], ProvisioningRefusal> =>
  changeFromCommand(participantAggregate, participant, participantCommand(command), policy).andThen(
    (shared) =>
      changeFromCommand(accountAggregate, account, accountCommand(command), policy).map(
        (own) => [shared, own] as const,
      ),
  )

/** Creates or deletes one account for the host; a refusal is recorded in the trail of the account. */
export const provisionAccount = async <E>(
  context: ServiceContext,
  id: AccountId,
  by: string,
  commandAt: (at: number, hasMaximum: boolean) => ProvisioningCommand,
  toRefusal: (reason: ProvisioningRefusal['reason']) => E,
): Promise<Result<void, E | CommitRefusal>> => {
  const done = await transact<'participant' | 'account', Result<void, E>, never>(context, {
    records: {
      participant: keyOf(participantAggregate, id.participant, id.participant),
      account: accountKey(id),
    },
    contended: 'participant',
    by,
    decide: async ({ records, now: at }) => {
      const { maximum } = accountTotals(stateOf(participantAggregate, records.participant.before))
      const command = commandAt(at, maximum !== undefined)
      const changes = provision(records, command, context.policy)
      if (changes.isOk()) return ok({ changes: changes.value, answer: ok(undefined) })
      const operation = { operation: command.type, subject: id.userId }
      return ok({
        changes: [recordRefusal(records.account, operation, at, changes.error)],
        answer: err(toRefusal(changes.error.reason)),
      })
    },
  })
  return done.andThen((answer) => answer)
}
