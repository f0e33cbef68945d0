import type { Phase } from '../access-control/timeline.ts'
import { type Profile, profileOf, type Smartcard } from '../account/profile.ts'
import { type Account, isExistingAccount } from '../account/state.ts'
import type { Role } from '../identity/role.ts'
import type { UserId } from '../identity/user-id.ts'

/**
 * A user profile as DMS shows it. After 2FA is initialised, or while the account is locked, it shows Locked
 * and OTP Enabled; before, it shows the smartcard.
 *
 * @rule DMS-07
 * @rule ACC-04
 * @category DMS
 */
export interface ProfileView extends Omit<Profile, 'smartcard'> {
  readonly userId: UserId
  readonly role: Role
  /** @rule DMS-06 */
  readonly remark?: 'Delegated Administrator'
  readonly locked?: boolean
  readonly otpEnabled?: boolean
  readonly smartcard?: Smartcard
}

/**
 * Returns what DMS shows of an account in a phase; `undefined` if the account does not exist. After
 * decommissioning, no smartcard is shown, even if it is still in the record.
 *
 * @rule ACC-04
 * @rule MIG-20
 * @rule DMS-06
 */
export const profileView = (account: Account, phase: Phase): ProfileView | undefined => {
  if (!isExistingAccount(account)) return undefined
  const { smartcard, ...profile } = profileOf(account)
  const { userId, role, stage } = account
  const initialised = stage === 'Initialised' || (stage === 'Locked' && account.channel !== undefined)
  return {
    userId,
    role,
    ...(role === 'DelegatedAdministrator' ? { remark: 'Delegated Administrator' } : {}),
    ...profile,
    ...(initialised || stage === 'Locked' ? { locked: stage === 'Locked', otpEnabled: initialised } : {}),
    ...(initialised || smartcard === undefined || phase === 'decommissioned' ? {} : { smartcard }),
  }
}
