import { err, ok, type Result } from 'neverthrow'
import { exists } from '../account/state.ts'
import { forbiddenInDms } from '../access-control/authority.ts'
import { type Entry, entryDigest, needsOf, profileDigest } from './model/entry.ts'
import type { RequestCommand } from './model/request.ts'
import { admitUserId, parseUserId, type UserId } from '../identity/user-id.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { idsGiven, totalsOf } from '../participant/state.ts'
import type { RecordKey } from '../ports/storage.ts'
import { isBeforeLaunch, type Phase } from '../access-control/timeline.ts'
import { type Context, phaseOf } from '../engine/context.ts'
import { accountKey } from '../records/handle-account-command.ts'
import { accountMachine, change, keyOf, participantMachine, requestMachine, stateOf } from '../records/aggregates.ts'
import type { Principal } from '../session/session.ts'
import { type Decided, randomHex, transact } from '../engine/unit-of-work.ts'
import {
  type Administrator,
  type Attempt,
  administratorOf,
  channelOf,
  refuseAct,
  refusedAct,
  stillIn,
  type Why,
} from './administrator.ts'

/** An entry as a page of DMS gives it. */
export type EntryInput =
  | {
      readonly kind: 'create'
      readonly userId: string
      readonly profile: Extract<Entry, { kind: 'create' }>['profile']
    }
  | {
      readonly kind: 'change'
      readonly userId: string
      readonly changes: Extract<Entry, { kind: 'change' }>['changes']
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
export const told = ({ reason, rule }: Why): Refusal => {
  switch (reason) {
    case 'unknown-user':
    case 'deleted':
    case 'no-such-account':
      return { code: 'unknown-account', rule: 'ID-12' }
    case 'user-id-taken':
      return { code: 'user-id-taken', rule: 'ID-12' }
    case 'quota-exceeded':
      return { code: 'quota-exceeded', rule: 'QTA-03' }
    case 'maker-as-checker':
      return { code: 'maker-as-checker', rule: 'DMS-02' }
    case 'no-such-request':
      return { code: 'request-not-open', rule: 'DMS-05', because: 'unknown' }
    case 'request-closed':
      return { code: 'request-not-open', rule: 'DMS-05', because: 'closed' }
    case 'entry-changed':
      return { code: 'request-not-open', rule: 'DMS-05', because: 'amended' }
    case 'login-void':
      return { code: 'principal-void', rule: 'ACC-15' }
    default:
      return { code: 'not-authorised', rule }
  }
}

/** Where a request lives. */
export const requestKey = ({ participant }: Administrator, request: string): RecordKey =>
  keyOf(requestMachine, participant, request)

/** The User ID of an entry: read, and of a shape that the entry may have. */
const idOf = (context: Context, entry: EntryInput) => {
  const order = context.policy.userId.seochAdministratorOrder
  return entry.kind === 'create'
    ? admitUserId(entry.userId, 'User', 'created', order)
    : parseUserId(entry.userId, order)
}

const entryOf = (input: EntryInput, userId: UserId): Entry => {
  switch (input.kind) {
    case 'create':
      return { kind: 'create', userId, profile: input.profile }
    case 'change':
      return { kind: 'change', userId, changes: input.changes, unlock: input.unlock ?? false }
    case 'delete':
      return { kind: 'delete', userId }
  }
}

/** From launch on no smartcard is entered any more (MIG-04, MIG-20); one may be taken away. */
export const lateSmartcard = (entry: Entry, phase: Phase): Why | undefined => {
  const entered = entry.kind === 'create' ? entry.profile : entry.kind === 'change' ? entry.changes : {}
  if (entered.smartcard === undefined || entered.smartcard === null || isBeforeLaunch(phase)) return undefined
  return { reason: 'smartcard-from-launch', rule: entry.kind === 'create' ? 'MIG-04' : 'MIG-20' }
}

/** Why an entry can't be made, whoever makes it. */
const impossible = (
  entry: Entry,
  subject: ReturnType<typeof accountMachine.decider.evolve>,
  participant: ReturnType<typeof participantMachine.decider.evolve>,
): Why | undefined => {
  if (entry.kind !== 'create') return exists(subject) ? undefined : { reason: 'unknown-user', rule: 'ID-12' }
  if (subject.stage !== 'Unknown' || idsGiven(participant).has(entry.userId))
    return { reason: 'user-id-taken', rule: 'ID-12' }
  return totalsOf(participant).available < 1 ? { reason: 'quota-exceeded', rule: 'QTA-03' } : undefined
}

/** A maker enters something, or something else under the same request. */
export const enterRequest = async (
  context: Context,
  input: { readonly principal: Principal; readonly entry: EntryInput; readonly request?: string | undefined },
): Promise<Result<EnteredRequest, Refusal>> => {
  const order = context.policy.userId.seochAdministratorOrder
  const named = parseUserId(input.entry.userId, order)
  const act = input.request === undefined ? 'dms.enter' : 'dms.amend'
  const attempt = { act, about: named.isOk() ? named.value.userId : '' }
  const administrator = await administratorOf(context, input.principal, attempt)
  if (administrator.isErr()) return err(administrator.error)
  const id = idOf(context, input.entry)
  if (id.isErr() && id.error.code === 'looks-like-administrator')
    return refuseAct(
      context,
      administrator.value,
      attempt,
      { reason: id.error.code, rule: 'ID-09' },
      id.error,
    )
  if (id.isErr()) return err(id.error)
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
      keyOf(participantMachine, maker.participant, maker.participant),
    ],
    by: maker.userId,
    decide: async ({ records: [before, own, subjectRecord, participantRecord], now: at }) => {
      const refuse = (why: Why): Result<Decided<Result<EnteredRequest, Refusal>>, Refusal> =>
        refusedAct(maker, own, { ...attempt, at }, why, told(why))
      if (!stillIn(context, maker, own, at)) return refuse({ reason: 'login-void', rule: 'ACC-15' })

      const subject = stateOf(accountMachine, subjectRecord)
      const actor = { ...id.value, role: exists(subject) ? subject.role : id.value.role }
      const situation = { channel: channelOf(subject), phase: phaseOf(context, maker.participant, at) }
      for (const need of needsOf(entry)) {
        const forbidden = forbiddenInDms(maker, actor, { need, ...situation })
        if (forbidden !== undefined) return refuse(forbidden)
      }
      if (needsOf(entry).length === 0) return refuse({ reason: 'nothing-entered', rule: 'DMS-01' })
      const why =
        lateSmartcard(entry, situation.phase) ??
        impossible(entry, subject, stateOf(participantMachine, participantRecord))
      if (why !== undefined) return refuse(why)

      const seen = profileDigest(subject)
      const digest = entryDigest(request, entry, seen)
      const entered = { at, maker: maker.login.userId, entry, digest, seen }
      const type = input.request === undefined ? 'Enter' : 'Amend'
      const rules = { dms: context.policy.dms, participant: maker.participant }
      const decided = change(requestMachine, { key, before }, { type, ...entered }, rules)
      if (decided.isErr()) return refuse(decided.error)
      const { after } = decided.value
      const answer: Result<EnteredRequest, Refusal> =
        after.stage === 'Pending'
          ? ok({ request, digest, expiresAt: after.expiresAt })
          : err({ code: 'request-not-open', rule: 'DMS-05', because: 'expired' })
      return ok({ changes: [decided.value], answer })
    },
  })
  return done.andThen((answer) => answer)
}

