import { err, ok, type Result } from 'neverthrow'
import type { Account, OtpChannel } from '../../account/state.ts'
import type { DmsActor } from '../../administration/authority.ts'
import type { Refusal } from '../../kernel/refusal.ts'
import type { RuleId } from '../../kernel/rule-id.ts'
import type { RecordKey, StoredRecord } from '../../ports/storage.ts'
import type { Context } from '../context.ts'
import { accountKey } from '../execute.ts'
import { accountMachine, changeBy, stateOf } from '../machines.ts'
import type { Login, Principal } from '../principal.ts'
import { holds, liveLogin } from '../principals.ts'
import type { Change, Decided } from '../transact.ts'

/** A refusal as the trail holds it. */
export interface Why {
  readonly reason: string
  readonly rule: RuleId
}

/** A Delegated Administrator at work in DMS. */
export interface Administrator extends DmsActor {
  readonly login: Login
  readonly key: RecordKey
}

const notAuthorised = (rule: RuleId): Refusal => ({ code: 'not-authorised', rule })

/**
 * Who is logged in to DMS as a Delegated Administrator.
 *
 * @rule MNT-08
 * @rule ACC-12
 */
export const administratorOf = async (
  context: Context,
  principal: Principal,
): Promise<Result<Administrator, Refusal>> => {
  const login = await liveLogin(context, principal)
  if (login.isErr()) return err(login.error)
  const { userId, role, participant, system } = login.value
  if (role !== 'DelegatedAdministrator' || system !== 'DMS') return err(notAuthorised('MNT-08'))
  return ok({ userId, role, participant, login: login.value, key: accountKey(login.value) })
}

/** Whether the login of a Delegated Administrator still holds. */
export const stillIn = (
  context: Context,
  { login }: Administrator,
  record: StoredRecord | undefined,
  now: number,
): boolean => holds(context, login, { account: stateOf(accountMachine, record), now })

/** What becomes of a refused act: an entry in the trail of whoever tried, and an answer. */
export const refusedAct = <T>(
  administrator: Administrator,
  before: StoredRecord | undefined,
  { act, about, at }: { readonly act: string; readonly about: string; readonly at: number },
  { reason, rule }: Why,
  refusal: Refusal,
  others: readonly Change[] = [],
): Result<Decided<Result<T, Refusal>>, Refusal> => {
  const event = { type: 'AdministrationRefused', at, rule, act, reason, about } as const
  const change = changeBy(accountMachine, { key: administrator.key, before }, [event])
  return ok({ changes: [...others, change], answer: err(refusal) })
}

/** The channel that the authority table asks for. */
export const channelOf = (account: Account): OtpChannel | 'none' => {
  if (account.stage === 'Initialised') return account.channel.kind
  return account.stage === 'Locked' ? (account.channel ?? 'none') : 'none'
}
