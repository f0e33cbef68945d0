import type { Aggregate } from '../../records/model/aggregate.ts'
import { eserviceDecider } from './decide.ts'
import { type InboxTypes, inboxDecider } from './inbox.ts'
import { type ReferenceCounterTypes, referenceCounterDecider } from './reference-counter.ts'
import type { EserviceTypes } from './table.ts'

/** One eService. */
export const eserviceAggregate: Aggregate<EserviceTypes> = {
  kind: 'eservice',
  upcasters: {},
  decider: eserviceDecider,
  credentialsOf: () => [],
}

/** The numbers of one form's references. */
export const referenceCounterAggregate: Aggregate<ReferenceCounterTypes> = {
  kind: 'reference-counter',
  upcasters: {},
  decider: referenceCounterDecider,
  credentialsOf: () => [],
}

/** One place in HKEX's inbox. */
export const inboxAggregate: Aggregate<InboxTypes> = {
  kind: 'inbox',
  upcasters: {},
  decider: inboxDecider,
  credentialsOf: () => [],
}

/** Under which key HKEX's own records live, beside the participants'. */
export const hkexPartition = 'HKEX'
