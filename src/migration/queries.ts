import { err, type Result } from 'neverthrow'
import { supportRouteFor } from '../access-control/authority.ts'
import { isCreatedFromLaunch, isLateRegistration } from '../access-control/timeline.ts'
import { channelOf } from '../account/channel.ts'
import { type ExistingAccount, isExistingAccount } from '../account/state.ts'
import { instantNow, phaseOf, type ServiceContext } from '../engine/context.ts'
import type { PortFailed } from '../engine/refusals.ts'
import type { WithRequestContext } from '../fields/request-context.ts'
import type { ParticipantKey } from '../identity/participant.ts'
import type { Role } from '../identity/role.ts'
import type { UserId } from '../identity/user-id.ts'
import { endOfHongKongDay, hongKongDay, type Instant } from '../kernel/instant.ts'
import { passwordExpiry } from '../password/expiry.ts'
import { listRecords, maxPageSize } from '../records/list-records.ts'
import { accountAggregate } from '../records/model/account-aggregate.ts'
import type { Remedy } from './model/findings.ts'
import { type PendingStep, pendingStep } from './model/reconcile.ts'

/**
 * The input for a page of a participant's accounts, in ascending order of User ID.
 *
 * @category Migration
 */
export interface AccountPageInput extends WithRequestContext {
  readonly participant: ParticipantKey
  /** The last User ID of the previous page. Default: the first page. */
  readonly after?: string | undefined
  /** The number of accounts to read, 1–1,000. Default: 1,000. The page can contain fewer. */
  readonly limit?: number | undefined
}

/**
 * A page of results. If `after` is set, there may be another page.
 *
 * @category Migration
 */
export interface AccountPage<T> {
  readonly accounts: readonly T[]
  readonly after?: string
}

/**
 * An account holder to contact, for example with a reminder.
 *
 * @category Migration
 */
export interface Contact {
  readonly userId: UserId
  readonly role: Role
  /** Surname and other names; empty if the account has none. */
  readonly name: string
  readonly email?: string
}

/**
 * An account that has not initialised 2FA.
 *
 * @category Migration
 */
export interface UninitialisedAccount extends Contact {
  readonly pending: PendingStep
  /** Who can help, and how. */
  readonly remedy: Remedy
}

/**
 * Something in an account that expires.
 *
 * @category Migration
 */
export interface ExpiringAccount extends Contact {
  readonly what: 'smartcard-certificate' | 'password' | 'account'
  /** The first instant at which it is no longer valid. */
  readonly at: Instant
}

/**
 * An email that was registered after the deadline.
 *
 * @category Migration
 */
export interface LateRegistration extends Contact {
  readonly registeredAt: Instant
}

const reachable = ({ userId, role, surname, otherNames, email }: ExistingAccount): Contact => ({
  userId,
  role,
  name: [surname, otherNames].filter(Boolean).join(' '),
  ...(email === undefined ? {} : { email }),
})

/** Reads a page of accounts and keeps the selected results. */
const findAccounts = async <T>(
  context: ServiceContext,
  { participant, after = '', limit = maxPageSize }: AccountPageInput,
  select: (account: ExistingAccount, now: Instant) => readonly T[],
): Promise<Result<AccountPage<T>, PortFailed>> => {
  const now = await instantNow(context)
  if (now.isErr()) return err(now.error)
  const page = await listRecords(context, accountAggregate, participant, { after, limit })
  return page.map(({ records, ...next }) => {
    const accounts = records.flatMap(({ state: account }) =>
      isExistingAccount(account) ? select(account, now.value) : [],
    )
    return { accounts, ...next }
  })
}

/** The remedy for each thing that an account can wait for. */
const remedyOf = (
  account: ExistingAccount,
  waits: PendingStep,
  context: ServiceContext,
  page: AccountPageInput,
  at: Instant,
) => {
  if (waits === 'holder') return { route: 'self-service', rule: 'MIG-07' } as const
  const need = ({ enabling: 'change-profile', unlock: 'unlock', email: 'register-email' } as const)[waits]
  const phase = phaseOf(context, page.participant, at, account.role)
  return supportRouteFor({ need, role: account.role, channel: channelOf(account), phase })
}

/** Finds the accounts that have not initialised 2FA. */
export const findNotInitialised = (context: ServiceContext, page: AccountPageInput) => {
  let day = ''
  return findAccounts<UninitialisedAccount>(context, page, (account, now) => {
    if (account.stage === 'Initialised') return []
    day ||= hongKongDay(now)
    const waits = pendingStep(account, day)
    return [{ ...reachable(account), pending: waits, remedy: remedyOf(account, waits, context, page, now) }]
  })
}

/** Finds what expires before an instant and has not expired yet. */
export const findExpiring = (
  context: ServiceContext,
  page: AccountPageInput & { readonly before: Instant },
) =>
  findAccounts<ExpiringAccount>(context, page, (account, now) => {
    const { smartcard, disableAfter } = account
    const carded = phaseOf(context, page.participant, now) !== 'decommissioned'
    const expiry =
      'password' in account
        ? passwordExpiry({ changedAt: account.password.changedAt, now }, context.policy)
        : undefined
    const ends: readonly (readonly [ExpiringAccount['what'], Instant | undefined])[] = [
      ['smartcard-certificate', carded ? smartcard?.certificateExpiry : undefined],
      ['password', expiry?.status === 'valid' ? expiry.expiresAt : undefined],
      ['account', disableAfter === undefined ? undefined : endOfHongKongDay(disableAfter)],
    ]
    return ends.flatMap(([what, at]) =>
      at !== undefined && now < at && at < page.before ? [{ ...reachable(account), what, at }] : [],
    )
  })

/** Finds emails that were registered after the deadline in accounts from before launch. */
export const findLateRegistrations = (context: ServiceContext, page: AccountPageInput) =>
  findAccounts<LateRegistration>(context, page, (account) => {
    const { timeline } = context
    const { origin, registeredAt: since, emailRegisteredAt: registeredAt } = account
    if (timeline === undefined || registeredAt === undefined) return []
    const isNew = origin === 'created' && isCreatedFromLaunch(timeline, page.participant, since)
    return isNew || !isLateRegistration(timeline, page.participant, registeredAt)
      ? []
      : [{ ...reachable(account), registeredAt }]
  })
