/** The record that all accounts of a participant share: its maximum, and every User ID ever allocated. */
import type { UserId } from '../../../src/identity/user-id.ts'
import {
  type ParticipantCommand,
  type ParticipantTypes,
  participantDecider,
} from '../../../src/participant/decide.ts'
import { accountTotals } from '../../../src/participant/state.ts'
import type { WatchedMachine } from '../watched.ts'

const at = 0
const ids = ['one', 'two', 'three', 'four'] as readonly string[] as readonly UserId[]
/** The highest maximum that is set, so that the machine is finite. */
const highest = 4

interface Memory {
  readonly allocated: readonly string[]
  readonly released: readonly string[]
}

const allocations = (): readonly (readonly UserId[])[] => [
  ...ids.map((id) => [id]),
  ...ids.flatMap((one) => ids.map((other) => [one, other])),
]

/** Four User IDs with a maximum of up to four accounts. */
export const participantMachine: WatchedMachine<ParticipantTypes, Memory> = {
  name: "a participant's User IDs and quota",
  decider: participantDecider,
  rules: undefined,
  commandsOf: (state): readonly ParticipantCommand[] => {
    const { maximum, total } = accountTotals(state)
    return [
      ...Array.from({ length: highest + 1 }, (_, n) => ({ type: 'SetMaximum', at, maximum: n }) as const),
      ...((maximum ?? total) < highest ? [{ type: 'RaiseMaximum', at, by: 1 } as const] : []),
      ...allocations().flatMap((userIds) =>
        [true, false].map(
          (enforceMaximum) =>
            ({
              ...{ type: 'AllocateUserIds' as const, at, enforceMaximum },
              ids: userIds.map((userId, n) => ({
                userId,
                role: n === 0 ? ('User' as const) : ('DelegatedAdministrator' as const),
              })),
            }) as const,
        ),
      ),
      ...ids.map((userId) => ({ type: 'ReleaseQuota', at, userId }) as const),
    ]
  },
  normalised: (state) =>
    state.stage === 'Known'
      ? {
          ...state,
          allocated: Object.fromEntries(Object.entries(state.allocated).sort(([a], [b]) => (a < b ? -1 : 1))),
        }
      : state,
  nothing: { allocated: [], released: [] },
  remember: ({ allocated, released }, { command }) => {
    if (command.type === 'AllocateUserIds')
      return { allocated: [...allocated, ...command.ids.map(({ userId }) => userId)].sort(), released }
    return command.type === 'ReleaseQuota'
      ? { allocated, released: [...released, command.userId].sort() }
      : { allocated, released }
  },
  invariants: [
    {
      rule: 'ID-12',
      name: 'no User ID is allocated twice, also after its account was deleted',
      holds: ({ command, remembered }) => {
        if (command.type !== 'AllocateUserIds') return true
        const all = [...remembered.allocated, ...command.ids.map(({ userId }) => userId)]
        return new Set(all).size === all.length
      },
    },
    {
      rule: 'QTA-03',
      name: 'an allocation that enforces the maximum does not pass it',
      holds: ({ command, after }) => {
        const { maximum, total } = accountTotals(after)
        return (
          command.type !== 'AllocateUserIds' ||
          !command.enforceMaximum ||
          (maximum !== undefined && total <= maximum)
        )
      },
    },
    {
      rule: 'QTA-02',
      name: 'the total is what was allocated and not released',
      holds: ({ command, after, remembered: { allocated, released } }) => {
        const more = command.type === 'AllocateUserIds' ? command.ids.length : 0
        const fewer = command.type === 'ReleaseQuota' ? 1 : 0
        const { total, users, administrators } = accountTotals(after)
        return total === allocated.length - released.length + more - fewer && total === users + administrators
      },
    },
    {
      rule: 'QTA-02',
      name: 'quota is released once for an account that exists',
      holds: ({ command, remembered: { allocated, released } }) =>
        command.type !== 'ReleaseQuota' ||
        (allocated.includes(command.userId) && !released.includes(command.userId)),
    },
    {
      rule: 'ESV-14',
      name: 'accounts that are bought come on top of the maximum',
      holds: ({ before, command, after }) => {
        if (command.type !== 'RaiseMaximum') return true
        const { maximum, total } = accountTotals(before)
        return accountTotals(after).maximum === (maximum ?? total) + command.by
      },
    },
  ],
  nameOf: ({ type, at: _at, ...facts }) => `${type} ${JSON.stringify(facts)}`,
}
