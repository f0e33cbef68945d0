import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { looksLikeAdministrator } from '../../../src/identity/user-id.ts'
import { startOfHongKongDay } from '../../../src/kernel/instant.ts'
import {
  type ListedAccount,
  type ListingRow,
  readListingCells,
  readListingRow,
} from '../../../src/migration/model/listing.ts'
import { readCertificateExpiry, readListedDay } from '../../../src/migration/model/listing-date.ts'
import { listingColumns, readListingHeader } from '../../../src/migration/model/listing-header.ts'
import { branches } from '../../support/branches.ts'
import { suppliedCells } from './supplied-listing.ts'

const hostZone = process.env['TZ']
afterEach(() => {
  if (hostZone === undefined) delete process.env['TZ']
  else process.env['TZ'] = hostZone
})

const row: ListingRow = {
  Organisation: 'B01234 ABC SECURITIES',
  'User ID': 'B0123401',
  Surname: 'CHAN',
  'Other Names': 'TAI MAN',
  Email: 'tm.chan@abc.example',
  'User Status': 'ENABLED',
  'Enable From': '',
  'Disable After': '',
  'Clearing House Options': 'Cash',
  'Access Channel': 'C3T',
  SRN: '0101101200012AB2',
  'Certificate Expiry Date': '31-Dec-30 23:59:59',
  Remarks: '',
}
const administrator = { ...row, 'User ID': 'B01234X1', Remarks: 'Delegated Administrator' }
const read = (changes: ListingRow = {}): ListedAccount =>
  readListingRow({ ...row, ...changes })._unsafeUnwrap()
const faults = (line: ListingRow) =>
  readListingRow(line)
    ._unsafeUnwrapErr()
    .problems.map(({ code, rule, column }) => `${code} ${rule} ${column ?? '-'}`)

const header = readListingHeader([...listingColumns])._unsafeUnwrap()

test('MIG-16 · every line of the supplied listing is read, with its warnings', () => {
  const [names = [], ...lines] = suppliedCells
  const ownHeader = readListingHeader(names)._unsafeUnwrap()
  const accounts = lines.map((cells) => readListingCells(ownHeader, cells)._unsafeUnwrap())
  expect(accounts.map(({ userId, role }) => `${userId} ${role === 'User' ? 'user' : 'DA'}`)).toEqual([
    'B0123401 user',
    'B0123402 user',
    'B0123403 user',
    'B012340W user',
    'B01234X1 DA',
    'B01234X2 DA',
    'BNK99901 user',
    'BNK999X1 DA',
    'BNK999Y1 DA',
    'HKABC101 user',
    'HKABC1X1 DA',
    'HKABC201 user',
    'HKABC2X1 DA',
  ])
  expect(accounts.filter(({ profile }) => profile.email === undefined).map(({ userId }) => userId)).toEqual([
    'B0123403',
    'HKABC201',
  ])
  expect(accounts.flatMap(({ warnings }) => warnings)).toEqual([])
  expect(accounts[1]).toEqual({
    userId: 'B0123402',
    role: 'User',
    participant: 'B01234',
    organisationCode: 'B01234',
    profile: {
      organisation: 'B01234 ABC SECURITIES',
      surname: 'TESTUSER',
      otherNames: 'TESTUSER',
      email: 'tu02@abc-securities.example',
      status: 'ENABLED',
      enableFrom: '2003-01-01',
      clearingHouseOptions: 'Cash',
      accessChannel: 'C3T',
      smartcard: { srn: '0101101200012AB3', certificateExpiry: Date.parse('2031-01-01T00:00:00+08:00') },
    },
    warnings: [],
  })
  expect(accounts[3]?.profile).toMatchObject({ status: 'DISABLED', disableAfter: '2022-12-31' })
})

