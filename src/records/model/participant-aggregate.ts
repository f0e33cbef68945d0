import {
  type ParticipantCommand,
  type ParticipantEvent,
  type ParticipantRefusalReason,
  participantDecider,
} from '../../participant/decide.ts'
import type { Participant } from '../../participant/state.ts'
import type { Aggregate } from './aggregate.ts'

/** One participant. */
export const participantAggregate: Aggregate<
  Participant,
  ParticipantCommand,
  ParticipantEvent,
  ParticipantRefusalReason,
  unknown
> = { kind: 'participant', decider: participantDecider, credentialsOf: () => [], upcasters: {} }
