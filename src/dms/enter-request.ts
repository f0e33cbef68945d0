import { err, ok, type Result } from 'neverthrow'
import { dmsDenial } from '../access-control/authority.ts'
import { clearingHouseOf } from '../access-control/clearing-house.ts'
import { isBeforeLaunch, type Phase } from '../access-control/timeline.ts'
import { channelOf } from '../account/channel.ts'
import { withChanges } from '../account/profile.ts'
import { type Account, isExistingAccount } from '../account/state.ts'
import { instantNow, phaseOf, type ServiceContext } from '../engine/context.ts'
import { type Decided, randomHex, transact } from '../engine/unit-of-work.ts'
import { isDayRange } from '../fields/day-range.ts'
import { isSameMailbox } from '../fields/email-address.ts'
import { admitUserId, parseUserId, type UserId } from '../identity/user-id.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { accountTotals, allocatedUserIds } from '../participant/state.ts'
import type { Policy } from '../policy/policy.ts'
import type { RecordKey } from '../ports/storage.ts'
import { accountKey } from '../records/handle-account-command.ts'
import { accountAggregate } from '../records/model/account-aggregate.ts'
import { changeFromCommand, keyOf, stateOf } from '../records/model/aggregate.ts'
import { participantAggregate } from '../records/model/participant-aggregate.ts'
import type { Session } from '../session/session.ts'
import {
  type Administrator,
  administratorOf,
  type DenialReason,
  type DmsOperation,
  isSessionCurrent,
  recordRefusal,
  refusedOperation,
} from './administrator.ts'
import { requestAggregate } from './model/aggregates.ts'
import { entryDigest, needsOf, type ProfileEntry, profileDigest } from './model/entry.ts'
import type { RequestCommand } from './model/request.ts'
import { pendingRequestsOf } from './pending-requests.ts'

/** An entry as a page of DMS gives it. */
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

/** A request that waits for its checker. */
export interface EnteredRequest {
  readonly request: string
  /** What a checker will approve (DMS-05): SHA-256 in hex. */
  readonly digest: string
  readonly expiresAt: Instant
}

/** What the caller is told of a refusal whose reason the trail holds. */
export const toRefusal = ({ reason, rule }: DenialReason): Refusal => {
  switch (reason) {
    case 'unknown-user':
    case 'deleted':
    case 'no-such-account':
      return { code: 'unknown-account', rule: 'ID-12' }
    case 'user-id-taken':
      return { code: 'user-id-taken', rule: 'ID-12' }
    case 'dates-reversed':
      return { code: 'dates-reversed', rule: 'FLD-04' }
    case 'quota-exceeded':
      return { code: 'quota-exceeded', rule: 'QTA-03' }
    case 'maker-as-checker':
    case 'shared-mailbox':
      return { code: 'maker-as-checker', rule: 'DMS-02' }
    case 'no-such-request':
      return { code: 'request-not-open', rule: 'DMS-05', reason: 'unknown' }
    case 'request-closed':
      return { code: 'request-not-open', rule: 'DMS-05', reason: 'closed' }
    case 'entry-changed':
      return { code: 'request-not-open', rule: 'DMS-05', reason: 'amended' }
    case 'session-ended':
      return { code: 'session-ended', rule: 'ACC-15' }
    default:
      return { code: 'not-authorised', rule }
  }
}

/** Where a request lives. */
export const requestKey = ({ participant }: Administrator, request: string): RecordKey =>
  keyOf(requestAggregate, participant, request)

/**
 * The clearing house of an account, as far as its User ID, its profile and the policy tell it.
 *
 * @param entered - the clearing house options of an account that is yet to be created.
 * @rule MNT-12
 */
export const houseOf = (
  policy: Policy,
  { userId }: { readonly userId: string },
  account: Account,
  entered?: string | null,
) =>
  parseUserId(userId, policy.userId.seochAdministratorOrder).match(
    ({ group }) => {
      const clearingHouseOptions = isExistingAccount(account) ? account.clearingHouseOptions : entered
      return clearingHouseOf({ group, clearingHouseOptions }, policy)
    },
    () => undefined,
  )

/**
 * Whether two DAs could be one person, because their registered mailboxes are the same; where HKEX allows one
 * person to do both, they may.
 *
 * @rule DMS-02
 */