describe.each(['UTC', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Hong_Kong', 'Pacific/Kiritimati'])(
  'on a host in %s',
  (zone) => {
    test('DMS-07 · days are read as DD/MM/YY with the pivot at 90, and every day of the century is read', () => {
      process.env['TZ'] = zone
      expect(
        ['01/01/03', '31/12/89', '01/01/90', '31/12/99', '29/02/00', '29/02/96'].map(readListedDay),
      ).toEqual(['2003-01-01', '2089-12-31', '1990-01-01', '1999-12-31', '2000-02-29', '1996-02-29'])
      fc.assert(
        fc.property(fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2089, 11, 31) }), (at) => {
          const day = new Date(at).toISOString().slice(0, 10)
          expect(readListedDay(`${day.slice(8)}/${day.slice(5, 7)}/${day.slice(2, 4)}`)).toBe(day)
        }),
      )
    })

    test('ACC-04 · certificates end after the printed second, Hong Kong time', () => {
      process.env['TZ'] = zone
      expect(readCertificateExpiry('31-Dec-30 23:59:59')).toBe(startOfHongKongDay('2031-01-01'))
      expect(readCertificateExpiry('28-APR-23 00:00:00')).toBe(Date.parse('2023-04-28T00:00:01+08:00'))
      expect(readCertificateExpiry('01-jan-90 12:34:56')).toBe(Date.parse('1990-01-01T12:34:57+08:00'))
      for (let days = 0; days < 36_524; days += 97) {
        const day = new Date(Date.UTC(1990, 0, 1 + days)).toISOString().slice(0, 10)
        const month = new Date(Date.UTC(1990, 0, 1 + days)).toUTCString().slice(8, 11)
        const printed = `${day.slice(8)}-${month}-${day.slice(2, 4)} 00:00:00`
        expect(readCertificateExpiry(printed)).toBe((startOfHongKongDay(day) ?? 0) + 1_000)
      }
    })
  },
)

test('DMS-07 · a value that is not a date in these forms is refused', () => {
  for (const no of [
    '',
    '1/1/03',
    '01/01/2003',
    '30/02/23',
    '29/02/23',
    '00/01/23',
    '01/13/23',
    '01-01-23',
    ' 01/01/03',
    '01/01/03\n',
    '2003-01-01',
  ])
    expect(readListedDay(no)).toBeUndefined()
  for (const no of [
    '',
    '31-Dec-30',
    '31-Dez-30 00:00:00',
    '31-Feb-30 00:00:00',
    '31-Dec-30 24:00:00',
    '31-Dec-30 23:60:00',
    '31-Dec-30 23:59:60',
    '1-Dec-30 00:00:00',
    '31/12/30 00:00:00',
    '31-Dec-2030 00:00:00',
  ])
    expect(readCertificateExpiry(no)).toBeUndefined()
})

test('DMS-06 · a remark marks an administrator, regardless of case, and its ID must look like one', () => {
  expect(readListingRow(administrator)._unsafeUnwrap()).toMatchObject({
    role: 'DelegatedAdministrator',
    warnings: [],
  })
  expect(read({ ...administrator, Remarks: ' DELEGATED  administrator ' }).role).toBe(
    'DelegatedAdministrator',
  )
  expect(faults({ ...row, Remarks: 'Delegated Administrator' })).toEqual([
    'remark-without-administrator-id DMS-06 User ID',
  ])
})

test('ID-09 · an ID that looks like an administrator’s, without the remark, is read as a user’s with a warning', () => {
  expect(read({ 'User ID': 'B01234X1' })).toMatchObject({
    role: 'User',
    warnings: ['looks-like-administrator'],
  })
  const other = read({ 'User ID': 'B01234X1', Remarks: 'Something' })
  expect(other.warnings).toEqual(['looks-like-administrator', 'unknown-remark'])
})

test('ID-06 · in the as-written order SEOCH’s administrators have the letter first, and no user can have such an ID', () => {
  const seoch = { ...administrator, 'User ID': 'HKABCX21' }
  expect(readListingRow(seoch, 'as-written')._unsafeUnwrap().role).toBe('DelegatedAdministrator')
  expect(faults(seoch)).toEqual(['no-such-format ID-07 User ID'])
  expect(readListingRow({ ...seoch, Remarks: '' }, 'as-written')._unsafeUnwrapErr().problems).toEqual([
    { code: 'administrator-id-without-remark', rule: 'ID-09', column: 'Remarks' },
  ])
})

