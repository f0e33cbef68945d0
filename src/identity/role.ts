import { isOneOf } from '../kernel/membership.ts'

/**
 * The role of an account: it maintains the participant's users, or is one of them.
 *
 * @rule ID-02
 * @category Identifiers
 */
export type Role = 'DelegatedAdministrator' | 'User'

/**
 * The roles of accounts.
 *
 * @category Identifiers
 * @rule ID-02
 */
export const roles = ['DelegatedAdministrator', 'User'] as const satisfies readonly Role[]

/**
 * Whether a value, e.g. from a form, is a role.
 *
 * @category Identifiers
 * @rule ID-02
 */
export const isRole: (value: unknown) => value is Role = /* @__PURE__ */ isOneOf(roles)
