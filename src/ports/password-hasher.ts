/**
 * Makes and verifies password hashes. Each hash carries its own salt and settings.
 *
 * @rule PW-15
 * @category Ports
 */
export interface PasswordHasher {
  /** Hashes a password, into text that {@link PasswordHasher.verify} understands. */
  hash(password: string): Promise<string>
  /** Whether the hash was made from this password. Rejects only if it cannot tell. */
  verify(hash: string, password: string): Promise<boolean>
  /** Whether the hash was made with weaker settings than {@link PasswordHasher.hash} would use today. */
  needsRehash(hash: string): boolean
}
