/**
 * How the one-time password reaches its holder.
 *
 * @rule OTP-01
 */
export type OtpChannel = 'MobileApp' | 'Email'
