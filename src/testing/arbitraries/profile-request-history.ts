import fc from 'fast-check'
import { entryDigest, type ProfileEntry } from '../../dms/model/entry.ts'
import type {
  ProfileRequest,
  RequestCommand,
  RequestDenialReason,
  RequestEvent,
} from '../../dms/model/request.ts'
import { type RequestRules, requestDecider } from '../../dms/model/request-decider.ts'
import type { UserId } from '../../identity/user-id.ts'
import type { RefusedBy } from '../../kernel/decider.ts'
import { foldEvents } from '../../kernel/decider.ts'
import { HOUR, SECOND } from '../../kernel/instant.ts'
import { defaultPolicy, type Policy } from '../../policy/policy.ts'
import { historyStart } from './names.ts'
import { profileEntry } from './profile-entry.ts'

/**
 * The three Delegated Administrators in a request's history. The first is usually its maker.
 *
 * @category Testing kit
 */
export const requestActors: readonly UserId[] = /* @__PURE__ */ ['B01234X1', 'B01234X2', 'B01234Y1'].map(
  // Well-formed User IDs.
  (id) => id as UserId,
)

/**
 * One step of a request's history. It becomes a command once the request that it applies to is known.
 *
 * @category Testing kit
 */
export interface RequestStep {
  readonly operation: RequestCommand['type']
  /** The entry, for Enter and Amend. */
  readonly entry: ProfileEntry
  /** The version of the profile at this step. A different number means a different profile. */
  readonly profile: number
  /** Who acts as the maker: the request's own maker, or an index in {@link requestActors}. */
  readonly maker: 'own' | 0 | 1 | 2
  /** Who acts as the checker: an index in {@link requestActors}. */
  readonly checker: 0 | 1 | 2
  /** Whether the checker read the current entry. */
  readonly read: boolean
  /** Milliseconds since the previous step. It may be 0, or negative if the clock is set back. */
  readonly wait: number
}

/**
 * A command to a request and its outcome.
 *
 * @category Testing kit
 */
export interface RequestDecision {
  readonly before: ProfileRequest
  readonly command: RequestCommand
  readonly events: readonly RequestEvent[]
  readonly refusal?: RefusedBy<RequestDenialReason>
  readonly after: ProfileRequest
}

/**
 * The history of one request.
 *
 * @category Testing kit
 */
export interface RequestHistory {
  readonly rules: RequestRules
  readonly decisions: readonly RequestDecision[]
  /**
   * Everything that happened to the request, oldest first. A refusal is in the trail of the account that
   * tried.
   */
  readonly events: readonly RequestEvent[]
  /** The request after the last command. */
  readonly request: ProfileRequest
}

const name = 'request-1'
const seenAs = (profile: number) => `profile-${profile}`
const actor = (place: number): UserId =>
  // A well-formed User ID.
  requestActors[place] ?? ('B01234X1' as UserId)

/** Converts a step to a command for the current request. */
const commandOf = (request: ProfileRequest, step: RequestStep, at: number): RequestCommand => {
  const { operation, entry, profile, read } = step
  const own = 'maker' in request ? request.maker : actor(0)
  const maker = step.maker === 'own' ? own : actor(step.maker)
  const checker = actor(step.checker)
  const seen = seenAs(profile)
  const present = request.stage === 'Pending' ? request.entryDigest : ''
  const digest = read ? present : entryDigest(name, entry, 'another', 0)
  switch (operation) {
    case 'Enter':
    case 'Amend':
      return {
        type: operation,
        at,
        maker,
        entry,
        entryDigest: entryDigest(name, entry, seen, request.stage === 'Pending' ? request.revision + 1 : 1),
        profileDigest: seen,
      }
    case 'Confirm':
      return { type: operation, at, maker, checker, approved: digest, profileDigest: seen }
    case 'Reject':
      return {
        type: operation,
        at,
        checker,
        entryDigest: digest,
        ...(entry.kind === 'delete' ? {} : { remark: 'no' }),
      }
    case 'Withdraw':
    case 'RejectConfirmation':
      return { type: operation, at, maker }
  }
}

