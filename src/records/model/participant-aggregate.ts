import { type ParticipantTypes, participantDecider } from '../../participant/decide.ts'
import type { Aggregate } from './aggregate.ts'

/**
 * The aggregate of one participant.
 *
 * @rule AUD-01
 */
export const participantAggregate: Aggregate<ParticipantTypes> = {
  kind: 'participant',
  decider: participantDecider,
  eventTypes: { MaximumSet: true, UserIdsAllocated: true, QuotaReleased: true },
  credentialsOf: () => [],
  personalFields: {},
  needsPersonalData: () => false,
  upcasters: {},
}
