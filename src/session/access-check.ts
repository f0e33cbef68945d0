import type { ShutDoor, ShutToSmartcard } from '../account/commands.ts'
import { inUseOn } from '../account/profile.ts'
import { type Account, type ExistingAccount, exists } from '../account/state.ts'
import type { System } from '../identity/participant.ts'
import type { ParsedUserId } from '../identity/user-id.ts'
import { hongKongDay, type Instant } from '../kernel/instant.ts'
import {
  type Access,
  type AccessQuestion,
  type AccessReason,
  accessOf,
  type Place,
  type Site,
} from '../access-control/access-table.ts'
import { isCreatedFromLaunch } from '../access-control/timeline.ts'
import { type Context, phaseOf } from '../engine/context.ts'

type Id = Pick<ParsedUserId, 'participant'>

/** Where and when somebody wants to get in. */
export interface Entrance {
  readonly place: Place
  readonly site: Site
  readonly at: Instant
}

const isDated = ({ enableFrom, disableAfter }: ExistingAccount) =>
  enableFrom !== undefined || disableAfter !== undefined

/** What the access table is asked for an account (MIG-15), as its record stands. */
export const questionOf = (
  context: Context,
  { participant }: Id,
  account: ExistingAccount,
  { place, site, at }: Entrance,
): Required<AccessQuestion> => {
  const { role, origin, registeredAt, userGroups = [], email, smartcard, stage } = account
  const { timeline, policy } = context
  return {
    phase: phaseOf(context, participant, at),
    createdFromLaunch:
      origin === 'created' &&
      (timeline === undefined || isCreatedFromLaunch(timeline, participant, registeredAt)),
    role,
    hasBusinessGroup: userGroups.length > 0,
    initialised: stage === 'Initialised' || (stage === 'Locked' && account.channel !== undefined),
    hasEmail: email !== undefined,
    hasSmartcard: smartcard !== undefined,
    certificateExpired: smartcard !== undefined && at >= smartcard.certificateExpiry,
    place,
    site,
    locked: stage === 'Locked',
    // A day in Hong Kong costs more than all the rest: it is asked for only where there are dates.
    enabled: inUseOn(account, isDated(account) ? hongKongDay(at) : ''),
    smartcardWhenLocked: policy.lockout.closesSmartcard ? 'closed' : 'open',
  }
}

const placeOf = (system: System): Place => (system === 'DMS' ? 'DMS' : 'terminal')

/** Locks and dates have reasons of their own in the account's table; here the door alone is asked for. */
const doorOf = (context: Context, id: Id, account: ExistingAccount, entrance: Entrance): Access =>
  accessOf({ ...questionOf(context, id, account, entrance), locked: false, enabled: true })

const doors: readonly AccessReason[] = [
  'before-launch',
  'users-do-not-enter-dms',
  'administrators-enter-dms-only',
  'administrator-without-business-group',
] satisfies readonly ShutDoor[]

/**
 * Why the door to a login page is shut for an account, whatever its password; `undefined` if it is not.
 *
 * @rule MIG-15
 * @rule ACC-12
 * @rule ACC-13
 */
export const shutDoor = (
  context: Context,
  id: Id,
  account: Account,
  system: System,
  at: Instant,
): ShutDoor | undefined => {
  if (!exists(account)) return undefined
  const access = doorOf(context, id, account, { place: placeOf(system), site: 'primary', at })
  const answer = account.stage === 'Initialised' ? access['2fa'] : access['2fa-set-up']
  return !answer.open && doors.includes(answer.because) ? (answer.because as ShutDoor) : undefined
}

/**
 * Why a smartcard opens nothing here and now, whatever the state of the account; `undefined` if it does.
 *
 * @rule MIG-15
 * @rule MIG-19
 */
export const shutToSmartcard = (
  context: Context,
  id: Id,
  account: Account,
  { system, site, at }: Omit<Entrance, 'place'> & { readonly system: System },
): ShutToSmartcard | undefined => {
  if (!exists(account)) return undefined
  const { smartcard } = doorOf(context, id, account, { place: placeOf(system), site, at })
  return smartcard.open ? undefined : (smartcard.because as ShutToSmartcard)
}
