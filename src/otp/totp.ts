import { Secret, TOTP } from 'otpauth/slim'
import { type Instant, SECOND } from '../kernel/instant.ts'
import { defaultPolicy, type Policy } from '../policy/policy.ts'

/**
 * Which period of 30 s since 1970-01-01T00:00:00Z, counted from 0 (RFC 6238's T).
 *
 * @category One-time codes
 */
export type TimeStep = number

/**
 * How many bytes a secret has: those of the HMAC (RFC 4226, section 4, R6 recommends 20 for SHA-1).
 *
 * @category One-time codes
 */
export const totpSecretBytes = { SHA1: 20, SHA256: 32, SHA512: 64 } as const

type TotpPolicy = Pick<Policy, 'totp'>

/**
 * What an app was enrolled with, and its codes are made by.
 *
 * @rule OTP-12
 * @category One-time codes
 */
export type TotpParameters = Pick<Policy['totp'], 'algorithm' | 'digits' | 'periodSeconds'>

/** The parameters with which an app is enrolled today. */
export const totpParameters = ({
  totp: { algorithm, digits, periodSeconds },
}: TotpPolicy): TotpParameters => ({
  algorithm,
  digits,
  periodSeconds,
})

/** A policy under which the codes of an enrolment are verified: its own parameters, and today's window. */
export const enrolledTotp = (parameters: TotpParameters, { totp }: TotpPolicy): TotpPolicy => ({
  totp: { ...totp, ...parameters },
})

const authenticator = (secret: Uint8Array, { totp }: TotpPolicy, label = '') =>
  new TOTP({
    // otpauth takes a buffer, not a view: a copy makes sure that it is the secret's own.
    secret: new Secret({ buffer: Uint8Array.from(secret).buffer }),
    algorithm: totp.algorithm,
    digits: totp.digits,
    period: totp.periodSeconds,
    issuer: totp.issuer,
    label,
  })

/**
 * The time step at an instant.
 *
 * @rule OTP-04
 * @category One-time codes
 */
export const timeStepAt = (now: Instant, { totp }: TotpPolicy = defaultPolicy): TimeStep =>
  Math.floor(now / (totp.periodSeconds * SECOND))

/**
 * The step whose code was given, if it is within the window; compared in constant time. Whether the step is
 * still valid is another question: {@link isFreshStep}.
 *
 * @param given - the shared `secret` (raw bytes), the `code` (digits), and `now` in epoch milliseconds.
 * @returns the step nearest to the present one that the code fits; `undefined` if it fits none.
 * @rule OTP-04
 * @category One-time codes
 */
export const matchTotp = (
  given: { readonly secret: Uint8Array; readonly code: string; readonly now: Instant },
  policy: TotpPolicy = defaultPolicy,
): TimeStep | undefined => {
  if (typeof given.code !== 'string') return undefined
  const delta = authenticator(given.secret, policy).validate({
    token: given.code,
    timestamp: given.now,
    window: policy.totp.windowSteps,
  })
  return delta === null ? undefined : timeStepAt(given.now, policy) + delta
}

/**
 * Whether a step may still be accepted: each is valid once, and none at or before the last accepted one.
 *
 * @rule OTP-05
 * @category One-time codes
 */
export const isFreshStep = (step: TimeStep, lastAccepted: TimeStep): boolean => step > lastAccepted

/**
 * When the first code begins that may still be accepted after a step.
 *
 * @returns epoch milliseconds.
 * @rule OTP-13
 */
export const nextCodeAt = (
  lastAccepted: TimeStep,
  { periodSeconds }: Pick<TotpParameters, 'periodSeconds'>,
): Instant => (lastAccepted + 1) * periodSeconds * SECOND

/**
 * The code that an authenticator app shows at an instant; for tests, demonstrations and test vectors.
 *
 * @rule OTP-04
 * @category One-time codes
 */
export const totpCode = (secret: Uint8Array, now: Instant, policy: TotpPolicy = defaultPolicy): string =>
  authenticator(secret, policy).generate({ timestamp: now })

/**
 * What a person needs to enrol an authenticator app. Both hold the secret: show them once, to the holder alone.
 *
 * @category One-time codes
 */
export interface TotpEnrolment {
  /** For a QR code: `otpauth://totp/…`. */
  readonly uri: string
  /** For typing in: Base32, capital letters, unpadded. */
  readonly secret: string
}

/**
 * The enrolment of an authenticator app.
 *
 * @rule OTP-04
 * @category One-time codes
 */
export const totpEnrolment = (
  secret: Uint8Array,
  label: string,
  policy: TotpPolicy = defaultPolicy,
): TotpEnrolment => {
  const app = authenticator(secret, policy, label)
  return { uri: app.toString(), secret: app.secret.base32 }
}
