import { err, ok, type Result } from 'neverthrow'
import { phaseOf, type ServiceContext } from '../engine/context.ts'
import type { CommitRefusal } from '../engine/refusals.ts'
import { randomHex } from '../engine/unit-of-work.ts'
import type { IdentityRefusal } from '../identity/refusals.ts'
import { parseUserId, type UserId, validateUserId } from '../identity/user-id.ts'
import type { WithCode } from '../kernel/coded.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Policy } from '../policy/policy.ts'
import { accountKey } from '../records/handle-account-command.ts'
import { accountAggregate } from '../records/model/account-aggregate.ts'
import { changeFromCommand, keyOf, stateOf } from '../records/model/aggregate.ts'
import { participantAggregate } from '../records/model/participant-aggregate.ts'
import type { AdministrativeOperation } from '../records/record-refusal.ts'
import type { Session } from '../session/session.ts'
import {
  type Administrator,
  administratorOf,
  type Denial,
  refuseOperation,
  requestKey,
  toRefusal,
  transactAs,
} from './administrator.ts'
import { authorityDenial, impossibleEntry, lateSmartcard } from './entry-checks.ts'
import { pendingRequestsAggregate, requestAggregate } from './model/aggregates.ts'
import { entryDigest, type ProfileEntry, profileDigest, supportNeedsOf } from './model/entry.ts'
import type { RequestCommand } from './model/request.ts'
import { closedRequests } from './pending-requests.ts'
import type { AdministratorRefusal, DmsRefusals } from './refusals.ts'

/**
 * An entry as submitted on a page of DMS.
 *
 * @category DMS
 */
export type EntryInput =
  | {
      readonly kind: 'create'
      readonly userId: string
      readonly profile: Extract<ProfileEntry, { kind: 'create' }>['profile']
    }
  | {
      readonly kind: 'change'
      readonly userId: string
      readonly changes: Extract<ProfileEntry, { kind: 'change' }>['changes']
      readonly unlock?: boolean | undefined
    }
  | { readonly kind: 'delete'; readonly userId: string }

/**
 * A request that waits for its checker.
 *
 * @category DMS
 */
export interface EnteredRequest {
  readonly request: string
  /** The digest that a checker will approve (DMS-05): SHA-256 in hex. */
  readonly digest: string
  readonly expiresAt: Instant
}

/** Parses the User ID of an entry, and checks that its format is allowed for the entry. */
const idOf = (context: ServiceContext, entry: EntryInput) => {
  const order = context.policy.userId.seochAdministratorOrder
  return entry.kind === 'create'
    ? validateUserId(entry.userId, 'User', 'created', order)
    : parseUserId(entry.userId, order)
}

const entryOf = (input: EntryInput, userId: UserId): ProfileEntry => {
  switch (input.kind) {
    case 'create':
      return { kind: 'create', userId, profile: input.profile }
    case 'change':
      return { kind: 'change', userId, changes: input.changes, unlock: input.unlock ?? false }
    case 'delete':
      return { kind: 'delete', userId }
  }
}

/** The user groups of an entry. */
const groupsOf = (entry: EntryInput): readonly string[] => {
  if (entry.kind === 'delete') return []
  return (entry.kind === 'create' ? entry.profile : entry.changes).userGroups ?? []
}

/** Whether a user group is on the host's list; without a list every code is accepted (FLD-06). */
const isKnownGroup = ({ profile }: Policy, group: string): boolean =>
  profile.userGroups.length === 0 || profile.userGroups.includes(group)

const entryCodes = ['unknown-account', 'user-id-taken', 'quota-exceeded', 'dates-reversed'] as const
type EntryCode = (typeof entryCodes)[number]

/** A maker's entry, and the request that it amends, if any. */
interface EntryOfMaker {
  readonly session: Session
  readonly entry: EntryInput
  readonly request?: string
}

/** Enters a new request, or amends one. */
const enterOrAmend = async <Code extends EntryCode | 'request-not-open'>(
  context: ServiceContext,
  input: EntryOfMaker,
  discloses: readonly Code[],
): Promise<
  Result<
    EnteredRequest,
    | AdministratorRefusal
    | Denial<Code>
    | WithCode<IdentityRefusal, 'malformed-user-id' | 'looks-like-administrator'>
  >
