import { err, ok, type Result } from 'neverthrow'
import type { AccountCommand } from '../account/commands.ts'
import type { ParsedUserId } from '../identity/user-id.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { ParticipantCommand } from '../participant/decide.ts'
import type { Participant } from '../participant/state.ts'
import type { Context } from '../engine/context.ts'
import { accountKey } from './handle-account-command.ts'
import { accountMachine, change, changeBy, keyOf, participantMachine, stateOf } from './aggregates.ts'
import { transact } from '../engine/unit-of-work.ts'
import { unknownAccount } from '../registry/account-view.ts'

/** An account comes or goes: its participant's record is committed with it, and holds quota and IDs. */
export const comeOrGo = async (
  context: Context,
  id: Pick<ParsedUserId, 'userId' | 'participant'>,
  actor: string,
  commands: (at: number, shared: Participant) => readonly [ParticipantCommand, AccountCommand],
): Promise<Result<void, Refusal>> => {
  const { policy } = context
  const shared = keyOf(participantMachine, id.participant, id.participant)
  const own = accountKey(id)
  const done = await transact<Result<void, Refusal>>(context, {
    keys: [shared, own],
    by: actor,
    decide: async ({ records: [sharedRecord, before], now: at }) => {
      const [toParticipant, toAccount] = commands(at, stateOf(participantMachine, sharedRecord))
      const place = { key: own, before }
      const both = change(
        participantMachine,
        { key: shared, before: sharedRecord },
        toParticipant,
        policy,
      ).andThen((first) => change(accountMachine, place, toAccount, policy).map((second) => [first, second]))
      if (both.isOk()) return ok({ changes: both.value, answer: ok(undefined) })
      const { reason, rule } = both.error
      const refused = {
        type: 'AdministrationRefused',
        at,
        rule,
        act: toAccount.type,
        reason,
        about: id.userId,
      } as const
      const answer: Result<void, Refusal> =
        reason === 'quota-exceeded'
          ? err({ code: 'quota-exceeded', rule: 'QTA-03' })
          : err(reason === 'user-id-taken' ? { code: reason, rule: 'ID-12' } : unknownAccount)
      return ok({ changes: [changeBy(accountMachine, place, [refused])], answer })
    },
  })
  return done.andThen((answer) => answer)
}
