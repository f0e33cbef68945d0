import { err, ok, type Result } from 'neverthrow'
import { type DmsActor, type DmsPart, dmsPartDenial } from '../access-control/authority.ts'
import type { ServiceContext } from '../engine/context.ts'
import type { RecordChange } from '../engine/record-change.ts'
import { type Decided, type Loaded, transact } from '../engine/unit-of-work.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { RuleId } from '../kernel/rule-id.ts'
import type { RecordKey, StoredRecord } from '../ports/storage.ts'
import { accountKey } from '../records/handle-account-command.ts'
import { accountAggregate } from '../records/model/account-aggregate.ts'
import { keyOf, stateOf } from '../records/model/aggregate.ts'
import { type AdministrativeOperation, recordRefusal } from '../records/record-refusal.ts'
import { Session, type SessionDetails } from '../session/session.ts'
import { isCurrent, liveSession } from '../session/sessions.ts'
import { requestAggregate } from './model/aggregates.ts'

/** A refusal as the trail holds it. */
export interface DenialReason {
  readonly reason: string
  readonly rule: RuleId
}

/** A Delegated Administrator at work in DMS. */
export interface Administrator extends DmsActor {
  readonly session: SessionDetails
  readonly key: RecordKey
}

/** Where a request lives. */
export const requestKey = ({ participant }: Administrator, request: string): RecordKey =>
  keyOf(requestAggregate, participant, request)

/** The part that an operation asks for; the queries ask for neither. */
const partOf: Readonly<Record<string, DmsPart>> = {
  'dms.enter': 'maker',
  'dms.amend': 'maker',
  'dms.withdraw': 'maker',
  'dms.confirm': 'maker',
  'dms.review': 'checker',
  'dms.drawCode': 'checker',
  'dms.reject': 'checker',
  'dms.pending': 'checker',
}

/** Whether the sign-in of a Delegated Administrator still holds. */
export const isSessionCurrent = (
  context: ServiceContext,
  { session: login }: Administrator,
  record: StoredRecord | undefined,
  now: number,
): boolean => isCurrent(context, login, { account: stateOf(accountAggregate, record), now })

/** The sign-in has expired, or its account has changed under it. */
export const sessionEnded: Refusal = { code: 'session-ended', rule: 'ACC-15' }

/** What the caller is told of a refusal; the trail holds the reason. */
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

/** The answer of a refused operation, its entry in the trail of the account that tried, and what else is committed. */
export type Refuse<T> = (
  why: DenialReason,
  refusal?: Refusal,
  others?: readonly RecordChange[],
) => Result<Decided<Result<T, Refusal>>, Refusal>

/** What an administrator's operation loads and decides; `own` is the administrator's account. */
export interface AdministratorWork<Name extends string, T> {
  readonly records: Readonly<Record<Name, RecordKey>>
  readonly contended: NoInfer<Name> | 'own'
  readonly decide: (
    loaded: Loaded<Name | 'own'> & { readonly refuse: Refuse<T> },
  ) => Promise<Result<Decided<Result<T, Refusal>>, Refusal>>
}

/**
 * Carries out an operation of a Delegated Administrator in one unit of work. The session is checked again with the
 * records that the operation changes; a refusal is recorded in the trail of the account that tried.
 *
 * @rule ACC-15
 * @rule DMS-08
 */
export const transactAs = async <Name extends string, T>(
  context: ServiceContext,
  administrator: Administrator,
  operation: AdministrativeOperation,
  { records: keys, contended, decide }: AdministratorWork<Name, T>,
): Promise<Result<T, Refusal>> => {
  const done = await transact<Name | 'own', Result<T, Refusal>>(context, {
    records: { ...keys, own: administrator.key } as Readonly<Record<Name | 'own', RecordKey>>,
    contended,
    by: administrator.userId,
    decide: async ({ records, now }) => {
      const refuse: Refuse<T> = (why, refusal = toRefusal(why), others = []) =>
        ok({
          changes: [...others, recordRefusal(records.own, operation, now, why)],
          answer: err(refusal),
        })
      const account = stateOf(accountAggregate, records.own.before)
      return isCurrent(context, administrator.session, { account, now })
        ? decide({ records, now, refuse })
        : refuse({ reason: 'session-ended', rule: 'ACC-15' })
    },
  })
  return done.andThen((answer) => answer)
}

/**
 * Refuses an operation before anything else is found out, and records it.
 *
 * @rule AUD-03
 */
export const refuseOperation = async (
  context: ServiceContext,
  { userId, key }: Pick<Administrator, 'userId' | 'key'>,
  operation: AdministrativeOperation,
  why: DenialReason,
  refusal: Refusal = { code: 'not-authorised', rule: why.rule },
): Promise<Result<never, Refusal>> => {
  const done = await transact<'own', Result<never, Refusal>>(context, {
    records: { own: key },
    contended: 'own',
    by: userId,
    decide: async ({ records, now }) =>
      ok({ changes: [recordRefusal(records.own, operation, now, why)], answer: err(refusal) }),
  })
  return done.andThen((answer) => answer)
}

/**
 * Who is signed in to DMS as a Delegated Administrator. An attempt by anyone else is recorded too.
 *
 * @rule MNT-08
 * @rule ACC-12
 * @rule DMS-11
 */
export const administratorOf = async (
  context: ServiceContext,
  session: Session,
  operation: AdministrativeOperation,
): Promise<Result<Administrator, Refusal>> => {
  const login = Session.loginOf(session)
  if (login === undefined) return err(sessionEnded)
  const live = await liveSession(context, session)
  if (live.isErr() && live.error.code !== 'session-ended') return err(live.error)
  const { userId, role, participant, system } = login
  const key = accountKey(login)
  const refuse = (why: DenialReason, refusal?: Refusal) =>
    refuseOperation(context, { userId, key }, operation, why, refusal)
  if (live.isErr()) return refuse({ reason: 'session-expired', rule: 'ACC-15' }, live.error)
  if (role !== 'DelegatedAdministrator')
    return refuse({ reason: 'not-a-delegated-administrator', rule: 'MNT-08' })
  if (system !== 'DMS') return refuse({ reason: 'not-in-dms', rule: 'ACC-12' })
  const part = partOf[operation.operation]
  const limited = part === undefined ? undefined : dmsPartDenial(userId, part, context.policy)
  if (limited !== undefined) return refuse(limited)
  return ok({ userId, role, participant, session: login, key })
}
