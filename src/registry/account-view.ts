import { err, ok, type Result } from 'neverthrow'
import { type Account, type AccountBase, type AccountStage, isExistingAccount } from '../account/state.ts'
import type { ServiceContext } from '../engine/context.ts'
import type { OtpChannel } from '../identity/otp-channel.ts'
import type { Role } from '../identity/role.ts'
import type { UserId } from '../identity/user-id.ts'
import type { WithCode } from '../kernel/coded.ts'
import type { HongKongDay } from '../kernel/instant.ts'
import { type FailedAttempts, failedSignIns } from '../lockout/attempts.ts'
import { type PasswordExpiry, passwordExpiry } from '../password/expiry.ts'
import { type RecordsRefusal, unknownAccount } from '../records/refusals.ts'

/** An account as whoever keeps the accounts may see it: no credential, no challenge, no code. */
export interface AccountView {
  readonly userId: UserId
  readonly role: Role
  readonly stage: Exclude<AccountStage, 'Unknown' | 'Deleted'>
  readonly status: AccountBase['status']
  readonly email?: string
  readonly enableFrom?: HongKongDay
  readonly disableAfter?: HongKongDay
  readonly locked: boolean
  /** Unsuccessful attempts since the last complete login or unlock, and the failed logins they make. */
  readonly failedAttempts: FailedAttempts & { readonly failedSignIns: number }
  /** Set once the channel is; of a locked account, the one it had. */
  readonly channel?: OtpChannel
  /** Set once a password is. */
  readonly password?: PasswordExpiry
}

/** What is shown of an account. */
export const viewOf = (
  context: ServiceContext,
  account: Account,
  now: number,
): Result<AccountView, WithCode<RecordsRefusal, 'unknown-account'>> => {
  if (!isExistingAccount(account)) return err(unknownAccount)
  const { userId, role, stage, status, email, enableFrom, disableAfter, failedAttempts: attempts } = account
  const channel = account.stage === 'Initialised' ? account.channel.kind : undefined
  const channelAtLock = account.stage === 'Locked' ? account.channel : undefined
  const shown = channel ?? channelAtLock
  return ok({
    userId,
    role,
    stage,
    status,
    ...(email === undefined ? {} : { email }),
    ...(enableFrom === undefined ? {} : { enableFrom }),
    ...(disableAfter === undefined ? {} : { disableAfter }),
    locked: stage === 'Locked',
    failedAttempts: { ...attempts, failedSignIns: failedSignIns(attempts, context.policy) },
    ...(shown === undefined ? {} : { channel: shown }),
    ...('password' in account
      ? { password: passwordExpiry({ changedAt: account.password.changedAt, now }, context.policy) }
      : {}),
  })
}
