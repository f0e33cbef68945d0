import type { OtpChannel } from '../identity/otp-channel.ts'
import type { Account } from './state.ts'

/** The channel that the authority table asks for. */
export const channelOf = (account: Account): OtpChannel | 'none' => {
  if (account.stage === 'Initialised') return account.channel.kind
  return account.stage === 'Locked' ? (account.channel ?? 'none') : 'none'
}
