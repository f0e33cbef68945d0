/**
 * Knows passwords that everybody knows. Asked only where the policy says so.
 *
 * @rule PW-08
 */
export interface PasswordBlocklist {
  /** Whether the password is on the list. */
  includes(password: string): Promise<boolean>
}
