import type { Policy } from '../../policy/policy.ts'
import type { Aggregate } from '../../records/model/aggregate.ts'
import {
  type AuthorisationCodeCommand,
  type AuthorisationCodeDenialReason,
  type AuthorisationCodeEvent,
  type AuthorisationCodeState,
  authorisationCodeDecider,
} from './authorisation-code.ts'
import type { ProfileRequest, RequestCommand, RequestDenialReason, RequestEvent } from './request.ts'
import { type RequestRules, requestDecider } from './request-decider.ts'

/** One request between maker and checker. */
export const requestAggregate: Aggregate<
  ProfileRequest,
  RequestCommand,
  RequestEvent,
  RequestDenialReason,
  RequestRules
> = { kind: 'request', decider: requestDecider, credentialsOf: () => [], upcasters: {} }

/** The Authorisation Codes of one checker. */
export const authorisationCodeAggregate: Aggregate<
  AuthorisationCodeState,
  AuthorisationCodeCommand,
  AuthorisationCodeEvent,
  AuthorisationCodeDenialReason,
  Pick<Policy, 'dms'>
> = {
  kind: 'authorisation',
  upcasters: {},
  decider: authorisationCodeDecider,
  credentialsOf: (state) => (state.stage === 'Drawn' ? [state.credential] : []),
}