> => {
  const order = context.policy.userId.seochAdministratorOrder
  const named = parseUserId(input.entry.userId, order)
  const isNew = input.request === undefined
  const name = isNew ? 'dms.enter' : 'dms.amend'
  const operation = { operation: name, subject: named.isOk() ? named.value.userId : '' }
  const administrator = await administratorOf(context, input.session, operation)
  if (administrator.isErr()) return err(administrator.error)
  const id = idOf(context, input.entry)
  if (id.isErr()) {
    const { code, rule } = id.error
    return refuseOperation(context, administrator.value, operation, { reason: code, rule }, id.error)
  }
  const groups = groupsOf(input.entry).filter((group) => !isKnownGroup(context.policy, group))
  if (groups.length > 0)
    return refuseOperation(context, administrator.value, operation, {
      reason: 'unknown-user-group',
      rule: 'FLD-06',
    })
  const fresh = await randomHex(context, 12)
  if (fresh.isErr()) return err(fresh.error)

  const maker = administrator.value
  const { participant } = maker
  const request = input.request ?? fresh.value
  const entry = entryOf(input.entry, id.value.userId)
  return transactAs<'request' | 'subject' | 'participant' | 'pending', EnteredRequest, Code>(
    context,
    maker,
    operation,
    {
      records: {
        request: requestKey(maker, request),
        subject: accountKey(id.value),
        participant: keyOf(participantAggregate, participant, participant),
        pending: keyOf(pendingRequestsAggregate, participant, maker.userId),
      },
      contended: isNew ? 'pending' : 'request',
      discloses,
      decide: async ({ records, now: at, refuse }) => {
        const account = stateOf(accountAggregate, records.subject.before)
        const phase = phaseOf(context, participant, at)
        const acting = { administrator: maker, account: stateOf(accountAggregate, records.own.before) }
        const about = { entry, account, phase, participant: id.value.participant }
        const forbidden = authorityDenial(acting, about, context.policy)
        if (forbidden !== undefined) return refuse(forbidden)
        if (supportNeedsOf(entry).length === 0) return refuse({ reason: 'nothing-entered', rule: 'DMS-01' })
        const why =
          lateSmartcard(entry, phase, context.policy) ??
          impossibleEntry(entry, account, stateOf(participantAggregate, records.participant.before))
        if (why !== undefined) return refuse(why)

        const rules = { dms: context.policy.dms, participant }
        const closed = isNew ? await closedRequests(context, records.pending, at) : ok([])
        if (closed.isErr()) return err(closed.error)
        const add = { type: 'AddPendingRequest', at, request, closed: closed.value } as const
        const added = isNew ? changeFromCommand(pendingRequestsAggregate, records.pending, add, rules) : ok()
        if (added.isErr()) return refuse(added.error)

        const seen = profileDigest(account, entry)
        const former = stateOf(requestAggregate, records.request.before)
        const revision = former.stage === 'Pending' ? former.revision + 1 : 1
        const digest = entryDigest(request, entry, seen, revision)
        const entered = { at, maker: maker.session.userId, entry, entryDigest: digest, profileDigest: seen }
        const type = isNew ? 'Enter' : 'Amend'
        const decided = changeFromCommand(requestAggregate, records.request, { type, ...entered }, rules)
        if (decided.isErr()) return refuse(decided.error)
        const { after } = decided.value
        const answer: Result<EnteredRequest, Denial<Code>> = after.stage === 'Pending'
          ? ok({ request, digest, expiresAt: after.expiresAt })
          : err(toRefusal({ reason: 'request-expired', rule: 'DMS-05' }, discloses))
        return ok({ changes: [decided.value, ...(added.value === undefined ? [] : [added.value])], answer })
      },
    },
  )
}

/** Enters a request. */
export const enterRequest = (
  context: ServiceContext,
  input: Omit<EntryOfMaker, 'request'>,
): Promise<Result<EnteredRequest, DmsRefusals['enter']>> => enterOrAmend(context, input, entryCodes)

/** Amends a request. */
export const amendRequest = (
  context: ServiceContext,
  input: Required<EntryOfMaker>,
): Promise<Result<EnteredRequest, DmsRefusals['amend']>> =>
  enterOrAmend(context, input, [...entryCodes, 'request-not-open'])

/** Runs one command on one request for the session's account. */
export const onRequest = <Code extends 'request-not-open' | 'maker-as-checker'>(
  context: ServiceContext,
  administrator: Administrator,
  operation: AdministrativeOperation,
  discloses: readonly Code[],
  commandAt: (at: Instant) => RequestCommand,
): Promise<Result<void, Denial<Code> | CommitRefusal>> =>
  transactAs<'request', void, Code>(context, administrator, operation, {
    records: { request: requestKey(administrator, operation.subject) },
    contended: 'request',
    discloses,
    decide: async ({ records, now: at, refuse }) => {
      const rules = { dms: context.policy.dms, participant: administrator.participant }
      const decided = changeFromCommand(requestAggregate, records.request, commandAt(at), rules)
      if (decided.isErr()) return refuse(decided.error)
      const expired = decided.value.after.stage === 'Expired'
      const answer: Result<void, Denial<Code>> = expired
        ? err(toRefusal({ reason: 'request-expired', rule: 'DMS-05' }, discloses))
        : ok(undefined)
      return ok({ changes: [decided.value], answer })
    },
  })
