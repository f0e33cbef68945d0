/**
 * Makes and checks password hashes. The hash carries its own salt and settings.
 *
 * @rule PW-15
 * @category Ports
 */
export interface PasswordHasher {
  /** The hash of a password, as text that {@link PasswordHasher.verify} understands. */
  hash(password: string): Promise<string>
  /** Whether the password is the one that was hashed; rejects only if it cannot tell. */
  verify(hash: string, password: string): Promise<boolean>
  /** Whether the hash was made with weaker settings than {@link PasswordHasher.hash} would use today. */
  needsRehash(hash: string): boolean
}
