import { err, ok, type Result } from 'neverthrow'
import { type DmsActor, type DmsPart, dmsPartDenial } from '../access-control/authority.ts'
import type { ServiceContext } from '../engine/context.ts'
import type { RecordChange } from '../engine/record-change.ts'
import { type Decided, transact } from '../engine/unit-of-work.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { RuleId } from '../kernel/rule-id.ts'
import type { RecordKey, StoredRecord } from '../ports/storage.ts'
import { accountKey } from '../records/handle-account-command.ts'
import { accountAggregate } from '../records/model/account-aggregate.ts'
import { changeFromEvents, stateOf } from '../records/model/aggregate.ts'
import { Session, type SessionDetails } from '../session/session.ts'
import { isCurrent, liveSession } from '../session/sessions.ts'

/** A refusal as the trail holds it. */
export interface DenialReason {
  readonly reason: string
  readonly rule: RuleId
}

/** What is tried, and on whom or what: as the trail will say. */
export interface DmsOperation {
  readonly operation: string
  readonly subject: string
}

/** A Delegated Administrator at work in DMS. */
export interface Administrator extends DmsActor {
  readonly session: SessionDetails
  readonly key: RecordKey
}

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

/** The sign-in has lapsed, or its account has changed under it. */
export const sessionEnded: Refusal = { code: 'session-ended', rule: 'ACC-15' }

/**
 * What becomes of a refused act: an entry in the trail of the account that tried, and an answer.
 *
 * @rule DMS-08
 */
export const refusedOperation = <T>(
  { key }: Pick<Administrator, 'key'>,
  before: StoredRecord | undefined,
  { operation, subject, at }: DmsOperation & { readonly at: number },
  { reason, rule }: DenialReason,
  refusal: Refusal,
  others: readonly RecordChange[] = [],
): Result<Decided<Result<T, Refusal>>, Refusal> => {
  const event = { type: 'AdministrationRefused', at, rule, operation, reason, subject } as const
  const change = changeFromEvents(accountAggregate, { key, before }, [event])
  return ok({ changes: [...others, change], answer: err(refusal) })
}

/**
 * Refuses an act of which nothing else is to be found out.
 *
 * @rule AUD-03
 */
export const recordRefusal = async (
  context: ServiceContext,
  who: Pick<Administrator, 'userId' | 'key'>,
  operation: DmsOperation,
  why: DenialReason,
  refusal: Refusal = { code: 'not-authorised', rule: why.rule },
): Promise<Result<never, Refusal>> => {
  const done = await transact<Result<never, Refusal>>(context, {
    keys: [who.key],
    by: who.userId,
    decide: async ({ records: [before], now: at }) =>
      refusedOperation(who, before, { ...operation, at }, why, refusal),
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
  operation: DmsOperation,
): Promise<Result<Administrator, Refusal>> => {
  const login = Session.loginOf(session)
  if (login === undefined) return err(sessionEnded)
  const live = await liveSession(context, session)
  if (live.isErr() && live.error.code !== 'session-ended') return err(live.error)
  const { userId, role, participant, system } = login
  const key = accountKey(login)
  const refuse = (why: DenialReason, refusal?: Refusal) =>
    recordRefusal(context, { userId, key }, operation, why, refusal)
  if (live.isErr()) return refuse({ reason: 'session-expired', rule: 'ACC-15' }, live.error)
  if (role !== 'DelegatedAdministrator')
    return refuse({ reason: 'not-a-delegated-administrator', rule: 'MNT-08' })
  if (system !== 'DMS') return refuse({ reason: 'not-in-dms', rule: 'ACC-12' })
  const part = partOf[operation.operation]
  const limited = part === undefined ? undefined : dmsPartDenial(userId, part, context.policy)
  if (limited !== undefined) return refuse(limited)
  return ok({ userId, role, participant, session: login, key })
}
