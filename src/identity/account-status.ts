import { isOneOf } from '../kernel/membership.ts'

/**
 * Whether the holder of an account may sign in. It is independent of the stage and of the dates.
 *
 * @rule ACC-05
 * @category Accounts
 */
export type AccountStatus = 'ENABLED' | 'DISABLED'

/**
 * The statuses of accounts.
 *
 * @rule ACC-05
 * @category Accounts
 */
export const accountStatuses = ['ENABLED', 'DISABLED'] as const satisfies readonly AccountStatus[]

/**
 * Whether a value, e.g. from a form, is a status of an account.
 *
 * @rule ACC-05
 * @category Accounts
 */
export const isAccountStatus: (value: unknown) => value is AccountStatus =
  /* @__PURE__ */ isOneOf(accountStatuses)
