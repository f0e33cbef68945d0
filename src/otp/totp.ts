import { Secret, TOTP } from 'otpauth/slim'
import { type Instant, SECOND } from '../kernel/instant.ts'
import { defaultPolicy, type Policy } from '../policy/policy.ts'

/**
 * The number of a 30-second period since 1970-01-01T00:00:00Z, from 0 (T in RFC 6238).
 *
 * @category One-time codes
 */
export type TimeStep = number

/**
 * The length of a secret in bytes, by algorithm: that of the HMAC (RFC 4226, section 4, R6 recommends 20 for
 * SHA-1).
 *
 * @category One-time codes
 */
export const totpSecretBytes = { SHA1: 20, SHA256: 32, SHA512: 64 } as const

type TotpPolicy = Pick<Policy, 'totp'>

/**
 * The parameters with which an app was enrolled, and by which it computes its codes.
 *
 * @rule OTP-12
 * @category One-time codes
 */
export type TotpParameters = Pick<Policy['totp'], 'algorithm' | 'digits' | 'periodSeconds'>

/** The parameters with which an app is enrolled under the present policy. */
export const totpParameters = ({
  totp: { algorithm, digits, periodSeconds },
}: TotpPolicy): TotpParameters => ({
  algorithm,
  digits,
  periodSeconds,
})

/** The policy that verifies the codes of an enrolment: its own parameters, and the present window. */
export const enrolledTotp = (parameters: TotpParameters, { totp }: TotpPolicy): TotpPolicy => ({
  totp: { ...totp, ...parameters },
})

const settings = (secret: Uint8Array, { totp }: TotpPolicy) => ({
  // otpauth takes a buffer, not a view: the copy has a buffer that contains only the secret.
  secret: new Secret({ buffer: Uint8Array.from(secret).buffer }),
  algorithm: totp.algorithm,
  digits: totp.digits,
  period: totp.periodSeconds,
  issuer: totp.issuer,
})

/**
 * Returns the time step at an instant.
 *
 * @rule OTP-04
 * @category One-time codes
 */
export const timeStepAt = (now: Instant, { totp }: TotpPolicy = defaultPolicy): TimeStep =>
  Math.floor(now / (totp.periodSeconds * SECOND))

/**
 * Finds the step to which a code belongs, within the window, with comparisons in constant time. {@link
 * isFreshStep} decides whether that step can still be accepted.
 *
 * @param given - the shared `secret` (raw bytes), the entered `code` (digits), and `now` in epoch
 * milliseconds.
 * @returns the matching step nearest to the present one; `undefined` if none matches.
 * @rule OTP-04
 * @category One-time codes
 */
export const matchTotp = (
  given: { readonly secret: Uint8Array; readonly code: string; readonly now: Instant },
  policy: TotpPolicy = defaultPolicy,
): TimeStep | undefined => {
  if (typeof given.code !== 'string') return undefined
  const delta = new TOTP(settings(given.secret, policy)).validate({
    token: given.code,
    timestamp: given.now,
    window: policy.totp.windowSteps,
  })
  return delta === null ? undefined : timeStepAt(given.now, policy) + delta
}

/**
 * Whether a step can still be accepted: it must be later than the last accepted one, so that each is valid
 * once.
 *
 * @rule OTP-05
 * @category One-time codes
 */
export const isFreshStep = (step: TimeStep, lastAccepted: TimeStep): boolean => step > lastAccepted

/**
 * Returns when the first code begins that can be accepted after a step.
 *
 * @returns epoch milliseconds.
 * @rule OTP-13
 */
export const nextCodeAt = (
  lastAccepted: TimeStep,
  { periodSeconds }: Pick<TotpParameters, 'periodSeconds'>,
): Instant => (lastAccepted + 1) * periodSeconds * SECOND

/**
 * Returns the code that an authenticator app shows at an instant, for tests, demonstrations and test vectors.
 *
 * @rule OTP-04
 * @category One-time codes
 */
export const totpCode = (secret: Uint8Array, now: Instant, policy: TotpPolicy = defaultPolicy): string =>
  new TOTP(settings(secret, policy)).generate({ timestamp: now })

/**
 * The data for enrolling an authenticator app. Both fields contain the secret: show them once, to the holder
 * only.
 *
 * @category One-time codes
 */
export interface TotpEnrolment {
  /** The URI for a QR code: `otpauth://totp/…`. */
  readonly uri: string
  /** The secret for typing in: Base32, capital letters, unpadded. */
  readonly secret: string
}

/**
 * Creates the enrolment data for an authenticator app.
 *
 * @rule OTP-04
 * @category One-time codes
 */
export const totpEnrolment = (
  secret: Uint8Array,
  label: string,
  policy: TotpPolicy = defaultPolicy,
): TotpEnrolment => {
  const app = new TOTP({ ...settings(secret, policy), label })
  return { uri: app.toString(), secret: app.secret.base32 }
}
