import type { Role } from '../identity/role.ts'
import type { UserId } from '../identity/user-id.ts'
import type { Decider } from '../kernel/decider.ts'
import { decideBy, decisionTable, type Transition } from '../kernel/decision-table.ts'
import type { Instant } from '../kernel/instant.ts'
import type { RuleId } from '../kernel/rule-id.ts'
import { accountTotals, type KnownParticipant, type Participant, unknownParticipant } from './state.ts'

/**
 * A User ID to allocate to a new account.
 *
 * @category Participants
 */
export interface UserIdAllocation {
  readonly userId: UserId
  readonly role: Role
}

/**
 * A command of a participant.
 *
 * @category Participants
 */
export type ParticipantCommand =
  /** Sets how many accounts the participant has bought or been granted in all. */
  | { readonly type: 'SetMaximum'; readonly at: Instant; readonly maximum: number }
  /** Adds bought accounts to the maximum (ESV-14). */
  | { readonly type: 'RaiseMaximum'; readonly at: Instant; readonly by: number }
  /**
   * Allocates User IDs to new accounts; `enforceMaximum` unless the accounts existed before the library was
   * used.
   */
  | {
      readonly type: 'AllocateUserIds'
      readonly at: Instant
      readonly ids: readonly UserIdAllocation[]
      readonly enforceMaximum: boolean
    }
  /** Releases the quota of a deleted account. Its ID stays allocated. */
  | { readonly type: 'ReleaseQuota'; readonly at: Instant; readonly userId: UserId }

/**
 * An event of a participant.
 *
 * @category Participants
 */
export type ParticipantEvent = { readonly at: Instant; readonly rule: RuleId } & (
  | { readonly type: 'MaximumSet'; readonly maximum: number }
  | { readonly type: 'UserIdsAllocated'; readonly ids: readonly UserIdAllocation[] }
  | { readonly type: 'QuotaReleased'; readonly userId: UserId }
)

/**
 * Why a participant's record refuses a command.
 *
 * @category Participants
 */
export type ParticipantRefusalReason = 'user-id-taken' | 'quota-exceeded' | 'no-such-account'

/** The types of a participant's state machine, bundled. */
export interface ParticipantTypes {
  readonly state: Participant
  readonly command: ParticipantCommand
  readonly event: ParticipantEvent
  readonly reason: ParticipantRefusalReason
  readonly rules: unknown
}

const { on, guard } = /* @__PURE__ */ decisionTable<ParticipantTypes>()

type AllocateUserIds = Extract<ParticipantCommand, { type: 'AllocateUserIds' }>
type ReleaseQuota = Extract<ParticipantCommand, { type: 'ReleaseQuota' }>

const allocatedOf = (participant: Participant) => (participant.stage === 'Known' ? participant.allocated : {})

const taken = guard(
  'one of the IDs is given already',
  (participant: Participant, { ids }: AllocateUserIds) => {
    const given = allocatedOf(participant)
    const seen = new Set<string>()
    return ids.some(({ userId }) => {
      const again = seen.has(userId) || Object.hasOwn(given, userId)
      seen.add(userId)
      return again
    })
  },
)
const beyondMaximum = guard(
  'it would pass the maximum',
  (participant: Participant, { ids, enforceMaximum }: AllocateUserIds) =>
    enforceMaximum && ids.length > accountTotals(participant).available,
)
const noAccount = guard(
  'there is no such account',
  (participant: KnownParticipant, { userId }: ReleaseQuota) => {
    return !Object.hasOwn(participant.allocated, userId) || participant.allocated[userId] === 'Deleted'
  },
)

const rows = [
  on('SetMaximum')
    .from('Unknown', 'Known')
    .emit(['MaximumSet'], 'Known', 'QTA-01', (_, { at, maximum }) => [
      { type: 'MaximumSet', at, rule: 'QTA-01', maximum },
    ]),
  on('RaiseMaximum')
    .from('Unknown', 'Known')
    .emit(['MaximumSet'], 'Known', 'ESV-14', (participant, { at, by }) => {
      // Without a maximum, the bought accounts are added to the existing ones.
      const { maximum, total } = accountTotals(participant)
      return [{ type: 'MaximumSet', at, rule: 'ESV-14', maximum: (maximum ?? total) + by }]
    }),
  on('AllocateUserIds').from('Unknown', 'Known').when(taken).refuse('user-id-taken', 'ID-12'),
  on('AllocateUserIds').from('Unknown', 'Known').when(beyondMaximum).refuse('quota-exceeded', 'QTA-03'),
  on('AllocateUserIds')
    .from('Unknown', 'Known')
    .emit(['UserIdsAllocated'], 'Known', 'ID-12', (_, { at, ids }) => [
      { type: 'UserIdsAllocated', at, rule: 'ID-12', ids },
    ]),
  on('ReleaseQuota').from('Known').when(noAccount).refuse('no-such-account', 'QTA-02'),
  on('ReleaseQuota')
    .from('Known')
    .emit(['QuotaReleased'], 'same', 'QTA-02', (_, { at, userId }) => [
      { type: 'QuotaReleased', at, rule: 'QTA-02', userId },
    ]),
  on('ReleaseQuota').from('Unknown').refuse('no-such-account', 'QTA-02'),
]

/**
 * The transition table of a participant as data.
 *
 * @rule AUD-05
 * @category Participants
 */
export const participantTransitions: readonly Transition<ParticipantTypes>[] = rows

const evolve = (participant: Participant, event: ParticipantEvent): Participant => {
  const known: KnownParticipant =
    participant.stage === 'Known' ? participant : { stage: 'Known', allocated: {} }
  switch (event.type) {
    case 'MaximumSet':
      return { ...known, maximum: event.maximum }
    case 'UserIdsAllocated': {
      const ids = event.ids.map(({ userId, role }): [string, Role] => [userId, role])
      return { ...known, allocated: { ...known.allocated, ...Object.fromEntries(ids) } }
    }
    case 'QuotaReleased':
      return { ...known, allocated: { ...known.allocated, [event.userId]: 'Deleted' } }
  }
}

/**
 * The record that all accounts of a participant share. Creating or deleting an account also commits this
 * record, so that no ID is allocated twice and the maximum is never exceeded, regardless of parallel
 * creations.
 *
 * @rule QTA-03
 * @rule ID-12
 * @category Participants
 */
export const participantDecider: Decider<ParticipantTypes> = {
  initial: unknownParticipant,
  decide: decideBy(rows).decide,
  evolve,
}
