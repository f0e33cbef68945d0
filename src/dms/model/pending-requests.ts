import type { Decider } from '../../kernel/decider.ts'
import { decideBy, decisionTable, type Transition } from '../../kernel/decision-table.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { RuleId } from '../../kernel/rule-id.ts'
import type { Policy } from '../../policy/policy.ts'

/**
 * The requests of one maker that may be pending. A request that is closed stays in the list until room is
 * needed, so that closing a request does not change the maker's list too.
 *
 * @category DMS
 */
export interface PendingRequests {
  readonly stage: 'Listed'
  /** At most as many as the policy allows at a time (DMS-10), oldest first. */
  readonly requests: readonly string[]
}

/**
 * The command of a maker's list: adds a request, and removes those that are no longer pending.
 *
 * @category DMS
 */
export interface PendingRequestsCommand {
  readonly type: 'AddPendingRequest'
  readonly at: Instant
  readonly request: string
  /** The requests in the list that are no longer pending. */
  readonly closed: readonly string[]
}

/**
 * The event of a maker's list.
 *
 * @category DMS
 */
export interface PendingRequestsEvent {
  readonly type: 'PendingRequestAdded'
  readonly at: Instant
  readonly rule: RuleId
  readonly request: string
  readonly closed: readonly string[]
}

type Rules = Pick<Policy, 'dms'>

/** The types of the state machine of a maker's list, bundled. */
export interface PendingRequestsTypes {
  readonly state: PendingRequests
  readonly command: PendingRequestsCommand
  readonly event: PendingRequestsEvent
  readonly reason: 'too-many-requests'
  readonly rules: Rules
}

const { on, guard } = /* @__PURE__ */ decisionTable<PendingRequestsTypes>()

const remaining = (requests: readonly string[], closed: readonly string[]) =>
  requests.filter((request) => !closed.includes(request))

const full = guard(
  'the maker has as many pending requests as the policy allows',
  ({ requests }: PendingRequests, { closed }: PendingRequestsCommand, { dms }: Rules) =>
    remaining(requests, closed).length >= dms.maxPendingRequests,
)

const rows = [
  on('AddPendingRequest').from('Listed').when(full).refuse('too-many-requests', 'DMS-10'),
  on('AddPendingRequest')
    .from('Listed')
    .emit(['PendingRequestAdded'], 'same', 'DMS-10', (_, { at, request, closed }) => [
      { type: 'PendingRequestAdded', at, rule: 'DMS-10', request, closed },
    ]),
]

/**
 * The transition table of a maker's list as data.
 *
 * @rule AUD-05
 * @category DMS
 */
export const pendingRequestsTransitions: readonly Transition<PendingRequestsTypes>[] = rows

/**
 * The pending requests of one maker. Entering a request also commits this record, so that the maximum holds
 * regardless of parallel entries, and that counting does not read the participant's other requests.
 *
 * @rule DMS-10
 * @category DMS
 */
export const pendingRequestsDecider: Decider<PendingRequestsTypes> = {
  initial: /* @__PURE__ */ Object.freeze({ stage: 'Listed', requests: [] }),
  decide: decideBy(rows).decide,
  evolve: ({ requests }, { request, closed }) => ({
    stage: 'Listed',
    requests: [...remaining(requests, closed), request],
  }),
}
