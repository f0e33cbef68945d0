import type { GroupDigit } from '../identity/participant.ts'
import type { Policy } from '../policy/policy.ts'

/** The two clearing houses whose participants share one key. */
export type GroupedClearingHouse = 'HKCC' | 'SEOCH'

/**
 * Returns the clearing house of an HKCC or SEOCH account: the one in its clearing house options if they name
 * exactly one; otherwise the one to which the policy assigns its group digit.
 *
 * @param account - `group`: the group digit of the User ID; `clearingHouseOptions` from the profile.
 * @returns `undefined` if neither determines it, and for accounts of HKSCC and Designated Banks.
 * @rule MNT-12
 */
export const clearingHouseOf = (
  account: {
    readonly group?: GroupDigit | undefined
    readonly clearingHouseOptions?: string | null | undefined
  },
  { dms }: Pick<Policy, 'dms'>,
): GroupedClearingHouse | undefined => {
  const { group, clearingHouseOptions } = account
  if (group === undefined) return undefined
  const named = (['HKCC', 'SEOCH'] as const).filter((house) =>
    new RegExp(`\\b${house}\\b`, 'i').test(clearingHouseOptions ?? ''),
  )
  const byDigit = [
    ...(dms.hkccGroups.includes(group) ? (['HKCC'] as const) : []),
    ...(dms.seochGroups.includes(group) ? (['SEOCH'] as const) : []),
  ]
  const [house, another] = named.length === 0 ? byDigit : named
  return another === undefined ? house : undefined
}