test('ID-08 · a User ID is converted to upper case and never trimmed, and other cells are trimmed', () => {
  expect(read({ 'User ID': 'b0123401', Surname: '  CHAN ' })).toMatchObject({
    userId: 'B0123401',
    profile: { surname: 'CHAN' },
  })
  for (const id of [' B0123401', 'B0123401 ', 'B012340', '', 'Ｂ0123401', 'B01234０1'])
    expect(faults({ ...row, 'User ID': id })).toHaveLength(1)
})

test('MIG-06 · a missing email is read as absent, and an invalid one as absent with a warning', () => {
  const without = read({ Email: ' ' })
  expect('email' in without.profile || without.warnings.length > 0).toBe(false)
  for (const email of ['tm.chan', 'a@b', 'a b@c.example', `${'a'.repeat(260)}@b.example`]) {
    const { profile, warnings } = read({ Email: email })
    expect([profile.email, warnings]).toEqual([undefined, ['invalid-email']])
  }
})

test('MIG-05 · a line without a smartcard, or with only one of its two fields, is read without a smartcard and with a warning', () => {
  const card = (SRN: string, expiry: string) => read({ SRN, 'Certificate Expiry Date': expiry })
  expect(card('', '').warnings).toEqual(['no-smartcard'])
  expect(card('1', '').warnings).toEqual(['smartcard-incomplete'])
  expect(card('', '31-Dec-30 23:59:59').warnings).toEqual(['smartcard-incomplete'])
  expect(card('1', '').profile.smartcard).toBeUndefined()
})

test('ACC-05 · status words are read in any case, and other words are refused', () => {
  expect(read({ 'User Status': 'disabled ' }).profile.status).toBe('DISABLED')
  for (const word of ['', 'ACTIVE', 'ENABLEDD'])
    expect(faults({ ...row, 'User Status': word })).toEqual(['unknown-status ACC-05 User Status'])
})

test('MIG-16 · a refused line lists all of its problems with its ID and participant', () => {
  const bad = {
    ...row,
    'User Status': 'X',
    'Enable From': '31/02/23',
    'Disable After': 'never',
    'Certificate Expiry Date': 'never',
  }
  expect(faults(bad)).toEqual([
    'unknown-status ACC-05 User Status',
    'no-such-date ACC-05 Enable From',
    'no-such-date ACC-05 Disable After',
    'no-such-date ACC-04 Certificate Expiry Date',
  ])
  expect(readListingRow(bad)._unsafeUnwrapErr()).toMatchObject({ userId: 'B0123401', participant: 'B01234' })
  const noOne = readListingRow({ ...bad, 'User ID': 'x'.repeat(100) })._unsafeUnwrapErr()
  expect([noOne.userId, noOne.participant]).toEqual(['x'.repeat(64), undefined])
})

test('API-01 · cells that are not text, too long or unprintable are refused', () => {
  const { Remarks: _, ...short } = row
  expect(faults(short)).toEqual(['missing-cell API-01 Remarks'])
  expect(faults({ ...row, Surname: 5 })).toEqual(['missing-cell API-01 Surname'])
  expect(faults({ ...row, Surname: 'x'.repeat(513), Email: 'a\0b' })).toEqual([
    'too-long API-01 Surname',
    'unprintable API-01 Email',
  ])
  expect(faults({ ...row, Surname: '\uD800' })).toEqual(['unprintable API-01 Surname'])
})

test('FLD-02, FLD-05 · names and texts of a profile have the schemas of every other entry point', () => {
  expect(faults({ ...row, Surname: 'CHAN\u202e', 'Other Names': 'x'.repeat(129) })).toEqual([
    'unprintable FLD-02 Surname',
    'too-long FLD-02 Other Names',
  ])
  expect(faults({ ...row, Organisation: 'B01234 \u200b', 'Access Channel': 'x'.repeat(257) })).toEqual([
    'unprintable FLD-05 Organisation',
    'too-long FLD-05 Access Channel',
  ])
  expect(read({ Surname: 'x'.repeat(128), 'Access Channel': 'x'.repeat(256) }).warnings).toEqual([])
})

