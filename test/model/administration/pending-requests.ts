/** The list of a maker's pending requests, which holds their maximum. */
import {
  type PendingRequestsCommand,
  type PendingRequestsTypes,
  pendingRequestsDecider,
} from '../../../src/dms/model/pending-requests.ts'
import { defaultPolicy } from '../../../src/policy/policy.ts'
import type { WatchedMachine } from '../watched.ts'

const at = 0
const requests = ['one', 'two', 'three', 'four', 'five']
const maximum = 3

/** Every selection of some items, in their order. */
const selections = ([first, ...others]: readonly string[]): readonly (readonly string[])[] =>
  first === undefined ? [[]] : selections(others).flatMap((selection) => [selection, [first, ...selection]])

/** Five requests of which three may be pending. Each is entered once; any of those listed can be closed. */
export const pendingRequestsMachine: WatchedMachine<PendingRequestsTypes, readonly string[]> = {
  name: 'the pending requests of a maker',
  decider: pendingRequestsDecider,
  rules: { dms: { ...defaultPolicy.dms, maxPendingRequests: maximum } },
  commandsOf: (state, entered): readonly PendingRequestsCommand[] =>
    requests
      .filter((request) => !entered.includes(request))
      .flatMap((request) =>
        selections(state.requests).map(
          (closed) => ({ type: 'AddPendingRequest', at, request, closed }) as const,
        ),
      ),
  normalised: (state) => state,
  nothing: [],
  remember: (entered, { command }) => [...entered, command.request].sort(),
  invariants: [
    {
      rule: 'DMS-10',
      name: 'a maker has no more pending requests than the policy allows',
      holds: ({ after }) => after.requests.length <= maximum,
    },
    {
      rule: 'DMS-10',
      name: 'a request counts until it is closed, and each once',
      holds: ({ before, command: { request, closed }, after }) =>
        after.requests.join() ===
        [...before.requests.filter((each) => !closed.includes(each)), request].join(),
    },
  ],
  nameOf: ({ request, closed }) => `AddPendingRequest ${request}, closed: ${closed.join(', ') || 'none'}`,
}