/** One command on one request, by whoever is logged in; the attempt is about that request. */
export const onRequest = async (
  context: Context,
  administrator: Administrator,
  attempt: Attempt,
  commandAt: (at: Instant) => RequestCommand,
): Promise<Result<void, Refusal>> => {
  const key = requestKey(administrator, attempt.about)
  const done = await transact<Result<void, Refusal>>(context, {
    keys: [key, administrator.key],
    by: administrator.userId,
    decide: async ({ records: [before, own], now: at }) => {
      const refuse = (why: Why): Result<Decided<Result<void, Refusal>>, Refusal> =>
        refusedAct(administrator, own, { ...attempt, at }, why, told(why))
      if (!stillIn(context, administrator, own, at)) return refuse({ reason: 'login-void', rule: 'ACC-15' })
      const rules = { dms: context.policy.dms, participant: administrator.participant }
      const decided = change(requestMachine, { key, before }, commandAt(at), rules)
      if (decided.isErr()) return refuse(decided.error)
      const expired = decided.value.after.stage === 'Expired'
      const answer: Result<void, Refusal> = expired
        ? err({ code: 'request-not-open', rule: 'DMS-05', because: 'expired' })
        : ok(undefined)
      return ok({ changes: [decided.value], answer })
    },
  })
  return done.andThen((answer) => answer)
}
