import type { AccountStatus } from '../../identity/account-status.ts'
import type { HongKongDay } from '../../kernel/instant.ts'
import { isOneOf } from '../../kernel/membership.ts'

/**
 * The profile fields that a form can set or change.
 *
 * @category eServices
 */
export interface ProfileFields {
  readonly surname: string
  readonly otherNames: string
  readonly email: string
  readonly status: AccountStatus
  /** `YYYY-MM-DD` in Hong Kong, inclusive; `null` removes it. */
  readonly enableFrom: HongKongDay | null
  /** `YYYY-MM-DD` in Hong Kong, inclusive; `null` removes it. */
  readonly disableAfter: HongKongDay | null
  /** Business user groups, e.g. `11`, `AA`. */
  readonly userGroups: readonly string[]
}

/**
 * The maximum number of user accounts that one DA 4 can buy. Interpretation: the field takes three digits.
 *
 * @category eServices
 */
export const maxAccountsPerForm = 999

/**
 * The holder of a new account. It has no User ID, because HKEX assigns it (ID-11).
 *
 * @category eServices
 */
export interface NewAccountProfile {
  readonly surname: string
  readonly otherNames: string
  readonly email: string
  readonly enableFrom?: HongKongDay
  readonly disableAfter?: HongKongDay
}

/**
 * What a line of type `status` does to an account.
 *
 * @rule ESV-04
 * @category eServices
 */
export type StatusAction = 'unlock' | 'enable' | 'disable'

/**
 * The actions of a line of type `status`.
 *
 * @rule ESV-04
 * @category eServices
 */
export const statusActions = ['unlock', 'enable', 'disable'] as const satisfies readonly StatusAction[]

/**
 * Whether a value, e.g. from a page, is an action of a line of type `status`.
 *
 * @rule ESV-04
 * @category eServices
 */
export const isStatusAction: (value: unknown) => value is StatusAction =
  /* @__PURE__ */ isOneOf(statusActions)

/**
 * One line of a form. User IDs are kept as typed and are parsed when the form is submitted.
 *
 * @rule ESV-04
 * @rule ESV-09
 * @rule MNT-06
 * @rule ID-11
 * @category eServices
 */
export type EserviceLine =
  /** Adds a Delegated Administrator. */
  | { readonly type: 'add'; readonly profile: NewAccountProfile }
  /** Changes a Delegated Administrator's profile. */
  | { readonly type: 'change'; readonly userId: string; readonly changes: Partial<ProfileFields> }
  /** Unlocks, enables or disables an account; the email must be the registered one (ESV-10). */
  | {
      readonly type: 'status'
      readonly userId: string
      readonly email: string
      readonly action: StatusAction
    }
  | { readonly type: 'delete'; readonly userId: string }
  | { readonly type: 'reset-smartcard-password'; readonly userId: string }
  /** Adds a user, before launch. */
  | { readonly type: 'add-user'; readonly profile: NewAccountProfile }
  /** Buys a number of user accounts: whole, 1 to {@link maxAccountsPerForm}. */
  | { readonly type: 'buy-accounts'; readonly count: number }

/**
 * The name of a line type.
 *
 * @category eServices
 */
export type EserviceLineType = EserviceLine['type']

/**
 * A line of a given type.
 *
 * @category eServices
 */
export type EserviceLineOf<Type extends EserviceLineType> = Extract<EserviceLine, { readonly type: Type }>

/** The User ID of a line as typed; `undefined` for lines whose accounts do not have one yet. */
export const userIdOf = (line: EserviceLine): string | undefined =>
  'userId' in line ? line.userId : undefined
