/** Every explored machine except the account's. */
import { authorisationCodeMachine } from './administration/authorisation-code.ts'
import { eserviceMachine } from './administration/eservice.ts'
import { inboxMachine } from './administration/inbox.ts'
import { participantMachine } from './administration/participant.ts'
import { pendingRequestsMachine } from './administration/pending-requests.ts'
import { referenceCounterMachine } from './administration/reference-counter.ts'
import { requestMachine } from './administration/request.ts'
import { type Exploration, type ExplorationOptions, explore } from './explore.ts'
import { explorableOf } from './watched.ts'

/** An administration machine: its name, its invariants, and its exploration. */
export interface ModelledMachine {
  readonly name: string
  readonly invariants: readonly { readonly rule: string; readonly name: string }[]
  readonly explore: (options?: ExplorationOptions) => Exploration
}

export const administrationMachines: readonly ModelledMachine[] = [
  {
    name: requestMachine.name,
    invariants: requestMachine.invariants,
    explore: (options) => explore(explorableOf(requestMachine), options),
  },
  {
    name: authorisationCodeMachine.name,
    invariants: authorisationCodeMachine.invariants,
    explore: (options) => explore(explorableOf(authorisationCodeMachine), options),
  },
  {
    name: participantMachine.name,
    invariants: participantMachine.invariants,
    explore: (options) => explore(explorableOf(participantMachine), options),
  },
  {
    name: eserviceMachine.name,
    invariants: eserviceMachine.invariants,
    explore: (options) => explore(explorableOf(eserviceMachine), options),
  },
  {
    name: pendingRequestsMachine.name,
    invariants: pendingRequestsMachine.invariants,
    explore: (options) => explore(explorableOf(pendingRequestsMachine), options),
  },
  {
    name: referenceCounterMachine.name,
    invariants: referenceCounterMachine.invariants,
    explore: (options) => explore(explorableOf(referenceCounterMachine), options),
  },
  {
    name: inboxMachine.name,
    invariants: inboxMachine.invariants,
    explore: (options) => explore(explorableOf(inboxMachine), options),
  },
]
