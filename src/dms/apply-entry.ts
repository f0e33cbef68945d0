import { err, ok, type Result } from 'neverthrow'
import type { AccountCommand } from '../account/commands.ts'
import type { Entry } from './model/entry.ts'
import type { Policy } from '../policy/policy.ts'
import { accountMachine, change, changeBy, participantMachine } from '../records/aggregates.ts'
import type { Change } from '../engine/unit-of-work.ts'
import type { Why } from './administrator.ts'

type Place = Pick<Change, 'key' | 'before'>

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
): Result<Change, Why> => {
  const { decider } = accountMachine
  let done = changeBy(accountMachine, place, [])
  for (const command of commands) {
    const decided = decider.decide(done.after, command, policy)
    if (decided.isErr()) return err(decided.error)
    done = changeBy(accountMachine, place, [...done.events, ...decided.value])
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
  entry: Entry,
  { subject, participant }: Places,
  at: number,
  policy: Policy,
): Result<readonly Change[], Why> => {
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
      const given = change(
        participantMachine,
        participant,
        { type: 'GiveIds', at, ids, withinMaximum: true },
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
      const freed = change(participantMachine, participant, { type: 'FreePlace', at, userId }, policy)
      return freed.andThen((place) =>
        onAccount(subject, [{ type: 'Delete', at }], policy).map((account) => [place, account]),
      )
    }
  }
}
