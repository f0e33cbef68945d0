/**
 * Delegated Maintenance: the state machines of a profile request and of an Authorisation Code, and what the DMS
 * operations of the service take and return.
 *
 * @module ccass-2fa/dms
 */
export type { EnteredRequest, EntryInput } from '../dms/enter-request.ts'
export type {
  DmsLists,
  DmsPageInput,
  ListPage,
  MaintenanceLine,
  OwnRequest,
  PendingRequestSummary,
  SerialNumberLine,
  UserGroupLine,
} from '../dms/lists.ts'
export {
  type AuthorisationCodeCommand,
  type AuthorisationCodeDenialReason,
  type AuthorisationCodeEvent,
  type AuthorisationCodeState,
  authorisationCodeDecider,
  authorisationCodeTransitions,
  type IssuedAuthorisationCode,
  noAuthorisationCode,
  type SmartcardRead,
} from '../dms/model/authorisation-code.ts'
export { entryDigest, type ProfileEntry, profileDigest, supportNeedsOf } from '../dms/model/entry.ts'
export {
  type PendingRequests,
  type PendingRequestsCommand,
  type PendingRequestsEvent,
  pendingRequestsDecider,
  pendingRequestsTransitions,
} from '../dms/model/pending-requests.ts'
export {
  type ClosedRequest,
  type PendingRequest,
  type ProfileRequest,
  type RequestCommand,
  type RequestDenialReason,
  type RequestEvent,
  unknownRequest,
} from '../dms/model/request.ts'
export { type RequestRules, requestDecider, requestTransitions } from '../dms/model/request-decider.ts'
export type { ProfileView } from '../dms/profile-view.ts'
export type { DmsQueries, ListingPage } from '../dms/queries.ts'
export { Review, type ReviewContents } from '../dms/review.ts'
export type { AuthorisationCode } from '../dms/review-request.ts'
