import type { Result } from 'neverthrow'
import { type ExistingAccount, exists } from '../account/state.ts'
import { routeFor } from '../access-control/authority.ts'
import type { ParticipantKey, Role } from '../identity/participant.ts'
import type { UserId } from '../identity/user-id.ts'
import { endOfHongKongDay, hongKongDay, type Instant } from '../kernel/instant.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { passwordExpiry } from '../password/expiry.ts'
import type { Help } from './model/findings.ts'
import { type WaitsFor, waitsFor } from './model/reconcile.ts'
import { isCreatedFromLaunch, isLateRegistration } from '../access-control/timeline.ts'
import { ask, type Context, instantNow, phaseOf } from '../engine/context.ts'
import { channelOf } from '../dms/administrator.ts'
import { accountMachine, stateOf } from '../records/aggregates.ts'

/** Part of a participant's accounts, by ascending User ID. */
export interface AccountsPage {
  readonly participant: ParticipantKey
  /** The User ID behind which to go on; the first page, unless given. */
  readonly after?: string | undefined
  /** How many accounts are looked at, 1–1,000; 1,000 unless given. Fewer may be answered. */
  readonly limit?: number | undefined
}

/** What was found on a page; with `after`, there may be more behind it. */
export interface Found<T> {
  readonly accounts: readonly T[]
  readonly after?: UserId
}

/** Whom a host would remind, and how to reach them. */
export interface Reachable {
  readonly userId: UserId
  readonly role: Role
  /** Surname and other names; empty where there are none. */
  readonly name: string
  readonly email?: string
}

/** An account that has not initialised 2FA. */
export interface NotInitialised extends Reachable {
  readonly waitsFor: WaitsFor
  /** Who can help, and how. */
  readonly help: Help
}

/** Something of an account that runs out. */
export interface Expiring extends Reachable {
  readonly what: 'smartcard-certificate' | 'password' | 'account'
  /** The first instant at which it is no longer good. */
  readonly at: Instant
}

/** An email that was registered after the deadline. */
export interface LateRegistration extends Reachable {
  readonly registeredAt: Instant
}

const reachable = ({ userId, role, surname, otherNames, email }: ExistingAccount): Reachable => ({
  userId,
  role,
  name: [surname, otherNames].filter(Boolean).join(' '),
  ...(email === undefined ? {} : { email }),
})

/** The most accounts on a page. */
const most = 1_000

/** Looks at a page of accounts, and keeps what is wanted of each. */
const look = async <T>(
  context: Context,
  { participant, after = '', limit = most }: AccountsPage,
  want: (account: ExistingAccount, now: Instant) => readonly T[],
): Promise<Result<Found<T>, Refusal>> => {
  const now = await instantNow(context)
  if (now.isErr()) return now.map(() => ({ accounts: [] }))
  const page = await ask(context, 'storage', () =>
    context.ports.storage.list(participant, 'account', { after, limit }),
  )
  return page.map((records) => {
    const last = records.length === limit ? records.at(-1) : undefined
    const accounts = records
      .map(({ record }) => stateOf(accountMachine, record))
      .flatMap((account) => (exists(account) ? want(account, now.value) : []))
    return { accounts, ...(last === undefined ? {} : { after: last.id as UserId }) }
  })
}

/** For each thing that an account may wait for, what is to be done about it. */
const helpOf = (
  account: ExistingAccount,
  waits: WaitsFor,
  context: Context,
  page: AccountsPage,
  at: Instant,
) => {
  if (waits === 'holder') return { route: 'self-service', rule: 'MIG-07' } as const
  const need = ({ enabling: 'change-profile', unlock: 'unlock', email: 'register-email' } as const)[waits]
  const phase = phaseOf(context, page.participant, at)
  return routeFor({ need, role: account.role, channel: channelOf(account), phase })
}

/** Who has not initialised 2FA. */
export const findNotInitialised = (context: Context, page: AccountsPage) => {
  let day = ''
  return look<NotInitialised>(context, page, (account, now) => {
    if (account.stage === 'Initialised') return []
    day ||= hongKongDay(now)
    const waits = waitsFor(account, day)
    return [{ ...reachable(account), waitsFor: waits, help: helpOf(account, waits, context, page, now) }]
  })
}

/** What runs out before an instant, and has not yet. */
export const findExpiring = (context: Context, page: AccountsPage & { readonly before: Instant }) =>
  look<Expiring>(context, page, (account, now) => {
    const { smartcard, disableAfter } = account
    const carded = phaseOf(context, page.participant, now) !== 'decommissioned'
    const expiry =
      'password' in account
        ? passwordExpiry({ changedAt: account.password.changedAt, now }, context.policy)
        : undefined
    const ends: readonly (readonly [Expiring['what'], Instant | undefined])[] = [
      ['smartcard-certificate', carded ? smartcard?.certificateExpiry : undefined],
      ['password', expiry?.status === 'valid' ? expiry.expiresAt : undefined],
      ['account', disableAfter === undefined ? undefined : endOfHongKongDay(disableAfter)],
    ]
    return ends.flatMap(([what, at]) =>
      at !== undefined && now < at && at < page.before ? [{ ...reachable(account), what, at }] : [],
    )
  })

/** Emails registered after the deadline, of accounts that were there before launch. */
export const findLateRegistrations = (context: Context, page: AccountsPage) =>
  look<LateRegistration>(context, page, (account) => {
    const { timeline } = context
    const { origin, registeredAt: since, emailRegisteredAt: registeredAt } = account
    if (timeline === undefined || registeredAt === undefined) return []
    const isNew = origin === 'created' && isCreatedFromLaunch(timeline, page.participant, since)
    return isNew || !isLateRegistration(timeline, page.participant, registeredAt)
      ? []
      : [{ ...reachable(account), registeredAt }]
  })
