import type { HongKongDay } from '../../kernel/instant.ts'

/**
 * What can be told of an account on a form.
 *
 * @category eServices
 */
export interface ProfileFields {
  readonly surname: string
  readonly otherNames: string
  readonly email: string
  readonly status: 'ENABLED' | 'DISABLED'
  /** `YYYY-MM-DD` in Hong Kong, inclusive; `null` removes it. */
  readonly enableFrom: HongKongDay | null
  /** `YYYY-MM-DD` in Hong Kong, inclusive; `null` removes it. */
  readonly disableAfter: HongKongDay | null
  /** Business user groups, e.g. `11`, `AA`. */
  readonly userGroups: readonly string[]
}

/**
 * The most user accounts that one DA 4 buys: the field takes three digits, as we read it.
 *
 * @category eServices
 */
export const maxAccountsPerForm = 999

/**
 * The holder of a new account. HKEX assigns the User ID, so none is asked for (ID-11).
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
 * One line of a form. User IDs stand as they were typed; they are read when the form is submitted.
 *
 * @rule ESV-04
 * @rule ESV-09
 * @rule MNT-06
 * @rule ID-11
 * @category eServices
 */
export type EserviceLine =
  /** A new Delegated Administrator. */
  | { readonly type: 'add'; readonly profile: NewAccountProfile }
  /** A change of a Delegated Administrator's profile. */
  | { readonly type: 'change'; readonly userId: string; readonly changes: Partial<ProfileFields> }
  /** Unlock/Enable/Disable; the email must be the registered one (ESV-10). */
  | {
      readonly type: 'status'
      readonly userId: string
      readonly email: string
      readonly action: 'unlock' | 'enable' | 'disable'
    }
  | { readonly type: 'delete'; readonly userId: string }
  | { readonly type: 'reset-smartcard-password'; readonly userId: string }
  /** A new user, before launch. */
  | { readonly type: 'add-user'; readonly profile: NewAccountProfile }
  /** So many more user accounts, whole, 1 to {@link maxAccountsPerForm}. */
  | { readonly type: 'buy-accounts'; readonly count: number }

/**
 * The name of a type of line.
 *
 * @category eServices
 */
export type EserviceLineType = EserviceLine['type']

/**
 * A line of a type.
 *
 * @category eServices
 */
export type EserviceLineOf<Type extends EserviceLineType> = Extract<EserviceLine, { readonly type: Type }>

/** The User ID that a line names, as typed; none for what is yet to have one. */
export const userIdOf = (line: EserviceLine): string | undefined =>
  'userId' in line ? line.userId : undefined
