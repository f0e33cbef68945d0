import { isOneOf } from '../kernel/membership.ts'

/**
 * How the one-time code reaches its holder.
 *
 * @rule OTP-01
 * @category One-time codes
 */
export type OtpChannel = 'MobileApp' | 'Email'

/**
 * Every channel of one-time codes.
 *
 * @category One-time codes
 * @rule OTP-01
 */
export const otpChannels = ['MobileApp', 'Email'] as const satisfies readonly OtpChannel[]

/**
 * Whether a value, e.g. of a form, names a channel of one-time codes.
 *
 * @category One-time codes
 * @rule OTP-01
 */
export const isOtpChannel: (value: unknown) => value is OtpChannel = /* @__PURE__ */ isOneOf(otpChannels)
