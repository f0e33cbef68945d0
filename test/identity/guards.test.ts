/** The guards for values from a form or a request: each accepts exactly its list. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accountStatuses, isAccountStatus } from '../../src/entries/account.ts'
import {
  clearingHouses,
  formNames,
  isClearingHouse,
  isFormName,
  isStatusAction,
  statusActions,
} from '../../src/entries/eservices.ts'
import { isResource, isSite, resources, sites } from '../../src/entries/rules.ts'
import {
  isOtpChannel,
  isParticipantType,
  isRole,
  isSystem,
  otpChannels,
  participantTypes,
  roles,
  systems,
} from '../../src/index.ts'

describe.each<[string, (value: unknown) => boolean, readonly string[], readonly string[]]>([
  ['ACC-12 isSystem', isSystem, systems, ['CCASS/CCMS', 'DMS']],
  ['OTP-01 isOtpChannel', isOtpChannel, otpChannels, ['MobileApp', 'Email']],
  ['ID-02 isRole', isRole, roles, ['DelegatedAdministrator', 'User']],
  ['ID-02 isParticipantType', isParticipantType, participantTypes, ['HKSCC', 'DB', 'HKCC', 'SEOCH']],
  ['MIG-11 isResource', isResource, resources, ['terminal', 'DMS', 'ONRD', 'PG']],
  ['ACC-05 isAccountStatus', isAccountStatus, accountStatuses, ['ENABLED', 'DISABLED']],
  ['ESV-06 isClearingHouse', isClearingHouse, clearingHouses, ['HKSCC', 'HKCC', 'SEOCH']],
  ['ESV-04 isFormName', isFormName, formNames, ['DA 3', 'DA 4', 'SCard 1']],
  ['ESV-04 isStatusAction', isStatusAction, statusActions, ['unlock', 'enable', 'disable']],
  ['MIG-15 isSite', isSite, sites, ['primary', 'backup']],
])('%s', (_, guard, listed, values) => {
  test('accepts each listed value', () => {
    expect(listed).toEqual(values)
    expect(values.filter((value) => !guard(value))).toEqual([])
  })

  test('refuses names of inherited properties, other spellings and other types', () => {
    const [first = ''] = values
    const others = [
      ...['__proto__', 'constructor', 'toString', 'length', 'includes', '0', ''],
      ...[` ${first}`, `${first} `, `${first}\0`, values.join(',')],
      ...values
        .flatMap((value) => [value.toLowerCase(), value.toUpperCase()])
        .filter((v) => !values.includes(v)),
      ...[
        undefined,
        null,
        true,
        0,
        Number.NaN,
        {},
        [],
        [first],
        new String(first),
        { toString: () => first },
      ],
    ]
    expect(others.filter(guard)).toEqual([])
  })

  test('refuses anything else', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => guard(value) === (values as readonly unknown[]).includes(value)),
    )
  })
})