/**
 * Applies one command to a request.
 *
 * @rule DMS-01
 * @category Testing kit
 */
export const decideAndEvolveRequest = (
  before: ProfileRequest,
  command: RequestCommand,
  rules: RequestRules,
): RequestDecision =>
  requestDecider.decide(before, command, rules).match<RequestDecision>(
    (events) => ({ before, command, events, after: foldEvents(requestDecider.evolve, before, events) }),
    (refusal) => ({ before, command, events: [], refusal, after: before }),
  )

/**
 * Runs steps against a request as it evolves, starting before it is entered.
 *
 * @returns every decision, and the resulting events and request.
 * @rule AUD-01
 * @category Testing kit
 */
export const runRequestHistory = (steps: readonly RequestStep[], rules: RequestRules): RequestHistory => {
  const decisions: RequestDecision[] = []
  let request: ProfileRequest = requestDecider.initial
  let now = historyStart
  for (const step of steps) {
    now += step.wait
    const decision = decideAndEvolveRequest(request, commandOf(request, step, now), rules)
    request = decision.after
    decisions.push(decision)
  }
  return { rules, decisions, events: decisions.flatMap(({ events }) => events), request }
}

const seldom = <T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 8, arbitrary: fc.constant(usual) }, { weight: 2, arbitrary: fc.constantFrom(...others) })

/**
 * The steps of a request's history. Run them with {@link runRequestHistory}.
 *
 * @param bounds - `maxLength`: the maximum number of steps after the first. Default: 12.
 * @category Testing kit
 */
export const requestSteps = ({
  maxLength = 12,
}: {
  readonly maxLength?: number
} = {}): fc.Arbitrary<readonly RequestStep[]> => {
  const step = (operation: fc.Arbitrary<RequestStep['operation']>): fc.Arbitrary<RequestStep> =>
    fc.record({
      operation,
      // Well-formed User IDs.
      entry: profileEntry(fc.constantFrom('B0123401' as UserId, 'B0123402' as UserId)),
      profile: seldom(0, 1, 2),
      maker: seldom<RequestStep['maker']>('own', 0, 1, 2),
      checker: seldom<RequestStep['checker']>(1, 0, 2),
      read: seldom(true, false),
      wait: fc.oneof(
        { weight: 16, arbitrary: fc.integer({ min: 0, max: 600 * SECOND }) },
        { weight: 1, arbitrary: fc.integer({ min: -HOUR, max: -1 }) },
        { weight: 1, arbitrary: fc.integer({ min: 20 * HOUR, max: 26 * HOUR }) },
      ),
    })
  const acts = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('Amend' as const, 'Confirm' as const) },
    { weight: 3, arbitrary: fc.constantFrom('Enter' as const, 'Reject' as const, 'Withdraw' as const) },
    { weight: 2, arbitrary: fc.constant('RejectConfirmation' as const) },
  )
  const beginning = seldom<RequestStep['operation']>('Enter', 'Amend', 'Confirm', 'Reject', 'Withdraw')
  return fc
    .tuple(step(beginning), fc.array(step(acts), { maxLength, size: 'max' }))
    .map(([first, rest]) => [first, ...rest])
}

/**
 * Histories of one request between maker and checker: entered, amended, confirmed, rejected, withdrawn,
 * expired and stale, mostly by the right persons and sometimes by others. At most 13 steps.
 *
 * @param policy - the policy under which they run. An arbitrary gives a new policy for each history.
 * @rule DMS-01
 * @rule AUD-01
 * @category Testing kit
 */
export const profileRequestHistory = (
  policy: Policy | fc.Arbitrary<Policy> = defaultPolicy,
): fc.Arbitrary<RequestHistory> =>
  fc
    .tuple(requestSteps(), policy instanceof fc.Arbitrary ? policy : fc.constant(policy), fc.boolean())
    .map(([steps, { dms }, alone]) => {
      const onePersonParticipants = alone ? ['B01234'] : dms.onePersonParticipants
      return runRequestHistory(steps, { dms: { ...dms, onePersonParticipants }, participant: 'B01234' })
    })
