/**
 * How the one-time code reaches its holder.
 *
 * @rule OTP-01
 */
export type OtpChannel = 'MobileApp' | 'Email'
