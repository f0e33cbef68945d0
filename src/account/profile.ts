import type { AccountStatus } from '../identity/account-status.ts'
import { canonicalJson } from '../kernel/canonical-json.ts'
import type { HongKongDay, Instant } from '../kernel/instant.ts'

/**
 * A smartcard, which a profile shows until 2FA is initialised.
 *
 * @rule ACC-04
 * @category Accounts
 */
export interface Smartcard {
  /** The serial number as printed, e.g. `0101101200012AB2`. */
  readonly srn: string
  /** The first instant at which its certificate is no longer valid. */
  readonly certificateExpiry: Instant
}

/**
 * Profile details that the account's rules do not use. The trail records them too.
 *
 * @rule DMS-07
 * @category Accounts
 */
export interface ProfileDetails {
  /** The organisation as the listing prints it, e.g. `B01234 ABC SECURITIES`. */
  readonly organisation: string
  readonly internal: boolean
  readonly surname: string
  readonly otherNames: string
  readonly clearingHouseOptions: string
  readonly accessChannel: string
  /** Business user groups, e.g. `11`, `AA`. */
  readonly userGroups: readonly string[]
  /** Limits in HKD by kind, e.g. `{ Default: '0.00', DI: '100.00' }`; decimal text, to avoid rounding. */
  readonly transactionLimits: Readonly<Record<string, string>>
}

/**
 * The profile of an account, as entered by a person.
 *
 * @category Accounts
 */
export interface Profile extends Partial<ProfileDetails> {
  /** The registered email. Without one, 2FA can't be initialised (ACC-02). */
  readonly email?: string
  readonly status: AccountStatus
  /** The first day on which the account can be used, in Hong Kong. */
  readonly enableFrom?: HongKongDay
  /** The last day on which the account can be used, in Hong Kong. */
  readonly disableAfter?: HongKongDay
  readonly smartcard?: Smartcard
}

/**
 * Changes to a profile; `null` removes a value.
 *
 * @category Accounts
 */
export type ProfileChanges = {
  readonly [Field in keyof Profile]?:
    | Profile[Field]
    | (undefined extends Profile[Field] ? null : never)
    | undefined
}

/**
 * The names of all profile fields, in the order of the screens.
 *
 * @category Accounts
 */
export const profileFields = [
  'organisation',
  'internal',
  'status',
  'surname',
  'otherNames',
  'email',
  'enableFrom',
  'disableAfter',
  'clearingHouseOptions',
  'accessChannel',
  'smartcard',
  'userGroups',
  'transactionLimits',
] as const satisfies readonly (keyof Profile)[]

/**
 * Returns only the profile fields of an account.
 *
 * @rule DMS-07
 * @category Accounts
 */
export const profileOf = (holder: Profile): Profile =>
  // Each field with its own value: no type says so of a list of pairs.
  Object.fromEntries(
    profileFields.filter((field) => holder[field] !== undefined).map((field) => [field, holder[field]]),
  ) as unknown as Profile

/** Applies changes to a profile; `null` removes a value. */
export const withChanges = <P extends Profile>(profile: P, changes: ProfileChanges): P => {
  // Built field by field, because spreading or deleting properties is several times slower. Hence the casts: fields are
  // read and written by name, and each gets a value of its own field.
  const before = profile as unknown as Readonly<Record<string, unknown>>
  const taken = changes as Readonly<Record<string, unknown>>
  const changed: Record<string, unknown> = {}
  for (const field of Object.keys(before)) if (taken[field] !== null) changed[field] = before[field]
  for (const field of profileFields) {
    const value = changes[field]
    if (value !== undefined && value !== null) changed[field] = value
  }
  // The fields of P, each with a value of its own.
  return changed as unknown as P
}

/**
 * Whether status and dates let an account be used on a day.
 *
 * @rule ACC-05
 * @rule ACC-06
 */
export const isEnabledOn = (
  { status, enableFrom, disableAfter }: Pick<Profile, 'status' | 'enableFrom' | 'disableAfter'>,
  day: HongKongDay,
): boolean =>
  status === 'ENABLED' &&
  // The types are checked, so that a stored value that is not a day does not throw.
  !(typeof enableFrom === 'string' && day < enableFrom) &&
  !(typeof disableAfter === 'string' && day > disableAfter)

/** The changes whose values differ from the profile. */
export const effectiveChanges = (profile: Profile, changes: ProfileChanges): ProfileChanges =>
  Object.fromEntries(
    profileFields
      .filter((field) => changes?.[field] !== undefined)
      .filter((field) => canonicalJson(changes[field]) !== canonicalJson(profile[field] ?? null))
      .map((field) => [field, changes[field]]),
  )
