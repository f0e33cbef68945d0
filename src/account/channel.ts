import type { OtpChannel } from '../identity/otp-channel.ts'
import type { Account } from './state.ts'

/**
 * The channel by which the authority table decides.
 *
 * @rule OTP-01
 */
export const channelOf = (account: Account): OtpChannel | 'none' => {
  if (account.stage === 'Initialised') return account.channel.kind
  return account.stage === 'Locked' ? (account.channel ?? 'none') : 'none'
}
