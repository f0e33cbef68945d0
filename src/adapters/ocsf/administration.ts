import type { Activity } from './classes.ts'
import { type EventOf, fieldIs, type KindMapping, type MappingRow, refusedOperations } from './mapping.ts'

/** How the events of participants are reported. */
export const participantMapping: KindMapping<'participant'> = {
  MaximumSet: [
    {
      activity: 'Entity Management: Update',
      says: 'Maximum number of accounts set',
      details: ({ maximum }) => ({ unmapped: { maximum } }),
    },
  ],
  UserIdsAllocated: [
    {
      activity: 'Entity Management: Update',
      says: 'User IDs allocated',
      details: ({ ids }) => ({ unmapped: { userIds: ids.map(({ userId }) => userId) } }),
    },
  ],
  QuotaReleased: [
    {
      activity: 'Entity Management: Update',
      says: 'Place of a deleted account released',
      details: ({ userId }) => ({ unmapped: { userId } }),
    },
  ],
}

type Entry = EventOf<'request', 'RequestEntered'>['entry']

/** Which account an entry is for and which fields it names; their values can be personal data. */
const entered = ({ entry }: { readonly entry: Entry }) => ({
  unmapped: {
    entry: entry.kind,
    subject: entry.userId,
    ...(entry.kind === 'create' ? { changes: Object.keys(entry.profile) } : {}),
    ...(entry.kind === 'change' ? { changes: Object.keys(entry.changes), unlock: entry.unlock } : {}),
  },
})

/** How the events of requests between maker and checker are reported. */
export const requestMapping: KindMapping<'request'> = {
  RequestEntered: [{ activity: 'Entity Management: Create', says: 'Request entered', details: entered }],
  RequestAmended: [{ activity: 'Entity Management: Update', says: 'Request amended', details: entered }],
  RequestConfirmed: [
    {
      activity: 'Entity Management: Update',
      says: 'Request confirmed',
      details: ({ checker }) => ({ unmapped: { checker } }),
    },
  ],
  RequestRejected: [
    {
      activity: 'Entity Management: Update',
      says: 'Request rejected',
      details: ({ checker }) => ({ unmapped: { checker } }),
    },
  ],
  RequestWithdrawn: [{ activity: 'Entity Management: Update', says: 'Request withdrawn' }],
  ConfirmationRejected: [
    {
      activity: 'Entity Management: Update',
      says: 'Confirmation rejected',
      failure: 'wrong-confirmation',
    },
  ],
  RequestCodesRevoked: [
    {
      activity: 'Entity Management: Update',
      says: 'Authorisation Codes of a request revoked',
      severity: 'Medium',
    },
  ],
  RequestExpired: [{ activity: 'Entity Management: Update', says: 'Request expired' }],
  RequestStale: [
    { activity: 'Entity Management: Update', says: 'Request void: the profile was changed meanwhile' },
  ],
}

/** How the events of a maker's pending requests are reported. */
export const pendingRequestsMapping: KindMapping<'pending-requests'> = {
  PendingRequestAdded: [
    {
      activity: 'Entity Management: Update',
      says: 'Pending request added',
      details: ({ request }) => ({ unmapped: { request } }),
    },
  ],
}

/** How the events of Authorisation Codes are reported. */
export const authorisationMapping: KindMapping<'authorisation'> = {
  AuthorisationCodeIssued: [
    {
      activity: 'Entity Management: Create',
      says: 'Authorisation Code issued',
      details: ({ request, expiresAt }) => ({ unmapped: { request, expiresAt } }),
    },
  ],
  AuthorisationCodeUsed: [
    {
      activity: 'Entity Management: Update',
      says: 'Authorisation Code used',
      details: ({ request }) => ({ unmapped: { request } }),
    },
  ],
  AuthorisationCodeRevoked: [
    {
      when: fieldIs('reason', 'too-many-attempts'),
      activity: 'Entity Management: Disable',
      says: 'Authorisation Code revoked',
      severity: 'Medium',
      details: ({ reason }) => ({ unmapped: { reason } }),
    },
    {
      activity: 'Entity Management: Disable',
      says: 'Authorisation Code revoked',
      details: ({ reason }) => ({ unmapped: { reason } }),
    },
  ],
}

