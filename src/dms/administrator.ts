import { err, ok, type Result } from 'neverthrow'
import type { Account, OtpChannel } from '../account/state.ts'
import type { DmsActor } from '../access-control/authority.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { RuleId } from '../kernel/rule-id.ts'
import type { RecordKey, StoredRecord } from '../ports/storage.ts'
import type { Context } from '../engine/context.ts'
import { accountKey } from '../records/handle-account-command.ts'
import { accountMachine, changeBy, stateOf } from '../records/aggregates.ts'
import { type Login, Principal } from '../session/session.ts'
import { holds, liveLogin } from '../session/sessions.ts'
import { type Change, type Decided, transact } from '../engine/unit-of-work.ts'

/** A refusal as the trail holds it. */
export interface Why {
  readonly reason: string
  readonly rule: RuleId
}

/** What is tried, and on whom or what: as the trail will say. */
export interface Attempt {
  readonly act: string
  readonly about: string
}

/** A Delegated Administrator at work in DMS. */
export interface Administrator extends DmsActor {
  readonly login: Login
  readonly key: RecordKey
}

/** Whether the login of a Delegated Administrator still holds. */
export const stillIn = (
  context: Context,
  { login }: Administrator,
  record: StoredRecord | undefined,
  now: number,
): boolean => holds(context, login, { account: stateOf(accountMachine, record), now })

/** The login has lapsed, or its account has changed under it. */
export const principalVoid: Refusal = { code: 'principal-void', rule: 'ACC-15' }

/**
 * What becomes of a refused act: an entry in the trail of whoever tried, and an answer.
 *
 * @rule DMS-08
 */
export const refusedAct = <T>(
  { key }: Pick<Administrator, 'key'>,
  before: StoredRecord | undefined,
  { act, about, at }: Attempt & { readonly at: number },
  { reason, rule }: Why,
  refusal: Refusal,
  others: readonly Change[] = [],
): Result<Decided<Result<T, Refusal>>, Refusal> => {
  const event = { type: 'AdministrationRefused', at, rule, act, reason, about } as const
  const change = changeBy(accountMachine, { key, before }, [event])
  return ok({ changes: [...others, change], answer: err(refusal) })
}

/**
 * Refuses an act of which nothing else is to be found out.
 *
 * @rule AUD-03
 */
export const refuseAct = async (
  context: Context,
  who: Pick<Administrator, 'userId' | 'key'>,
  attempt: Attempt,
  why: Why,
  refusal: Refusal = { code: 'not-authorised', rule: why.rule },
): Promise<Result<never, Refusal>> => {
  const done = await transact<Result<never, Refusal>>(context, {
    keys: [who.key],
    by: who.userId,
    decide: async ({ records: [before], now: at }) =>
      refusedAct(who, before, { ...attempt, at }, why, refusal),
  })
  return done.andThen((answer) => answer)
}

/**
 * Who is logged in to DMS as a Delegated Administrator. Whoever is not, has tried all the same.
 *
 * @rule MNT-08
 * @rule ACC-12
 */
export const administratorOf = async (
  context: Context,
  principal: Principal,
  attempt: Attempt,
): Promise<Result<Administrator, Refusal>> => {
  const login = Principal.loginOf(principal)
  if (login === undefined) return err(principalVoid)
  const live = await liveLogin(context, principal)
  if (live.isErr() && live.error.code !== 'principal-void') return err(live.error)
  const { userId, role, participant, system } = login
  const key = accountKey(login)
  const refuse = (why: Why, refusal?: Refusal) => refuseAct(context, { userId, key }, attempt, why, refusal)
  if (live.isErr()) return refuse({ reason: 'login-lapsed', rule: 'ACC-15' }, live.error)
  if (role !== 'DelegatedAdministrator')
    return refuse({ reason: 'not-a-delegated-administrator', rule: 'MNT-08' })
  if (system !== 'DMS') return refuse({ reason: 'not-in-dms', rule: 'ACC-12' })
  return ok({ userId, role, participant, login, key })
}

/** The channel that the authority table asks for. */
export const channelOf = (account: Account): OtpChannel | 'none' => {
  if (account.stage === 'Initialised') return account.channel.kind
  return account.stage === 'Locked' ? (account.channel ?? 'none') : 'none'
}