test('API-01 · columns are read in any order and case; unknown ones are reported, missing or repeated ones refused', () => {
  const shuffled = [
    '\uFEFFremarks',
    ' USER  id',
    'Shoe Size',
    ...listingColumns.filter((c) => !['Remarks', 'User ID'].includes(c)),
  ]
  const found = readListingHeader(shuffled)._unsafeUnwrap()
  expect([found.unknown, found.positions['User ID'], found.positions.Remarks]).toEqual([['Shoe Size'], 1, 0])
  const cells = [
    '',
    'B0123401',
    '44',
    ...listingColumns.filter((c) => !['Remarks', 'User ID'].includes(c)).map((c) => `${row[c]}`),
  ]
  expect(readListingCells(found, cells)._unsafeUnwrap()).toEqual(read())
  const wrong = readListingHeader(['Organisation', 'User ID', 'user id'])._unsafeUnwrapErr() // lint-language-ignore: in small letters
  expect(wrong).toMatchObject({ code: 'not-a-listing', rule: 'API-01', repeated: ['User ID'] })
  expect(wrong.missing).toEqual(listingColumns.slice(2))
  for (const none of [undefined, null, 'x', [1], []])
    expect(readListingHeader(none as unknown as string[])._unsafeUnwrapErr().missing).toEqual([
      ...listingColumns,
    ])
})

test('MIG-24 · a column is not recognised by a letter that only resembles one of its name', () => {
  for (const name of ['Remar\u212as', 'R\u0435marks', 'REMAR\u039aS']) {
    const names = listingColumns.map((column) => (column === 'Remarks' ? name : column))
    expect(readListingHeader(names)._unsafeUnwrapErr().missing).toEqual(['Remarks'])
  }
})

test('API-01 · a line with too few or too many cells is reported as broken', () => {
  for (const cells of [[], suppliedCells[1]?.slice(0, 5), [...(suppliedCells[1] ?? []), 'x'], undefined])
    expect(readListingCells(header, cells as string[])._unsafeUnwrapErr().problems).toEqual([
      { code: 'broken-line', rule: 'API-01' },
    ])
})

test('API-01 · names of Object.prototype are not read as columns of a line', () => {
  expect(readListingRow({ ...row, __proto__: { Email: 'x' }, constructor: 'x' })._unsafeUnwrap()).toEqual(
    read(),
  )
})

const cell = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    '',
    'ENABLED',
    'B0123401',
    'HKABC2X1',
    '01/01/03',
    '31-Dec-30 23:59:59',
    'Delegated Administrator',
  ),
  fc.constantFrom('=1+1', '<script>', '"', '\0', '\uFEFF', '\u202E'),
)

test('MIG-16 · any texts as a line give a valid account or a list of problems', () => {
  const seen = branches('read', 'an administrator', 'refused')
  const changed = fc.record(Object.fromEntries(listingColumns.map((column) => [column, cell])), {
    requiredKeys: [],
  })
  // A valid row with some cells changed: fully random rows would never be an account.
  const few = changed.map((all) => Object.fromEntries(Object.entries(all).slice(0, 2)))
  const line = fc
    .tuple(fc.constantFrom<ListingRow>(row, administrator), fc.oneof(changed, few))
    .map(([sound, changes]) => ({ ...sound, ...changes }))
  fc.assert(
    fc.property(line, (given) => {
      readListingRow(given).match(
        ({ userId, role, profile, participant }) => {
          seen.hit('read')
          expect(userId).toBe(`${(given as ListingRow)['User ID']}`.toUpperCase())
          expect(userId.startsWith(participant)).toBe(true)
          if (role === 'DelegatedAdministrator') {
            seen.hit('an administrator')
            expect(looksLikeAdministrator(userId.slice(6))).toBe(true)
          }
          expect(['ENABLED', 'DISABLED']).toContain(profile.status)
        },
        ({ problems, userId }) => {
          seen.hit('refused')
          expect(problems.length).toBeGreaterThan(0)
          expect(userId.length).toBeLessThanOrEqual(64)
        },
      )
    }),
    { numRuns: 3_000 },
  )
  seen.expectAll()
  expect(Math.min(...Object.values(seen.counts))).toBeGreaterThan(20)
})

test('API-01 · any value as a line or a header is handled without throwing', () => {
  fc.assert(
    fc.property(fc.anything(), (thing) => {
      expect(readListingRow(thing as ListingRow).isErr()).toBe(true)
      expect(readListingHeader(thing as string[]).isErr()).toBe(true)
      expect(readListingCells(header, thing as string[]).isErr()).toBe(true)
    }),
  )
})
