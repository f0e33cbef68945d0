/** The clearing house of an account whose participant's key HKCC and SEOCH share. */
import { expect, test } from 'vitest'
import { clearingHouseOf } from '../../src/access-control/clearing-house.ts'
import type { GroupDigit } from '../../src/identity/participant.ts'
import { definePolicy } from '../../src/policy/define.ts'

const policy = definePolicy({ dms: { hkccGroups: ['1', '3'], seochGroups: ['2', '3'] } })._unsafeUnwrap()

test.each<[group: GroupDigit | undefined, options: string | null | undefined, house: string | undefined]>([
  ['1', undefined, 'HKCC'],
  ['2', undefined, 'SEOCH'],
  ['1', null, 'HKCC'],
  ['2', '', 'SEOCH'],
  ['3', undefined, undefined],
  ['4', undefined, undefined],
  ['2', 'HKCC', 'HKCC'],
  ['1', 'SEOCH', 'SEOCH'],
  ['1', 'for seoch only', 'SEOCH'],
  ['4', 'HKCC', 'HKCC'],
  ['3', 'SEOCH', 'SEOCH'],
  ['1', 'HKCC, SEOCH', undefined],
  ['2', 'NOTHKCC HKCC2', 'SEOCH'],
  [undefined, undefined, undefined],
  [undefined, 'HKCC', undefined],
])(
  'MNT-12 · group %s with the clearing house options %j belongs to %s',
  (group, clearingHouseOptions, house) =>
    expect(clearingHouseOf({ group, clearingHouseOptions }, policy)).toBe(house),
)

test('MNT-12 · by default, group 1 belongs to HKCC, group 2 to SEOCH, and the others to neither', () => {
  const standard = definePolicy()._unsafeUnwrap()
  const houses = (['1', '2', '3', '4'] as const).map((group) => clearingHouseOf({ group }, standard))
  expect(houses).toEqual(['HKCC', 'SEOCH', undefined, undefined])
})
