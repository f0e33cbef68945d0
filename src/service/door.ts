import type { ShutDoor } from '../account/commands.ts'
import { type Account, exists } from '../account/state.ts'
import type { System } from '../identity/participant.ts'
import type { ParsedUserId } from '../identity/user-id.ts'
import type { Instant } from '../kernel/instant.ts'
import { type Access, type AccessReason, accessOf } from '../transition/access.ts'
import { isCreatedFromLaunch } from '../transition/timeline.ts'
import { type Context, phaseOf } from './context.ts'

/** What the access table says of an account at the primary site, at one of the login pages (MIG-15). */
export const accessAt = (
  context: Context,
  { participant }: Pick<ParsedUserId, 'participant'>,
  account: Account,
  system: System,
  now: Instant,
): Access | undefined => {
  if (!exists(account)) return undefined
  const { role, origin, registeredAt, userGroups = [], email, smartcard, stage } = account
  const { timeline, policy } = context
  return accessOf({
    phase: phaseOf(context, participant, now),
    createdFromLaunch:
      origin === 'created' &&
      (timeline === undefined || isCreatedFromLaunch(timeline, participant, registeredAt)),
    role,
    hasBusinessGroup: userGroups.length > 0,
    initialised: stage === 'Initialised' || (stage === 'Locked' && account.channel !== undefined),
    hasEmail: email !== undefined,
    hasSmartcard: smartcard !== undefined,
    certificateExpired: smartcard !== undefined && now >= smartcard.certificateExpiry,
    place: system === 'DMS' ? 'DMS' : 'terminal',
    site: 'primary',
    // Locks and dates have reasons of their own in the account's table; here the door alone is asked for.
    locked: false,
    enabled: true,
    smartcardWhenLocked: policy.lockout.closesSmartcard ? 'closed' : 'open',
  })
}

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
  id: Pick<ParsedUserId, 'participant'>,
  account: Account,
  system: System,
  now: Instant,
): ShutDoor | undefined => {
  const access = accessAt(context, id, account, system, now)
  const answer = account.stage === 'Initialised' ? access?.['2fa'] : access?.['2fa-set-up']
  return answer !== undefined && !answer.open && doors.includes(answer.because)
    ? (answer.because as ShutDoor)
    : undefined
}
