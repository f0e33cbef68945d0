/**
 * What an account is for: looking after the participant's users, or being one.
 *
 * @rule ID-02
 */
export type Role = 'DelegatedAdministrator' | 'User'
