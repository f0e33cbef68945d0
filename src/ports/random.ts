/**
 * A cryptographically secure source of random bytes.
 *
 * @rule OTP-03
 * @category Ports
 */
export interface RandomSource {
  /** Returns this many fresh bytes, 1–64. */
  bytes(count: number): Uint8Array
}
