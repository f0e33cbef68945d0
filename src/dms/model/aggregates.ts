import type { Aggregate } from '../../records/model/aggregate.ts'
import { type AuthorisationCodeTypes, authorisationCodeDecider } from './authorisation-code.ts'
import { type PendingRequestsTypes, pendingRequestsDecider } from './pending-requests.ts'
import { type RequestTypes, requestDecider } from './request-decider.ts'

/**
 * The aggregate of one request between maker and checker.
 *
 * @rule AUD-01
 */
export const requestAggregate: Aggregate<RequestTypes> = {
  kind: 'request',
  upcasters: {},
  decider: requestDecider,
  eventTypes: {
    RequestEntered: true,
    RequestAmended: true,
    RequestConfirmed: true,
    RequestRejected: true,
    RequestWithdrawn: true,
    ConfirmationRejected: true,
    RequestCodesRevoked: true,
    RequestExpired: true,
    RequestStale: true,
  },
  credentialsOf: () => [],
  personalFields: {
    surname: 'identity',
    otherNames: 'identity',
    email: 'contact',
    remark: 'identity',
    // The digest of a profile counts as personal data, because guesses of erased values could be tested
    // against it.
    entryDigest: 'identity',
    profileDigest: 'identity',
  },
  needsPersonalData: (state, now) => state.stage === 'Pending' && now < state.expiresAt,
}

/** The aggregate of one maker's pending requests. */
export const pendingRequestsAggregate: Aggregate<PendingRequestsTypes> = {
  kind: 'pending-requests',
  upcasters: {},
  decider: pendingRequestsDecider,
  eventTypes: { PendingRequestAdded: true },
  credentialsOf: () => [],
  personalFields: {},
  needsPersonalData: () => false,
}

/** The aggregate of one checker's Authorisation Codes. */
export const authorisationCodeAggregate: Aggregate<AuthorisationCodeTypes> = {
  kind: 'authorisation',
  upcasters: {},
  decider: authorisationCodeDecider,
  eventTypes: { AuthorisationCodeIssued: true, AuthorisationCodeUsed: true, AuthorisationCodeRevoked: true },
  credentialsOf: (state) => (state.stage === 'Issued' ? [state.credential] : []),
  personalFields: { entryDigest: 'identity' },
  needsPersonalData: (state, now) => state.stage === 'Issued' && now < state.expiresAt,
}
