/**
 * A list of passwords that must not be used because they are common or breached. It is consulted only if the
 * policy says so.
 *
 * @rule PW-08
 * @category Ports
 */
export interface PasswordBlocklist {
  /**
   * Whether the password is on the list. Rejects only if it cannot tell. The password arrives as it would be
   * hashed, in Unicode NFC (PW-05).
   */
  includes(password: string): Promise<boolean>
}
