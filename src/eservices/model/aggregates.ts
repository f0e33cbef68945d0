import type { Aggregate } from '../../records/model/aggregate.ts'
import { eserviceDecider } from './decide.ts'
import { type InboxTypes, inboxDecider } from './inbox.ts'
import { type ReferenceCounterTypes, referenceCounterDecider } from './reference-counter.ts'
import type { EserviceTypes } from './table.ts'

/**
 * The aggregate of one eService form.
 *
 * @rule AUD-01
 */
export const eserviceAggregate: Aggregate<EserviceTypes> = {
  kind: 'eservice',
  upcasters: {},
  decider: eserviceDecider,
  eventTypes: {
    FormDrafted: true,
    FormEdited: true,
    FormSubmitted: true,
    FormReclaimed: true,
    FormClaimed: true,
    FormTakenOver: true,
    FormReleased: true,
    FormReferred: true,
    FormReverted: true,
    FormConfirmed: true,
    FormDiscarded: true,
    LineProcessed: true,
    FormCompleted: true,
    CommandRefused: true,
  },
  credentialsOf: () => [],
  personalFields: {
    surname: 'identity',
    otherNames: 'identity',
    // The id of a Client Connect person and of the contact person.
    id: 'identity',
    name: 'identity',
    remark: 'identity',
    remarks: 'identity',
    email: 'contact',
    telephone: 'contact',
  },
  needsPersonalData: ({ stage }) => stage !== 'Completed' && stage !== 'Discarded',
}

/** The aggregate of a form's reference counter. */
export const referenceCounterAggregate: Aggregate<ReferenceCounterTypes> = {
  kind: 'reference-counter',
  upcasters: {},
  decider: referenceCounterDecider,
  eventTypes: { ReferenceNumberIssued: true },
  credentialsOf: () => [],
  personalFields: {},
  needsPersonalData: () => false,
}

/** The aggregate of one place in HKEX's inbox. */
export const inboxAggregate: Aggregate<InboxTypes> = {
  kind: 'inbox',
  upcasters: {},
  decider: inboxDecider,
  eventTypes: { FormReceived: true, FormArchived: true, FormWithdrawn: true },
  credentialsOf: () => [],
  personalFields: {},
  needsPersonalData: () => false,
}

/** The partition of HKEX's own records; all others belong to participants. */
export const hkexPartition = 'HKEX'
