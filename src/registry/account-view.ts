import { err, ok, type Result } from 'neverthrow'
import { type Account, exists, type Holder, type OtpChannel, type Stage } from '../account/state.ts'
import type { Role } from '../identity/participant.ts'
import type { UserId } from '../identity/user-id.ts'
import type { HongKongDay } from '../kernel/instant.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { type Attempts, failedLogins } from '../lockout/attempts.ts'
import { type PasswordExpiry, passwordExpiry } from '../password/expiry.ts'
import type { Context } from '../engine/context.ts'

/** An account as whoever keeps the accounts may see it: no credential, no challenge, no code. */
export interface AccountView {
  readonly userId: UserId
  readonly role: Role
  readonly stage: Exclude<Stage, 'Unknown' | 'Deleted'>
  readonly status: Holder['status']
  readonly email?: string
  readonly enableFrom?: HongKongDay
  readonly disableAfter?: HongKongDay
  readonly locked: boolean
  /** Unsuccessful attempts since the last complete login or unlock, and the failed logins they make. */
  readonly attempts: Attempts & { readonly failedLogins: number }
  /** Set once the channel is; of a locked account, the one it had. */
  readonly channel?: OtpChannel
  /** Set once a password is. */
  readonly password?: PasswordExpiry
}

/** Said to whoever keeps the accounts. */
export const unknownAccount = { code: 'unknown-account', rule: 'ID-12' } as const

/** What is shown of an account. */
export const viewOf = (context: Context, account: Account, now: number): Result<AccountView, Refusal> => {
  if (!exists(account)) return err(unknownAccount)
  const { userId, role, stage, status, email, enableFrom, disableAfter, attempts } = account
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
    attempts: { ...attempts, failedLogins: failedLogins(attempts, context.policy) },
    ...(shown === undefined ? {} : { channel: shown }),
    ...('password' in account
      ? { password: passwordExpiry({ changedAt: account.password.changedAt, now }, context.policy) }
      : {}),
  })
}
