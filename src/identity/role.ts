import { isOneOf } from '../kernel/membership.ts'

/**
 * What an account is for: looking after the participant's users, or being one.
 *
 * @rule ID-02
 * @category Identifiers
 */
export type Role = 'DelegatedAdministrator' | 'User'

/**
 * Every role of an account.
 *
 * @category Identifiers
 * @rule ID-02
 */
export const roles = ['DelegatedAdministrator', 'User'] as const satisfies readonly Role[]

/**
 * Whether a value, e.g. of a form, names a role.
 *
 * @category Identifiers
 * @rule ID-02
 */
export const isRole: (value: unknown) => value is Role = /* @__PURE__ */ isOneOf(roles)
