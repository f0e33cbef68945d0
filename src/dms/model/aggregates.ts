import type { Aggregate } from '../../records/model/aggregate.ts'
import { type AuthorisationCodeTypes, authorisationCodeDecider } from './authorisation-code.ts'
import { type RequestTypes, requestDecider } from './request-decider.ts'

/** One request between maker and checker. */
export const requestAggregate: Aggregate<RequestTypes> = {
  kind: 'request',
  upcasters: {},
  decider: requestDecider,
  credentialsOf: () => [],
  personalFields: {
    surname: 'identity',
    otherNames: 'identity',
    email: 'contact',
    remark: 'identity',
    // Digests over a profile could be compared with guesses of what was erased.
    entryDigest: 'identity',
    profileDigest: 'identity',
  },
  needsPersonalData: (state, now) => state.stage === 'Pending' && now < state.expiresAt,
}

/** The Authorisation Codes of one checker. */
export const authorisationCodeAggregate: Aggregate<AuthorisationCodeTypes> = {
  kind: 'authorisation',
  upcasters: {},
  decider: authorisationCodeDecider,
  credentialsOf: (state) => (state.stage === 'Issued' ? [state.credential] : []),
  personalFields: { entryDigest: 'identity' },
  needsPersonalData: (state, now) => state.stage === 'Issued' && now < state.expiresAt,
}
