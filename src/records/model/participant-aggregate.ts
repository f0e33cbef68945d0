import { type ParticipantTypes, participantDecider } from '../../participant/decide.ts'
import type { Aggregate } from './aggregate.ts'

/** One participant. */
export const participantAggregate: Aggregate<ParticipantTypes> = {
  kind: 'participant',
  decider: participantDecider,
  credentialsOf: () => [],
  personalFields: {},
  needsPersonalData: () => false,
  upcasters: {},
}
