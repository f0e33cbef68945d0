import { type DmsActor, dmsDenial } from '../access-control/authority.ts'
import { clearingHouseOf } from '../access-control/clearing-house.ts'
import { isBeforeLaunch, type Phase } from '../access-control/timeline.ts'
import { channelOf } from '../account/channel.ts'
import { withChanges } from '../account/profile.ts'
import { type Account, isExistingAccount } from '../account/state.ts'
import { isDayRange } from '../fields/day-range.ts'
import { isSameMailbox } from '../fields/email-address.ts'
import { parseUserId } from '../identity/user-id.ts'
import { accountTotals, allocatedUserIds, type Participant } from '../participant/state.ts'
import type { Policy } from '../policy/policy.ts'
import type { DenialReason } from './administrator.ts'
import { type ProfileEntry, supportNeedsOf } from './model/entry.ts'

/**
 * The clearing house of an account, as far as its User ID, profile and policy determine it.
 *
 * @param entered - the clearing house options of an account that is to be created.
 * @rule MNT-12
 */
export const clearingHouseOfHolder = (
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
 * Whether two DAs could be one person because their registered mailboxes are equal. This is allowed where
 * HKEX lets one person be both maker and checker.
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

/**
 * Refuses a smartcard that is entered after launch (MIG-04, MIG-20), unless the policy says that HKEX issues
 * cards for the Participant Gateway (MIG-18). Removing a smartcard is allowed.
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

/** Why an entry is impossible, regardless of who makes it. */
export const impossibleEntry = (
  entry: ProfileEntry,
  subject: Account,
  participant: Participant,
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

/** The DA who works on an entry, and the account of the session. */
export interface ActingAdministrator {
  readonly administrator: DmsActor
  readonly account: Account
}

/** The subject of an entry: the stored account, its participant and the present phase. */
export interface EntrySubject {
  readonly entry: ProfileEntry
  readonly participant: DmsActor['participant']
  readonly account: Account
  readonly phase: Phase
}

const subjectActor = ({ entry, account, participant }: EntrySubject, policy: Policy): DmsActor => {
  const options = entry.kind === 'create' ? entry.profile.clearingHouseOptions : undefined
  return {
    userId: entry.userId,
    participant,
    role: isExistingAccount(account) ? account.role : 'User',
    clearingHouse: clearingHouseOfHolder(policy, entry, account, options),
  }
}

/**
 * Why a DA may not make, check or confirm an entry; `undefined` if they may. The Delegated Administrators of
 * the account's participant and clearing house must be the support route for every need of the entry.
 *
 * @rule MNT-08
 * @rule MNT-11
 * @rule MNT-12
 */
export const authorityDenial = (
  { administrator, account }: ActingAdministrator,
  about: EntrySubject,
  policy: Policy,
): DenialReason | undefined => {
  const acting = { ...administrator, clearingHouse: clearingHouseOfHolder(policy, administrator, account) }
  const subject = subjectActor(about, policy)
  const { phase } = about
  const channel = channelOf(about.account)
  return supportNeedsOf(about.entry)
    .map((need) => dmsDenial(acting, subject, { need, channel, phase }))
    .find((denial) => denial !== undefined)
}
