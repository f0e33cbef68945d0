import { err, ok, type Result } from 'neverthrow'
import type { AccountCommand } from '../account/commands.ts'
import type { RecordChange } from '../engine/record-change.ts'
import type { Policy } from '../policy/policy.ts'
import { accountAggregate } from '../records/model/account-aggregate.ts'
import { changeFromCommand, changeFromEvents } from '../records/model/aggregate.ts'
import { participantAggregate } from '../records/model/participant-aggregate.ts'
import type { DenialReason } from './administrator.ts'
import type { ProfileEntry } from './model/entry.ts'

type Place = Pick<RecordChange, 'key' | 'before'>

/** Where an entry takes effect. */
export interface Places {
  readonly subject: Place
  readonly participant: Place
}

/** What an account is told, one command after the other, in one change. */
const onAccount = (
  place: Place,
  commands: readonly AccountCommand[],
  policy: Policy,
): Result<RecordChange, DenialReason> => {
  const { decider } = accountAggregate
  let done = changeFromEvents(accountAggregate, place, [])
  for (const command of commands) {
    const decided = decider.decide(done.after, command, policy)
    if (decided.isErr()) return err(decided.error)
    done = changeFromEvents(accountAggregate, place, [...done.events, ...decided.value])
  }
  return ok(done)
}

/**
 * What a confirmed entry brings about: in the account, and where one comes or goes in the participant's
 * record too, so that quota and IDs hold under any number of parallel confirmations.
 *
 * @rule DMS-01
 * @rule QTA-03
 * @rule ID-12
 */
export const effectsOf = (
  entry: ProfileEntry,
  { subject, participant }: Places,
  at: number,
  policy: Policy,
): Result<readonly RecordChange[], DenialReason> => {
  const { userId } = entry
  switch (entry.kind) {
    case 'create': {
      const ids = [{ userId, role: 'User' }] as const
      const register = {
        type: 'Register',
        at,
        userId,
        role: 'User',
        origin: 'created',
        ...entry.profile,
      } as const
      const given = changeFromCommand(
        participantAggregate,
        participant,
        { type: 'AllocateUserIds', at, ids, enforceMaximum: true },
        policy,
      )
      return given.andThen((place) =>
        onAccount(subject, [register], policy).map((account) => [place, account]),
      )
    }
    case 'change': {
      const { changes, unlock } = entry
      const commands: readonly AccountCommand[] = [
        { type: 'ChangeProfile', at, changes },
        ...(unlock ? [{ type: 'Unlock', at } as const] : []),
      ]
      return onAccount(subject, commands, policy).map((account) => [account])
    }
    case 'delete': {
      const freed = changeFromCommand(
        participantAggregate,
        participant,
        { type: 'ReleaseQuota', at, userId },
        policy,
      )
      return freed.andThen((place) =>
        onAccount(subject, [{ type: 'Delete', at }], policy).map((account) => [place, account]),
      )
    }
  }
}
