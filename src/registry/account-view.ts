import { err, ok, type Result } from 'neverthrow'
import { type Account, type AccountBase, type AccountStage, isExistingAccount } from '../account/state.ts'
import type { ServiceContext } from '../engine/context.ts'
import type { OtpChannel } from '../identity/otp-channel.ts'
import type { Role } from '../identity/role.ts'
import type { UserId } from '../identity/user-id.ts'
import type { WithCode } from '../kernel/coded.ts'
import type { HongKongDay } from '../kernel/instant.ts'
import { countFailedSignIns, type FailedAttempts } from '../lockout/attempts.ts'
import { isWithinRateLimit, rateLimitResetAt } from '../lockout/rate-window.ts'
import { type PasswordExpiry, passwordExpiry } from '../password/expiry.ts'
import type { Policy } from '../policy/policy.ts'
import { type RecordsRefusal, unknownAccount } from '../records/refusals.ts'

/**
 * An account as an administrator may see it: without credentials, challenges and codes.
 *
 * @category Administration
 */
export interface AccountView {
  readonly userId: UserId
  readonly role: Role
  readonly stage: Exclude<AccountStage, 'Unknown' | 'Deleted'>
  readonly status: AccountBase['status']
  readonly email?: string
  readonly enableFrom?: HongKongDay
  readonly disableAfter?: HongKongDay
  readonly locked: boolean
  /**
   * The failed attempts since the last complete sign-in or unlock, and the number of failed sign-ins that
   * they count as.
   */
  readonly failedAttempts: FailedAttempts & { readonly failedSignIns: number }
  /**
   * Set while too many codes or wrong codes block setting a password or an OTP channel: the first instant at
   * which it is possible again, in epoch milliseconds. An unlock permits it at once.
   *
   * @rule LOCK-15
   */
  readonly enrolmentBlockedUntil?: { readonly password?: number; readonly enrolment?: number }
  /** The OTP channel, if one is set up; for a locked account, the one that it had. */
  readonly channel?: OtpChannel
  /** The password's expiry, if a password is set. */
  readonly password?: PasswordExpiry
}

/** The end of the block of each purpose's set-up; absent if it is not blocked. */
const enrolmentBlocks = (account: AccountBase, now: number, { enrolment, emailCode }: Policy) => {
  const until = (purpose: 'password' | 'enrolment') => {
    const limits = [
      [account.failedEnrolmentAttempts[purpose], enrolment.failedAttempts],
      [account.codesIssued[purpose], emailCode.rateLimit],
    ] as const
    const ends = limits.flatMap(([window, limit]) =>
      window === undefined || isWithinRateLimit(window, now, limit) ? [] : [rateLimitResetAt(window, limit)],
    )
    return ends.length === 0 ? undefined : Math.max(...ends)
  }
  const [password, channel] = [until('password'), until('enrolment')]
  return {
    ...(password === undefined ? {} : { password }),
    ...(channel === undefined ? {} : { enrolment: channel }),
  }
}

/** The view of an account. */
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
  const blocks = enrolmentBlocks(account, now, context.policy)
  return ok({
    userId,
    role,
    stage,
    status,
    ...(email === undefined ? {} : { email }),
    ...(enableFrom === undefined ? {} : { enableFrom }),
    ...(disableAfter === undefined ? {} : { disableAfter }),
    locked: stage === 'Locked',
    failedAttempts: { ...attempts, failedSignIns: countFailedSignIns(attempts, context.policy) },
    ...(Object.keys(blocks).length === 0 ? {} : { enrolmentBlockedUntil: blocks }),
    ...(shown === undefined ? {} : { channel: shown }),
    ...('password' in account
      ? { password: passwordExpiry({ changedAt: account.password.changedAt, now }, context.policy) }
      : {}),
  })
}
