import type { Role } from '../identity/participant.ts'
import type { UserId } from '../identity/user-id.ts'
import type { Decider } from '../kernel/decider.ts'
import { decideBy, decisionTable, type RefusedBy, type Transition } from '../kernel/decision-table.ts'
import type { Instant } from '../kernel/instant.ts'
import type { RuleId } from '../kernel/rule-id.ts'
import { type KnownParticipant, type Participant, totalsOf, unknownParticipant } from './state.ts'

/** One User ID for a new account. */
export interface NewId {
  readonly userId: UserId
  readonly role: Role
}

/** What a participant can be told to do. */
export type ParticipantCommand =
  /** The participant has bought, or was granted, so many accounts in all. */
  | { readonly type: 'SetMaximum'; readonly at: Instant; readonly maximum: number }
  /** Accounts are bought on top of the maximum (ESV-14). */
  | { readonly type: 'RaiseMaximum'; readonly at: Instant; readonly by: number }
  /** User IDs are given to new accounts; `withinMaximum` unless they were there before the library was. */
  | {
      readonly type: 'GiveIds'
      readonly at: Instant
      readonly ids: readonly NewId[]
      readonly withinMaximum: boolean
    }
  /** An account is deleted: its place is free again, its ID is not. */
  | { readonly type: 'FreePlace'; readonly at: Instant; readonly userId: UserId }

/** What can happen to a participant. */
export type ParticipantEvent = { readonly at: Instant; readonly rule: RuleId } & (
  | { readonly type: 'MaximumSet'; readonly maximum: number }
  | { readonly type: 'IdsGiven'; readonly ids: readonly NewId[] }
  | { readonly type: 'PlaceFreed'; readonly userId: UserId }
)

/** Why a participant's record refuses. */
export type ParticipantRefusalReason = 'user-id-taken' | 'quota-exceeded' | 'no-such-account'

const { on, guard } = /* @__PURE__ */ decisionTable<
  Participant,
  ParticipantCommand,
  ParticipantEvent,
  ParticipantRefusalReason,
  unknown
>()

type Giving = Extract<ParticipantCommand, { type: 'GiveIds' }>
type Freeing = Extract<ParticipantCommand, { type: 'FreePlace' }>

const givenOf = (participant: Participant) => (participant.stage === 'Known' ? participant.given : {})

const taken = guard('one of the IDs is given already', (participant: Participant, { ids }: Giving) => {
  const given = givenOf(participant)
  const seen = new Set<string>()
  return ids.some(({ userId }) => {
    const again = seen.has(userId) || Object.hasOwn(given, userId)
    seen.add(userId)
    return again
  })
})
const beyondMaximum = guard(
  'it would pass the maximum',
  (participant: Participant, { ids, withinMaximum }: Giving) =>
    withinMaximum && ids.length > totalsOf(participant).available,
)
const noAccount = guard('there is no such account', (participant: KnownParticipant, { userId }: Freeing) => {
  return !Object.hasOwn(participant.given, userId) || participant.given[userId] === 'Deleted'
})

const rows = [
  on('SetMaximum')
    .from('Unknown', 'Known')
    .give(['MaximumSet'], 'Known', 'QTA-01', (_, { at, maximum }) => [
      { type: 'MaximumSet', at, rule: 'QTA-01', maximum },
    ]),
  on('RaiseMaximum')
    .from('Unknown', 'Known')
    .give(['MaximumSet'], 'Known', 'ESV-14', (participant, { at, by }) => {
      // Where none was set, what is bought comes on top of what is there.
      const { maximum, total } = totalsOf(participant)
      return [{ type: 'MaximumSet', at, rule: 'ESV-14', maximum: (maximum ?? total) + by }]
    }),
  on('GiveIds').from('Unknown', 'Known').when(taken).refuse('user-id-taken', 'ID-12'),
  on('GiveIds').from('Unknown', 'Known').when(beyondMaximum).refuse('quota-exceeded', 'QTA-03'),
  on('GiveIds')
    .from('Unknown', 'Known')
    .give(['IdsGiven'], 'Known', 'ID-12', (_, { at, ids }) => [{ type: 'IdsGiven', at, rule: 'ID-12', ids }]),
  on('FreePlace').from('Known').when(noAccount).refuse('no-such-account', 'QTA-02'),
  on('FreePlace')
    .from('Known')
    .give(['PlaceFreed'], 'same', 'QTA-02', (_, { at, userId }) => [
      { type: 'PlaceFreed', at, rule: 'QTA-02', userId },
    ]),
  on('FreePlace').from('Unknown').refuse('no-such-account', 'QTA-02'),
]

/** The transition table of a participant, as data. */
export const participantTransitions: readonly Transition<
  Participant['stage'],
  ParticipantCommand['type'],
  ParticipantEvent['type'],
  ParticipantRefusalReason
>[] = rows

const evolve = (participant: Participant, event: ParticipantEvent): Participant => {
  const known: KnownParticipant = participant.stage === 'Known' ? participant : { stage: 'Known', given: {} }
  switch (event.type) {
    case 'MaximumSet':
      return { ...known, maximum: event.maximum }
    case 'IdsGiven': {
      const ids = event.ids.map(({ userId, role }): [string, Role] => [userId, role])
      return { ...known, given: { ...known.given, ...Object.fromEntries(ids) } }
    }
    case 'PlaceFreed':
      return { ...known, given: { ...known.given, [event.userId]: 'Deleted' } }
  }
}

/**
 * The record that all of a participant's accounts share: whoever creates or deletes one commits it too,
 * so that no ID is given twice and the maximum is never passed, under any number of parallel creations.
 *
 * @rule QTA-03
 * @rule ID-12
 */
export const participantDecider: Decider<
  Participant,
  ParticipantCommand,
  ParticipantEvent,
  RefusedBy<ParticipantRefusalReason>,
  unknown
> = { initial: unknownParticipant, decide: decideBy(rows).decide, evolve }