type FormRefused = EventOf<'eservice', 'CommandRefused'>

/** What was tried where a step of a form was refused. */
const steps: Readonly<Record<FormRefused['operation'], Activity>> = {
  Draft: 'Entity Management: Create',
  Edit: 'Entity Management: Update',
  Submit: 'Entity Management: Update',
  Reclaim: 'Entity Management: Update',
  Claim: 'Entity Management: Update',
  TakeOver: 'Entity Management: Update',
  Release: 'Entity Management: Update',
  Refer: 'Entity Management: Update',
  Revert: 'Entity Management: Update',
  Confirm: 'Entity Management: Update',
  Discard: 'Entity Management: Delete',
  View: 'Entity Management: Read',
  ProcessLine: 'Entity Management: Update',
  Complete: 'Entity Management: Update',
}

const step = (says: string) =>
  [{ activity: 'Entity Management: Update', says } as const] satisfies [MappingRow<never>]

/** How the events of eService forms are reported. */
export const eserviceMapping: KindMapping<'eservice'> = {
  FormDrafted: [
    {
      activity: 'Entity Management: Create',
      says: 'Form drafted',
      details: ({ form, clonedFrom }) => ({
        unmapped: { form, ...(clonedFrom === undefined ? {} : { clonedFrom }) },
      }),
    },
  ],
  FormEdited: step('Form edited'),
  FormSubmitted: [
    {
      activity: 'Entity Management: Update',
      says: 'Form submitted',
      details: ({ reference }) => ({ unmapped: { reference } }),
    },
  ],
  FormReclaimed: step('Form reclaimed'),
  FormClaimed: step('Form claimed'),
  FormTakenOver: step('Form taken over by another checker'),
  FormReleased: step('Form released'),
  FormReferred: step('Form referred to another checker'),
  FormReverted: step('Form handed back to its maker'),
  FormConfirmed: step('Form confirmed'),
  FormDiscarded: [{ activity: 'Entity Management: Delete', says: 'Form discarded' }],
  LineProcessed: [
    {
      when: {
        says: '`outcome.kind` is `refused`',
        holds: ({ outcome }) => outcome.kind === 'refused',
      },
      activity: 'Entity Management: Update',
      says: 'Line of a form refused',
      failure: ({ outcome }) => (outcome.kind === 'refused' ? outcome.reason : ''),
      details: ({ line }) => ({ unmapped: { line } }),
    },
    {
      activity: 'Entity Management: Update',
      says: 'Line of a form accepted',
      details: ({ line, outcome }) => ({
        unmapped: {
          line,
          ...(outcome.kind === 'accepted' && outcome.userId !== undefined ? { userId: outcome.userId } : {}),
        },
      }),
    },
  ],
  FormCompleted: step('Form completed'),
  CommandRefused: refusedOperations<FormRefused>(steps, {
    says: 'Step of a form refused',
    otherwise: 'Entity Management: Other',
  }),
}

/** How the events of reference numbers are reported. */
export const referenceCounterMapping: KindMapping<'reference-counter'> = {
  ReferenceNumberIssued: [
    {
      activity: 'Entity Management: Update',
      says: 'Reference number issued',
      details: ({ number }) => ({ unmapped: { number } }),
    },
  ],
}

/** How the events of HKEX's inbox are reported. */
export const inboxMapping: KindMapping<'inbox'> = {
  FormReceived: [
    {
      activity: 'Entity Management: Create',
      says: 'Form received',
      details: ({ participant, form }) => ({ unmapped: { participant, form } }),
    },
  ],
  FormArchived: step('Form archived'),
  FormWithdrawn: step('Form withdrawn'),
}
