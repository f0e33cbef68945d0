import { isOneOf } from '../kernel/membership.ts'

/**
 * The channel by which a holder receives one-time codes.
 *
 * @rule OTP-01
 * @category One-time codes
 */
export type OtpChannel = 'MobileApp' | 'Email'

/**
 * The channels of one-time codes.
 *
 * @category One-time codes
 * @rule OTP-01
 */
export const otpChannels = ['MobileApp', 'Email'] as const satisfies readonly OtpChannel[]

/**
 * Whether a value, e.g. from a form, is a channel of one-time codes.
 *
 * @category One-time codes
 * @rule OTP-01
 */
export const isOtpChannel: (value: unknown) => value is OtpChannel = /* @__PURE__ */ isOneOf(otpChannels)
