/** Every explored machine except the account's. */
import type { DeciderTypes } from '../../src/kernel/decider.ts'
import { authorisationCodeMachine } from './administration/authorisation-code.ts'
import { eserviceMachine } from './administration/eservice.ts'
import { inboxMachine } from './administration/inbox.ts'
import { participantMachine } from './administration/participant.ts'
import { pendingRequestsMachine } from './administration/pending-requests.ts'
import { referenceCounterMachine } from './administration/reference-counter.ts'
import { requestMachine } from './administration/request.ts'
import { type Exploration, type ExplorationOptions, explore } from './explore.ts'
import { explorableOf, type WatchedMachine } from './watched.ts'

/** An administration machine: its name, its invariants, and its exploration. */
export interface ModelledMachine {
  readonly name: string
  readonly invariants: readonly { readonly rule: string; readonly name: string }[]
  readonly explore: (options?: ExplorationOptions) => Exploration
}

const modelled = <M extends DeciderTypes, Memory>(machine: WatchedMachine<M, Memory>): ModelledMachine => ({
  name: machine.name,
  invariants: machine.invariants,
  explore: (options) => explore(explorableOf(machine), options),
})

export const administrationMachines: readonly ModelledMachine[] = [
  modelled(requestMachine),
  modelled(authorisationCodeMachine),
  modelled(participantMachine),
  modelled(eserviceMachine),
  modelled(pendingRequestsMachine),
  modelled(referenceCounterMachine),
  modelled(inboxMachine),
]
