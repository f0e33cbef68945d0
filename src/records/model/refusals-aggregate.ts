import { ok } from 'neverthrow'
import type { AccountEventOf } from '../../account/events.ts'
import type { Aggregate } from './aggregate.ts'

/** The refusals of one User ID have no state: their trail is all that there is. */
export interface Refusals {
  readonly stage: 'Refusals'
}

/** What stands in the trail of refusals. */
export type RefusalEvent = AccountEventOf<'CommandRefused'>

/** The types of a record of refusals: no command changes it. */
export interface RefusalsTypes {
  readonly state: Refusals
  readonly command: { readonly type: never }
  readonly event: RefusalEvent
  readonly reason: never
  readonly rules: unknown
}

/**
 * What was refused to unauthenticated callers for one User ID and changed nothing. It stands apart from the
 * account, so that an outsider cannot make those who act on the account lose their race.
 *
 * @rule AUD-08
 */
export const refusalsAggregate: Aggregate<RefusalsTypes> = {
  kind: 'refusals',
  upcasters: {},
  decider: {
    initial: { stage: 'Refusals' },
    decide: () => ok([]),
    // A stored event of another type is none of this kind: verification reports it.
    evolve: (state, { type }) => (type === 'CommandRefused' ? state : (undefined as never)),
  },
  credentialsOf: () => [],
  personalFields: {},
  needsPersonalData: () => false,
}
