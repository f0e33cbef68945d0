import { err, ok, type Result } from 'neverthrow'
import { type DmsActor, type DmsPart, dmsPartDenial } from '../access-control/authority.ts'
import type { ServiceContext } from '../engine/context.ts'
import type { RecordChange } from '../engine/record-change.ts'
import type { CommitRefusal } from '../engine/refusals.ts'
import { type Decided, type Loaded, transact } from '../engine/unit-of-work.ts'
import type { WithCode } from '../kernel/coded.ts'
import { isOneOf } from '../kernel/membership.ts'
import type { RuleId } from '../kernel/rule-id.ts'
import type { RecordKey, StoredRecord } from '../ports/storage.ts'
import { accountKey, reportFutureInstant } from '../records/handle-account-command.ts'
import { accountAggregate } from '../records/model/account-aggregate.ts'
import { keyOf, stateOf } from '../records/model/aggregate.ts'
import { type AdministrativeOperation, recordRefusal } from '../records/record-refusal.ts'
import type { RecordsRefusal } from '../records/refusals.ts'
import { type SessionEnded, sessionEnded } from '../session/refusals.ts'
import { Session, type SessionDetails } from '../session/session.ts'
import { isCurrent, liveSession } from '../session/sessions.ts'
import { requestAggregate } from './model/aggregates.ts'
import type { DmsRefusal } from './refusals.ts'

/** A refusal as the trail records it. */
export interface DenialReason {
  readonly reason: string
  readonly rule: RuleId
}

/** A Delegated Administrator who is signed in to DMS. */
export interface Administrator extends DmsActor {
  readonly session: SessionDetails
  readonly key: RecordKey
}

/** The record key of a request. */
export const requestKey = ({ participant }: Administrator, request: string): RecordKey =>
  keyOf(requestAggregate, participant, request)

/** The part (maker or checker) that each operation needs; queries need neither. */
const partOf: Readonly<Record<string, DmsPart>> = {
  'dms.enter': 'maker',
  'dms.amend': 'maker',
  'dms.withdraw': 'maker',
  'dms.confirm': 'maker',
  'dms.review': 'checker',
  'dms.getAuthorisationCode': 'checker',
  'dms.reject': 'checker',
  'dms.pending': 'checker',
}

/** Whether the session of a Delegated Administrator is still valid. */
export const isSessionCurrent = (
  context: ServiceContext,
  { session }: Administrator,
  record: StoredRecord | undefined,
  now: number,
): boolean => isCurrent(context, session, { account: stateOf(accountAggregate, record), now })

/** The refusals by which an operation can disclose a reason from the trail. */
export type DisclosedRefusal = RecordsRefusal | WithCode<DmsRefusal, 'maker-as-checker' | 'request-not-open'>

type NotAuthorised = WithCode<DmsRefusal, 'not-authorised'>

const disclosure = ({ reason }: DenialReason): DisclosedRefusal | undefined => {
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
    case 'request-expired':
    case 'instant-from-the-future':
      return { code: 'request-not-open', rule: 'DMS-05', reason: 'expired' }
    case 'request-stale':
      return { code: 'request-not-open', rule: 'DMS-05', reason: 'stale' }
    default:
      return undefined
  }
}

/**
 * Converts a reason from the trail to the caller's refusal: the reason's own code if the operation discloses
 * it, otherwise `not-authorised`.
 *
 * @rule API-04
 */
export const toRefusal = <Code extends DisclosedRefusal['code']>(
  why: DenialReason,
  discloses: readonly Code[],
): WithCode<DisclosedRefusal, Code> | NotAuthorised => {
  const known = disclosure(why)
  const isDisclosed = (refusal: DisclosedRefusal): refusal is WithCode<DisclosedRefusal, Code> =>
    isOneOf<string>(discloses)(refusal.code)
  return known !== undefined && isDisclosed(known) ? known : { code: 'not-authorised', rule: why.rule }
}

/** The refusals of an operation that discloses these codes; `Own` are refusals that it returns itself. */
export type Denial<Code extends DisclosedRefusal['code'], Own = never> =
  | WithCode<DisclosedRefusal, Code>
  | SessionEnded
  | NotAuthorised
  | Own

/**
 * Refuses an operation: records it in the trail of the account that tried, and commits further changes if
 * there are any.
 */
export type Refuse<T, R, Own = never> = (
  why: DenialReason,
  refusal?: Own | undefined,
  others?: readonly RecordChange[],
) => Result<Decided<Result<T, R>>, never>

/**
 * The records that an administrator's operation loads, and its decision; `own` is the administrator's
 * account.
 */
