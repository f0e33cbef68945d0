import { accountDecider, accountTransitions } from '../../src/account/decide.ts'
import {
  authorisationCodeDecider,
  authorisationCodeTransitions,
} from '../../src/dms/model/authorisation-code.ts'
import { pendingRequestsDecider, pendingRequestsTransitions } from '../../src/dms/model/pending-requests.ts'
import { requestDecider, requestTransitions } from '../../src/dms/model/request-decider.ts'
import { eserviceDecider, eserviceTransitions } from '../../src/eservices/model/decide.ts'
import { inboxDecider, inboxTransitions } from '../../src/eservices/model/inbox.ts'
import {
  referenceCounterDecider,
  referenceCounterTransitions,
} from '../../src/eservices/model/reference-counter.ts'
import { participantDecider, participantTransitions } from '../../src/participant/decide.ts'
import type { ShownMachine } from './machines-page.ts'

/** Every state machine of a record. */
export const shownMachines: readonly ShownMachine[] = [
  {
    title: 'An account',
    source: 'src/account/decide.ts',
    initial: accountDecider.initial.stage,
    transitions: accountTransitions,
  },
  {
    title: 'A participant',
    source: 'src/participant/decide.ts',
    initial: participantDecider.initial.stage,
    transitions: participantTransitions,
  },
  {
    title: 'A request between maker and checker',
    source: 'src/dms/model/request-decider.ts',
    initial: requestDecider.initial.stage,
    transitions: requestTransitions,
  },
  {
    title: 'The pending requests of a maker',
    source: 'src/dms/model/pending-requests.ts',
    initial: pendingRequestsDecider.initial.stage,
    transitions: pendingRequestsTransitions,
  },
  {
    title: 'The Authorisation Codes of a checker',
    source: 'src/dms/model/authorisation-code.ts',
    initial: authorisationCodeDecider.initial.stage,
    transitions: authorisationCodeTransitions,
  },
  {
    title: 'An eService',
    source: 'src/eservices/model/decide.ts',
    initial: eserviceDecider.initial.stage,
    transitions: eserviceTransitions,
  },
  {
    title: 'The numbers of a form',
    source: 'src/eservices/model/reference-counter.ts',
    initial: referenceCounterDecider.initial.stage,
    transitions: referenceCounterTransitions,
  },
  {
    title: 'A place in the inbox of HKEX',
    source: 'src/eservices/model/inbox.ts',
    initial: inboxDecider.initial.stage,
    transitions: inboxTransitions,
  },
]
