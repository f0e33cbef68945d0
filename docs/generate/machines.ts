import { accountDecider, accountTransitions } from '../../src/account/decide.ts'
import {
  authorisationDecider,
  authorisationTransitions,
} from '../../src/administration/authorisation-code.ts'
import { eserviceDecider, eserviceTransitions } from '../../src/administration/eservice/decide.ts'
import { inboxDecider, inboxTransitions } from '../../src/administration/eservice/inbox.ts'
import { numberingDecider, numberingTransitions } from '../../src/administration/eservice/numbering.ts'
import { requestDecider, requestTransitions } from '../../src/administration/profile-change/decide.ts'
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
    source: 'src/administration/profile-change/decide.ts',
    initial: requestDecider.initial.stage,
    transitions: requestTransitions,
  },
  {
    title: 'The Authorisation Codes of a checker',
    source: 'src/administration/authorisation-code.ts',
    initial: authorisationDecider.initial.stage,
    transitions: authorisationTransitions,
  },
  {
    title: 'An eService',
    source: 'src/administration/eservice/decide.ts',
    initial: eserviceDecider.initial.stage,
    transitions: eserviceTransitions,
  },
  {
    title: 'The numbers of a form',
    source: 'src/administration/eservice/numbering.ts',
    initial: numberingDecider.initial.stage,
    transitions: numberingTransitions,
  },
  {
    title: 'A place in the inbox of HKEX',
    source: 'src/administration/eservice/inbox.ts',
    initial: inboxDecider.initial.stage,
    transitions: inboxTransitions,
  },
]
