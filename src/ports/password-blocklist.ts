/**
 * Knows passwords that everyone knows. Asked only where the policy says so.
 *
 * @rule PW-08
 * @category Ports
 */
export interface PasswordBlocklist {
  /**
   * Whether the password is on the list; rejects only if it cannot tell. It is given as it would be hashed,
   * in Unicode's NFC (PW-05).
   */
  includes(password: string): Promise<boolean>
}
