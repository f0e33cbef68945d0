import { canonicalJson } from '../kernel/canonical-json.ts'
import type { HongKongDay, Instant } from '../kernel/instant.ts'

/**
 * A smartcard, as a profile shows it until 2FA is initialised.
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
 * Profile details that no rule of the account uses; the trail records them too.
 *
 * @rule DMS-07
 * @category Accounts
 */
export interface ProfileDetails {
  /** As the listing prints it, e.g. `B01234 ABC SECURITIES`. */
  readonly organisation: string
  readonly internal: boolean
  readonly surname: string
  readonly otherNames: string
  readonly clearingHouseOptions: string
  readonly accessChannel: string
  /** Business user groups, e.g. `11`, `AA`. */
  readonly userGroups: readonly string[]
  /** HKD by kind, e.g. `{ Default: '0.00', DI: '100.00' }`; decimal text, so that nothing is rounded. */
  readonly transactionLimits: Readonly<Record<string, string>>
}

/**
 * The profile of an account, as entered by a person.
 *
 * @category Accounts
 */
export interface Profile extends Partial<ProfileDetails> {
  /** Absent: none is registered, and 2FA can't be initialised (ACC-02). */
  readonly email?: string
  readonly status: 'ENABLED' | 'DISABLED'
  /** The first day on which it may be used, in Hong Kong. */
  readonly enableFrom?: HongKongDay
  /** The last day on which it may be used, in Hong Kong. */
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
 * Every field of a profile, in the order of the screens.
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
 * The profile of an account, without what its rules keep beside it.
 *
 * @rule DMS-07
 * @category Accounts
 */
export const profileOf = (holder: Profile): Profile =>
  Object.fromEntries(
    profileFields.filter((field) => holder[field] !== undefined).map((field) => [field, holder[field]]),
  ) as unknown as Profile

/** A profile after some changes; `null` removes a value. */
export const withChanges = <P extends Profile>(profile: P, changes: ProfileChanges): P => {
  // Built up from nothing: a spread that grows, or loses members, is several times as slow.
  const before = profile as unknown as Readonly<Record<string, unknown>>
  const taken = changes as Readonly<Record<string, unknown>>
  const changed: Record<string, unknown> = {}
  for (const field of Object.keys(before)) if (taken[field] !== null) changed[field] = before[field]
  for (const field of profileFields) {
    const value = changes[field]
    if (value !== undefined && value !== null) changed[field] = value
  }
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
  // Asked by type, so that a stored value that is no day throws nothing.
  !(typeof enableFrom === 'string' && day < enableFrom) &&
  !(typeof disableAfter === 'string' && day > disableAfter)

/** The fields whose values really change. */
export const effectiveChanges = (profile: Profile, changes: ProfileChanges): ProfileChanges =>
  Object.fromEntries(
    profileFields
      .filter((field) => changes?.[field] !== undefined)
      .filter((field) => canonicalJson(changes[field]) !== canonicalJson(profile[field] ?? null))
      .map((field) => [field, changes[field]]),
  )