export const isSharedMailbox = (
  { dms }: Policy,
  participant: string,
  one: Account,
  other: Account,
): boolean =>
  !dms.onePersonParticipants.includes(participant) &&
  isExistingAccount(one) &&
  isExistingAccount(other) &&
  one.email !== undefined &&
  other.email !== undefined &&
  isSameMailbox(one.email, other.email)

/** The User ID of an entry: read, and of a shape that the entry may have. */
const idOf = (context: ServiceContext, entry: EntryInput) => {
  const order = context.policy.userId.seochAdministratorOrder
  return entry.kind === 'create'
    ? admitUserId(entry.userId, 'User', 'created', order)
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

/**
 * From launch on no smartcard is entered (MIG-04, MIG-20), unless the policy says that HKEX issues cards for the
 * Participant Gateway (MIG-18); one may be taken away.
 */
export const lateSmartcard = (
  entry: ProfileEntry,
  phase: Phase,
  { smartcard }: Pick<Policy, 'smartcard'>,
): DenialReason | undefined => {
  if (smartcard.gatewayAdmitsNewAccounts) return undefined
  const entered = entry.kind === 'create' ? entry.profile : entry.kind === 'change' ? entry.changes : {}
  if (entered.smartcard === undefined || entered.smartcard === null || isBeforeLaunch(phase)) return undefined
  return { reason: 'smartcard-from-launch', rule: entry.kind === 'create' ? 'MIG-04' : 'MIG-20' }
}

/** Why an entry can't be made, regardless of who makes it. */
const impossible = (
  entry: ProfileEntry,
  subject: ReturnType<typeof accountAggregate.decider.evolve>,
  participant: ReturnType<typeof participantAggregate.decider.evolve>,
): DenialReason | undefined => {
  const reversed: DenialReason = { reason: 'dates-reversed', rule: 'FLD-04' }
  if (entry.kind !== 'create') {
    if (!isExistingAccount(subject)) return { reason: 'unknown-user', rule: 'ID-12' }
    return entry.kind === 'delete' || isDayRange(withChanges(subject, entry.changes)) ? undefined : reversed
  }
  if (!isDayRange(entry.profile)) return reversed
  if (subject.stage !== 'Unknown' || allocatedUserIds(participant).has(entry.userId))
    return { reason: 'user-id-taken', rule: 'ID-12' }
  return accountTotals(participant).available < 1 ? { reason: 'quota-exceeded', rule: 'QTA-03' } : undefined
}

/** The user groups that an entry gives. */
const groupsOf = (entry: EntryInput): readonly string[] => {
  if (entry.kind === 'delete') return []
  return (entry.kind === 'create' ? entry.profile : entry.changes).userGroups ?? []
}

/** Whether the host's list has a user group; without a list every code is known (FLD-06). */
const isKnownGroup = ({ profile }: Policy, group: string): boolean =>
  profile.userGroups.length === 0 || profile.userGroups.includes(group)

/** A maker enters something, or something else under the same request. */
export const enterRequest = async (
  context: ServiceContext,
  input: { readonly session: Session; readonly entry: EntryInput; readonly request?: string | undefined },
): Promise<Result<EnteredRequest, Refusal>> => {
  const order = context.policy.userId.seochAdministratorOrder
  const named = parseUserId(input.entry.userId, order)
  const name = input.request === undefined ? 'dms.enter' : 'dms.amend'
  const operation = { operation: name, subject: named.isOk() ? named.value.userId : '' }
  const administrator = await administratorOf(context, input.session, operation)
  if (administrator.isErr()) return err(administrator.error)
  const id = idOf(context, input.entry)
  if (id.isErr()) {
    const { code, rule } = id.error
    return recordRefusal(context, administrator.value, operation, { reason: code, rule }, id.error)
  }
  const groups = groupsOf(input.entry).filter((group) => !isKnownGroup(context.policy, group))
  if (groups.length > 0)
    return recordRefusal(context, administrator.value, operation, {
      reason: 'unknown-user-group',
      rule: 'FLD-06',
    })
  if (input.request === undefined) {
    const now = await instantNow(context)
    if (now.isErr()) return err(now.error)
    const { participant, userId } = administrator.value
    const open = await pendingRequestsOf(context, participant, userId, now.value)
    if (open.isErr()) return err(open.error)
    if (open.value >= context.policy.dms.maxPendingRequests)
      return recordRefusal(context, administrator.value, operation, {
        reason: 'too-many-requests',
        rule: 'DMS-10',
      })
  }
  const fresh = await randomHex(context, 12)
  if (fresh.isErr()) return err(fresh.error)

  const maker = administrator.value
  const request = input.request ?? fresh.value
  const entry = entryOf(input.entry, id.value.userId)
  const key = requestKey(maker, request)
  const done = await transact<Result<EnteredRequest, Refusal>>(context, {
    keys: [
      key,
      maker.key,
      accountKey(id.value),
      keyOf(participantAggregate, maker.participant, maker.participant),
    ],
    by: maker.userId,
    decide: async ({ records: [before, own, subjectRecord, participantRecord], now: at }) => {
      const refuse = (why: DenialReason): Result<Decided<Result<EnteredRequest, Refusal>>, Refusal> =>
        refusedOperation(maker, own, { ...operation, at }, why, toRefusal(why))
      if (!isSessionCurrent(context, maker, own, at))
        return refuse({ reason: 'session-ended', rule: 'ACC-15' })

      const subject = stateOf(accountAggregate, subjectRecord)
      const actor = {
        ...id.value,
        role: isExistingAccount(subject) ? subject.role : id.value.role,
        clearingHouse: houseOf(
          context.policy,
          id.value,
          subject,
          entry.kind === 'create' ? entry.profile.clearingHouseOptions : undefined,
        ),
      }
      const acting = {
        ...maker,
        clearingHouse: houseOf(context.policy, maker, stateOf(accountAggregate, own)),
      }
      const situation = { channel: channelOf(subject), phase: phaseOf(context, maker.participant, at) }
      for (const need of needsOf(entry)) {
        const forbidden = dmsDenial(acting, actor, { need, ...situation })
        if (forbidden !== undefined) return refuse(forbidden)
      }
      if (needsOf(entry).length === 0) return refuse({ reason: 'nothing-entered', rule: 'DMS-01' })
      const why =
        lateSmartcard(entry, situation.phase, context.policy) ??
        impossible(entry, subject, stateOf(participantAggregate, participantRecord))
      if (why !== undefined) return refuse(why)

      const seen = profileDigest(subject, entry)
      const former = stateOf(requestAggregate, before)
      const revision = former.stage === 'Pending' ? former.revision + 1 : 1
      const digest = entryDigest(request, entry, seen, revision)
      const entered = { at, maker: maker.session.userId, entry, entryDigest: digest, profileDigest: seen }
      const type = input.request === undefined ? 'Enter' : 'Amend'
      const rules = { dms: context.policy.dms, participant: maker.participant }
      const decided = changeFromCommand(requestAggregate, { key, before }, { type, ...entered }, rules)
      if (decided.isErr()) return refuse(decided.error)
      const { after } = decided.value
      const answer: Result<EnteredRequest, Refusal> =
        after.stage === 'Pending'
          ? ok({ request, digest, expiresAt: after.expiresAt })
          : err({ code: 'request-not-open', rule: 'DMS-05', reason: 'expired' })
      return ok({ changes: [decided.value], answer })
    },
  })
  return done.andThen((answer) => answer)
}

/** One command on one request, by the session's holder; the operation is about that request. */
export const onRequest = async (
  context: ServiceContext,
  administrator: Administrator,
  operation: DmsOperation,
  commandAt: (at: Instant) => RequestCommand,
): Promise<Result<void, Refusal>> => {
  const key = requestKey(administrator, operation.subject)
  const done = await transact<Result<void, Refusal>>(context, {
    keys: [key, administrator.key],
    by: administrator.userId,
    decide: async ({ records: [before, own], now: at }) => {
      const refuse = (why: DenialReason): Result<Decided<Result<void, Refusal>>, Refusal> =>
        refusedOperation(administrator, own, { ...operation, at }, why, toRefusal(why))
      if (!isSessionCurrent(context, administrator, own, at))
        return refuse({ reason: 'session-ended', rule: 'ACC-15' })
      const rules = { dms: context.policy.dms, participant: administrator.participant }
      const decided = changeFromCommand(requestAggregate, { key, before }, commandAt(at), rules)
      if (decided.isErr()) return refuse(decided.error)
      const expired = decided.value.after.stage === 'Expired'
      const answer: Result<void, Refusal> = expired
        ? err({ code: 'request-not-open', rule: 'DMS-05', reason: 'expired' })
        : ok(undefined)
      return ok({ changes: [decided.value], answer })
    },
  })
  return done.andThen((answer) => answer)
}
