import { type Instant, isFromFuture } from '../kernel/instant.ts'
import { emailCodeExpiry } from '../otp/email-code.ts'
import { enrolledTotp, timeStepAt } from '../otp/totp.ts'
import type { Policy } from '../policy/policy.ts'
import { challengeExpiry } from './challenges.ts'
import { type Account, isExistingAccount } from './state.ts'

/**
 * Whether an account contains an instant or a time step from the future: the clock was ahead when it was
 * written, or has gone back since.
 *
 * @rule API-03
 */
export const holdsFutureInstant = (account: Account, now: Instant, policy: Policy): boolean => {
  if (!isExistingAccount(account)) return false
  const { sessions, challenges, codes, codesIssued, failedEnrolmentAttempts } = account
  const windows = [...Object.values(codesIssued), ...Object.values(failedEnrolmentAttempts)]
  const changedAt = 'password' in account ? [account.password.changedAt] : []
  const instants = [
    ...sessions.map(({ signedInAt }) => signedInAt),
    ...windows.map(({ since }) => since),
    ...changedAt,
  ]
  if (instants.some((instant) => isFromFuture(instant, now))) return true
  if (challenges.some(({ expiresAt }) => isFromFuture(expiresAt, challengeExpiry(now, policy)))) return true
  const codeExpiry = emailCodeExpiry(now, policy)
  if (Object.values(codes).some(({ expiresAt }) => isFromFuture(expiresAt, codeExpiry))) return true
  if (account.stage !== 'Initialised' || account.channel.kind !== 'MobileApp') return false
  const { lastAcceptedStep, totp } = account.channel
  return lastAcceptedStep > timeStepAt(now, enrolledTotp(totp, policy)) + policy.totp.windowSteps
}
