import { accountDecider, accountTransitions } from '../../src/account/decide.ts'
import {
  authorisationDecider,
  authorisationTransitions,
} from '../../src/dms/model/authorisation-code.ts'
import { eserviceDecider, eserviceTransitions } from '../../src/eservices/model/decide.ts'
import { inboxDecider, inboxTransitions } from '../../src/eservices/model/inbox.ts'
import { numberingDecider, numberingTransitions } from '../../src/eservices/model/reference-counter.ts'
import { requestDecider, requestTransitions } from '../../src/dms/model/request-decider.ts'
import { participantDecider, participantTransitions } from '../../src/participant/decide.ts'
import type { ShownMachine } from './machines-page.ts'

/** Every machine that a record lives by. */
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
    title: 'The Authorisation Codes of a checker',
    source: 'src/dms/model/authorisation-code.ts',
    initial: authorisationDecider.initial.stage,
    transitions: authorisationTransitions,
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
    initial: numberingDecider.initial.stage,
    transitions: numberingTransitions,
  },
  {
    title: 'A place in the inbox of HKEX',
    source: 'src/eservices/model/inbox.ts',
    initial: inboxDecider.initial.stage,
    transitions: inboxTransitions,
  },
]