export interface AdministratorWork<Name extends string, T, Code extends DisclosedRefusal['code'], Own> {
  readonly records: Readonly<Record<Name, RecordKey>>
  readonly contended: NoInfer<Name> | 'own'
  /** The codes that the caller receives; see {@link toRefusal}. */
  readonly discloses: readonly Code[]
  readonly decide: (
    loaded: Loaded<Name | 'own'> & { readonly refuse: Refuse<T, Denial<Code, Own>, Own> },
  ) => Promise<Result<Decided<Result<T, Denial<Code, Own>>>, CommitRefusal>>
}

/**
 * Runs an operation of a Delegated Administrator in one unit of work. The session is checked again with the
 * records that the operation changes. A refusal is recorded in the trail of the account that tried.
 *
 * @rule ACC-15
 * @rule API-03
 * @rule DMS-08
 */
export const transactAs = async <Name extends string, T, Code extends DisclosedRefusal['code'], Own = never>(
  context: ServiceContext,
  administrator: Administrator,
  operation: AdministrativeOperation,
  { records: keys, contended, discloses, decide }: AdministratorWork<Name, T, Code, Own>,
): Promise<Result<T, Denial<Code, Own> | CommitRefusal>> => {
  type Answer = Result<T, Denial<Code, Own>>
  const done = await transact<Name | 'own', Answer, CommitRefusal>(context, {
    // Each name with its key; the compiler does not join a type parameter with a name of its own.
    records: { ...keys, own: administrator.key } as Readonly<Record<Name | 'own', RecordKey>>,
    contended,
    by: administrator.userId,
    decide: async ({ records, now }) => {
      const refuse: Refuse<T, Denial<Code, Own>, Own> = (
        why,
        refusal?: Denial<Code, Own>,
        others: readonly RecordChange[] = [],
      ) => {
        if (why.reason === 'instant-from-the-future') reportFutureInstant(context)
        return ok({
          changes: [...others, recordRefusal(records.own, operation, now, why)],
          answer: err(refusal ?? toRefusal(why, discloses)),
        })
      }
      const account = stateOf(accountAggregate, records.own.before)
      return isCurrent(context, administrator.session, { account, now })
        ? decide({ records, now, refuse })
        : ok({
            changes: [
              recordRefusal(records.own, operation, now, { reason: 'session-ended', rule: 'ACC-15' }),
            ],
            answer: err(sessionEnded),
          })
    },
  })
  return done.andThen((answer): Result<T, Denial<Code, Own> | CommitRefusal> => answer)
}

/**
 * Refuses an operation before anything else is read, and records the refusal.
 *
 * @rule AUD-03
 */
export const refuseOperation = async <R = NotAuthorised>(
  context: ServiceContext,
  { userId, key }: Pick<Administrator, 'userId' | 'key'>,
  operation: AdministrativeOperation,
  why: DenialReason,
  refusal?: R,
): Promise<Result<never, R | NotAuthorised | CommitRefusal>> => {
  type Answer = Result<never, R | NotAuthorised>
  const done = await transact<'own', Answer, never>(context, {
    records: { own: key },
    contended: 'own',
    by: userId,
    decide: async ({ records, now }) =>
      ok({
        changes: [recordRefusal(records.own, operation, now, why)],
        answer: err(refusal ?? ({ code: 'not-authorised', rule: why.rule } as const)),
      }),
  })
  return done.andThen((answer): Result<never, R | NotAuthorised | CommitRefusal> => answer)
}

/**
 * Returns the Delegated Administrator who is signed in to DMS. Attempts by other callers are also recorded.
 *
 * @rule MNT-08
 * @rule ACC-12
 * @rule DMS-11
 */
export const administratorOf = async (
  context: ServiceContext,
  session: Session,
  operation: AdministrativeOperation,
): Promise<Result<Administrator, SessionEnded | NotAuthorised | CommitRefusal>> => {
  const details = Session.detailsOf(session)
  if (details === undefined) return err(sessionEnded)
  const live = await liveSession(context, session)
  const { userId, role, participant, system } = details
  const key = accountKey(details)
  const refuse = (why: DenialReason, refusal?: SessionEnded) =>
    refuseOperation(context, { userId, key }, operation, why, refusal)
  if (live.isErr())
    return live.error.code === 'session-ended'
      ? refuse({ reason: 'session-expired', rule: 'ACC-15' }, live.error)
      : err(live.error)
  if (role !== 'DelegatedAdministrator')
    return refuse({ reason: 'not-a-delegated-administrator', rule: 'MNT-08' })
  if (system !== 'DMS') return refuse({ reason: 'not-in-dms', rule: 'ACC-12' })
  const part = partOf[operation.operation]
  const limited = part === undefined ? undefined : dmsPartDenial(userId, part, context.policy)
  if (limited !== undefined) return refuse(limited)
  return ok({ userId, role, participant, session: details, key })
}
