import { err, ok, type Result } from 'neverthrow'
import type { AccountCommand } from '../account/commands.ts'
import type { AccountDenialReason } from '../account/refusal-reason.ts'
import type { ServiceContext } from '../engine/context.ts'
import type { CommitRefusal } from '../engine/refusals.ts'
import { transact } from '../engine/unit-of-work.ts'
import type { ParsedUserId } from '../identity/user-id.ts'
import type { ParticipantCommand, ParticipantRefusalReason } from '../participant/decide.ts'
import type { Participant } from '../participant/state.ts'
import { accountKey } from './handle-account-command.ts'
import { accountAggregate } from './model/account-aggregate.ts'
import { changeFromCommand, changeFromEvents, keyOf, stateOf } from './model/aggregate.ts'
import { participantAggregate } from './model/participant-aggregate.ts'

/** An account comes or goes: its participant's record is committed with it, and holds quota and IDs. */
export const provision = async <E>(
  context: ServiceContext,
  id: Pick<ParsedUserId, 'userId' | 'participant'>,
  actor: string,
  commands: (at: number, shared: Participant) => readonly [ParticipantCommand, AccountCommand],
  toRefusal: (reason: AccountDenialReason | ParticipantRefusalReason) => E,
): Promise<Result<void, E | CommitRefusal>> => {
  const { policy } = context
  const shared = keyOf(participantAggregate, id.participant, id.participant)
  const own = accountKey(id)
  const done = await transact<Result<void, E>, never>(context, {
    keys: [shared, own],
    by: actor,
    decide: async ({ records: [sharedRecord, before], now: at }) => {
      const [toParticipant, toAccount] = commands(at, stateOf(participantAggregate, sharedRecord))
      const place = { key: own, before }
      const both = changeFromCommand(
        participantAggregate,
        { key: shared, before: sharedRecord },
        toParticipant,
        policy,
      ).andThen((first) =>
        changeFromCommand(accountAggregate, place, toAccount, policy).map((second) => [first, second]),
      )
      if (both.isOk()) return ok({ changes: both.value, answer: ok(undefined) })
      const { reason, rule } = both.error
      const refused = {
        type: 'AdministrationRefused',
        at,
        rule,
        operation: toAccount.type,
        reason,
        subject: id.userId,
      } as const
      return ok({
        changes: [changeFromEvents(accountAggregate, place, [refused])],
        answer: err(toRefusal(reason)),
      })
    },
  })
  return done.andThen((answer) => answer)
}
