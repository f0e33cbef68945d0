/**
 * Keeps secrets that must be readable again (TOTP secrets), and makes keyed hashes of those that need
 * not be (emailed codes). `context` binds what is sealed to the place it belongs to: opened under
 * another context, it fails.
 *
 * @rule OTP-06
 * @rule AUD-06
 * @category Ports
 */
export interface SecretBox {
  /** The secret, encrypted and authenticated, as text. */
  seal(secret: Uint8Array, context: string): Promise<string>
  /** The secret again; rejects if the text was altered, or sealed under another context or key. */
  open(sealed: string, context: string): Promise<Uint8Array>
  /** A keyed hash of a message, as text. */
  mac(message: string): Promise<string>
  /** Whether the keyed hash is the message's, compared in constant time. */
  verifyMac(mac: string, message: string): Promise<boolean>
}
