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
  personalFields: {
    surname: 'identity',
    otherNames: 'identity',
    // Of a person at Client Connect and of the contact person.
    id: 'identity',
    name: 'identity',
    remark: 'identity',
    remarks: 'identity',
    email: 'contact',
    telephone: 'contact',
  },
  needsPersonalData: ({ stage }) => stage !== 'Completed' && stage !== 'Discarded',
}

/** The numbers of one form's references. */
export const referenceCounterAggregate: Aggregate<ReferenceCounterTypes> = {
  kind: 'reference-counter',
  upcasters: {},
  decider: referenceCounterDecider,
  credentialsOf: () => [],
  personalFields: {},
  needsPersonalData: () => false,
}

/** One place in HKEX's inbox. */
export const inboxAggregate: Aggregate<InboxTypes> = {
  kind: 'inbox',
  upcasters: {},
  decider: inboxDecider,
  credentialsOf: () => [],
  personalFields: {},
  needsPersonalData: () => false,
}

/** Under which key HKEX's own records live, beside the participants'. */
export const hkexPartition = 'HKEX'
