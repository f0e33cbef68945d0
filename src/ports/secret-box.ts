/**
 * Encrypts secrets that must be readable again (TOTP secrets), and makes keyed hashes of secrets that need
 * not be (emailed codes). `context` binds a sealed secret to the place it belongs to: opening it under
 * another context fails.
 *
 * @rule OTP-06
 * @rule AUD-06
 * @category Ports
 */
export interface SecretBox {
  /** Encrypts and authenticates a secret. The result is text. */
  seal(secret: Uint8Array, context: string): Promise<string>
  /** Decrypts a sealed secret. Rejects if the text was altered, or sealed under another context or key. */
  open(sealed: string, context: string): Promise<Uint8Array>
  /** Makes a keyed hash of a message, as text. */
  mac(message: string): Promise<string>
  /** Whether the keyed hash belongs to the message. The comparison takes constant time. */
  verifyMac(mac: string, message: string): Promise<boolean>
}
