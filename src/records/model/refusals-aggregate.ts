import { ok } from 'neverthrow'
import type { AccountEventOf } from '../../account/events.ts'
import type { Aggregate } from './aggregate.ts'

/** The refusals of one User ID have no state, only a trail. */
export interface Refusals {
  readonly stage: 'Refusals'
}

/** An event in the trail of refusals. */
export type RefusalEvent = AccountEventOf<'CommandRefused'>

/** The types of a record of refusals. It has no commands. */
export interface RefusalsTypes {
  readonly state: Refusals
  readonly command: { readonly type: never }
  readonly event: RefusalEvent
  readonly reason: never
  readonly rules: unknown
}

/**
 * The refusals of unauthenticated callers for one User ID that changed nothing. They are separate from the
 * account, so that an outsider cannot cause conflicts for operations on the account.
 *
 * @rule AUD-08
 */
export const refusalsAggregate: Aggregate<RefusalsTypes> = {
  kind: 'refusals',
  upcasters: {},
  eventTypes: { CommandRefused: true },
  decider: {
    initial: { stage: 'Refusals' },
    decide: () => ok([]),
    // A stored event of another type does not belong to this kind; verification reports it.
    evolve: (state, { type }) => (type === 'CommandRefused' ? state : (undefined as never)),
  },
  credentialsOf: () => [],
  personalFields: {},
  needsPersonalData: () => false,
}
