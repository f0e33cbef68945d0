/** Listings that went through a spreadsheet: what is read with a warning, and what is refused. */
import { describe, expect, test } from 'vitest'
import {
  brokenLine,
  type DatesOfListing,
  dateOrderOfRow,
  type ListingRow,
  readListingCells,
  readListingRow,
} from '../../../src/migration/model/listing.ts'
import { cut, listingColumns, readListingHeader } from '../../../src/migration/model/listing-header.ts'
import { lineOf } from './lines.ts'

const row = lineOf('B0123401')
const read = (changes: ListingRow, dates?: DatesOfListing) =>
  readListingRow({ ...row, ...changes }, 'as-example', dates)._unsafeUnwrap()
const warnings = (changes: ListingRow) => read(changes).warnings
const faults = (changes: ListingRow, dates?: DatesOfListing) =>
  readListingRow({ ...row, ...changes }, 'as-example', dates)
    ._unsafeUnwrapErr()
    .problems.map(({ code, rule, column }) => `${code} ${rule} ${column ?? '-'}`)

describe('markup', () => {
  test('MIG-24 · the markup that keeps a cell a text is removed, with a warning', () => {
    for (const userId of ['="B0123401"', '= "B0123401"', "'B0123401"])
      expect(read({ 'User ID': userId })).toMatchObject({
        userId: 'B0123401',
        warnings: ['spreadsheet-text'],
      })
    expect(read({ Surname: '="LEE"' })).toMatchObject({
      ...{ profile: { surname: 'LEE' }, warnings: ['spreadsheet-text'] },
    })
    // Only markup around the whole cell.
    for (const userId of ['x="B0123401"', '="B0123401"x', '="B01"23401"'])
      expect(faults({ 'User ID': userId })).toHaveLength(1)
  })

  test.each([
    ['User Status', "'ENABLED"],
    ['Enable From', "'01/01/03"],
    ['Disable After', "'31/12/30"],
    ['SRN', "'0101101200012AB2"],
    ['Certificate Expiry Date', "'31-Dec-30 23:59:59"],
    ['Remarks', "'"],
  ])('MIG-24 · a leading apostrophe is removed from %s', (column, text) => {
    expect(warnings({ [column]: text })).toEqual(['spreadsheet-text'])
  })

  test('MIG-24 · names and texts can begin with an apostrophe, and an email that does is invalid', () => {
    expect(read({ Surname: "'T HART", 'Access Channel': "'x" })).toMatchObject({
      ...{ profile: { surname: "'T HART", accessChannel: "'x" }, warnings: [] },
    })
    const mail = read({ Email: "'tm.chan@example.example" })
    expect(mail.warnings).toEqual(['invalid-email'])
    expect(mail.profile).not.toHaveProperty('email')
  })

  test.each(['#NAME?', '#REF!', '#VALUE!', '#N/A', '#DIV/0!', '#NUM!', '#NULL!', '##', '####', ' #REF! '])(
    'MIG-24 · %j stands where the text is lost',
    (text) => {
      expect(faults({ Surname: text })).toEqual(['spreadsheet-error MIG-24 Surname'])
    },
  )

  test('MIG-24 · a text that only contains such a word is read', () => {
    for (const text of ['#', 'X#REF!', '#REF!X', '#NAME', '# #'])
      expect(read({ Surname: text }).profile.surname).toBe(text)
  })
})

describe('dates', () => {
  test.each([
    ['Enable From', '1/1/03'],
    ['Disable After', '31/12/2030'],
    ['Certificate Expiry Date', '31/12/2030 23:59'],
  ])('MIG-24 · a rewritten date gives a warning: %s', (column, text) => {
    expect(warnings({ [column]: text })).toEqual(['date-rewritten'])
  })

  test.each([
    ['Enable From', '01/02/23', '01/31/23'],
    ['Disable After', '01/02/33', '01/31/33'],
    ['Certificate Expiry Date', '01/02/2033 10:00', '01/31/2033 10:00'],
  ])(
    'MIG-24 · an ambiguous date is refused where the order is in doubt: %s',
    (column, either, monthFirst) => {
      expect(faults({ [column]: either }, 'in-doubt')).toEqual([`ambiguous-date MIG-24 ${column}`])
      expect(read({ [column]: either }, 'day-first').userId).toBe('B0123401')
      expect(read({ [column]: either }, 'read-day-first').userId).toBe('B0123401')
      expect(faults({ [column]: monthFirst }, 'read-day-first')).toEqual([
        `date-order-in-doubt MIG-24 ${column}`,
      ])
      const rule = column === 'Certificate Expiry Date' ? 'ACC-04' : 'ACC-05'
      for (const dates of ['day-first', 'in-doubt'] as const)
        expect(faults({ [column]: monthFirst }, dates)).toEqual([`no-such-date ${rule} ${column}`])
    },
  )

  test('MIG-24 · a date that is certain is read where the order of others is in doubt', () => {
    expect(read({ 'Enable From': '13/01/23' }, 'in-doubt').profile.enableFrom).toBe('2023-01-13')
    expect(read({ 'Enable From': '01/02/23' }).profile.enableFrom).toBe('2023-02-01')
  })

  test('FLD-04 · an account has at least one day', () => {
    expect(faults({ 'Enable From': '02/01/23', 'Disable After': '01/01/23' })).toEqual([
      'dates-reversed FLD-04 Disable After',
    ])
    expect(read({ 'Enable From': '01/01/23', 'Disable After': '01/01/23' }).profile).toMatchObject({
      ...{ enableFrom: '2023-01-01', disableAfter: '2023-01-01' },
    })
  })

  test('MIG-24 · the strongest evidence of a row about the order of day and month decides', () => {
    const header = readListingHeader([...listingColumns])._unsafeUnwrap()
    const order = (from: string, after: string, expiry: string) => {
      const changed: ListingRow = {
        ...row,
        ...{ 'Enable From': from, 'Disable After': after, 'Certificate Expiry Date': expiry },
      }
      return dateOrderOfRow(
        header,
        listingColumns.map((column) => `${changed[column]}`),
      )
    }
    expect(order('', '', '')).toBe('day-first')
    expect(order('13/01/23', '', '31-Dec-30 23:59:59')).toBe('day-first')
    expect(order('01/02/23', '13/01/23', '')).toBe('either')
    expect(order('', '01/02/23', '')).toBe('either')
    expect(order('', '', '01/02/2033 10:00')).toBe('either')
    expect(order('01/02/23', '01/31/23', '')).toBe('month-first')
    expect(order('01/31/23', '01/02/23', '')).toBe('month-first')
    expect(order('', '', "'01/31/2033 10:00")).toBe('month-first')
    expect(order(' 01/31/23 ', '', '')).toBe('month-first')
    // A cell that is too long is refused and shows nothing.
    expect(order(`01/31/23${' '.repeat(504)}`, '', '')).toBe('month-first')
    expect(order(`01/31/23${' '.repeat(505)}`, '', '')).toBe('day-first')
    expect(dateOrderOfRow(header, [])).toBe('day-first')
  })
})

describe('smartcards', () => {
  const expiry = 'Certificate Expiry Date'

  test('MIG-24 · a serial number that a spreadsheet may have shortened or rounded is doubtful', () => {
    for (const SRN of ['1', '123456789012345', '1234567890123450', '12345678901234560'])
      expect([SRN, warnings({ SRN })]).toEqual([SRN, ['doubtful-serial-number']])
    for (const SRN of ['1234567890123456', '0234567890123450', '0101101200012AB0', 'A0'])
      expect([SRN, warnings({ SRN })]).toEqual([SRN, []])
    // A card that is not read is not doubted.
    expect(warnings({ SRN: '1', [expiry]: '' })).toEqual(['smartcard-incomplete'])
  })

  test('FLD-03, ACC-04 · an invalid number is refused with or without an expiry, and is reported before it', () => {
    const wrong = 'no-such-serial-number FLD-03 SRN'
    const never = `no-such-date ACC-04 ${expiry}`
    expect(faults({ SRN: '1.01101E+23' })).toEqual([wrong])
    expect(faults({ SRN: '1.01101E+23', [expiry]: '' })).toEqual([wrong])
    expect(faults({ SRN: '1.01101E+23', [expiry]: 'never' })).toEqual([wrong, never])
    expect(faults({ SRN: '', [expiry]: 'never' })).toEqual([never])
  })
})

describe('texts', () => {
  test.each(['Organisation', 'Surname', 'Other Names', 'Clearing House Options', 'Access Channel'] as const)(
    'MIG-24 · a text that a spreadsheet would run gives a warning: %s',
    (column) => {
      for (const text of ['=1+1', '+1', '-1', '@x'])
        expect(warnings({ [column]: text })).toEqual(['looks-like-formula'])
    },
  )

  test('MIG-24 · an email or a remark that a spreadsheet would run gives a warning, after those of its column', () => {
    expect(warnings({ Email: '+x@example.example' })).toEqual(['looks-like-formula'])
    expect(warnings({ Remarks: '=1+1' })).toEqual(['unknown-remark', 'looks-like-formula'])
  })

  test('MIG-24 · the warnings of a line have one order', () => {
    const all = {
      ...{ 'User ID': "'B01234X1", Email: 'x', Remarks: '=1', 'Enable From': '1/1/03', SRN: '1' },
    }
    expect(warnings(all)).toEqual([
      'looks-like-administrator',
      'invalid-email',
      'unknown-remark',
      'date-rewritten',
      'spreadsheet-text',
      'looks-like-formula',
      'doubtful-serial-number',
    ])
  })

  test('MIG-16 · empty texts are left out of the profile, and the others are stored', () => {
    const empty = Object.fromEntries(
      ['Organisation', 'Surname', 'Other Names', 'Email', 'Clearing House Options', 'Access Channel'].map(
        (column) => [column, ' '],
      ),
    )
    const none = read({ ...empty, SRN: '', 'Certificate Expiry Date': '' })
    expect(Object.keys(none.profile)).toEqual(['status'])
    expect(none).toMatchObject({ organisationCode: '', profile: { status: 'ENABLED' } })
    expect(read({ 'Clearing House Options': ' HKCC ', Organisation: 'B01234\u00a0X Y' })).toMatchObject({
      organisationCode: 'B01234',
      profile: { clearingHouseOptions: 'HKCC', organisation: 'B01234 X Y' },
    })
  })

  test('API-01, FLD-02, FLD-05 · the longest cell and the longest text of each column are read, and no longer ones', () => {
    expect(warnings({ Remarks: 'x'.repeat(512) })).toEqual(['unknown-remark'])
    expect(faults({ Remarks: 'x'.repeat(513) })).toEqual(['too-long API-01 Remarks'])
    for (const [column, longest, rule] of [
      ['Organisation', 256, 'FLD-05'],
      ['Surname', 128, 'FLD-02'],
      ['Other Names', 128, 'FLD-02'],
      ['Clearing House Options', 256, 'FLD-05'],
      ['Access Channel', 256, 'FLD-05'],
    ] as const) {
      expect(read({ [column]: ` ${'x'.repeat(longest)} ` }).userId).toBe('B0123401')
      expect(faults({ [column]: 'x'.repeat(longest + 1) })).toEqual([`too-long ${rule} ${column}`])
      expect(faults({ [column]: 'x\u202e' })).toEqual([`unprintable ${rule} ${column}`])
    }
  })
})

describe('rows', () => {
  const header = readListingHeader([...listingColumns])._unsafeUnwrap()
  const cells = listingColumns.map((column) => `${row[column]}`)
  const broken = { problems: [{ code: 'broken-line', rule: 'API-01' }] }

  test('MIG-24 · a row may end after its status: the missing cells are empty, with a warning', () => {
    expect(readListingCells(header, cells.slice(0, 6))._unsafeUnwrap()).toMatchObject({
      ...{ userId: 'B0123401', warnings: ['no-smartcard', 'cells-missing'] },
    })
    expect(readListingCells(header, cells.slice(0, 12))._unsafeUnwrap().warnings).toEqual(['cells-missing'])
    expect(readListingCells(header, cells)._unsafeUnwrap().warnings).toEqual([])
  })

  test('MIG-24 · a row that ends before its status is broken, and names its User ID and participant', () => {
    expect(readListingCells(header, cells.slice(0, 5))._unsafeUnwrapErr()).toEqual({
      ...{ userId: 'B0123401', participant: 'B01234' },
      ...broken,
    })
    expect(readListingCells(header, cells.slice(0, 1))._unsafeUnwrapErr()).toEqual({ userId: '', ...broken })
    expect(brokenLine).toEqual({ userId: '', ...broken })
  })

  test.each(['Organisation', 'User ID', 'Surname', 'Other Names', 'User Status'] as const)(
    'MIG-24 · a row that ends before its column %s is broken',
    (column) => {
      const names = [...listingColumns.filter((each) => each !== column), column]
      const last = readListingHeader(names)._unsafeUnwrap()
      const short = names.slice(0, -1).map((name) => `${row[name]}`)
      expect(readListingCells(last, short)._unsafeUnwrapErr()).toMatchObject(broken)
    },
  )

  test('MIG-24 · empty cells beyond the last column are ignored, and a text there breaks the row', () => {
    expect(readListingCells(header, [...cells, '', ' '])._unsafeUnwrap().warnings).toEqual([])
    expect(readListingCells(header, [...cells, '', 'x'])._unsafeUnwrapErr()).toMatchObject(broken)
    expect(readListingCells(header, [...cells, 5] as never)._unsafeUnwrapErr()).toMatchObject(broken)
  })

  test('API-01 · the header has its width, and at most 20 unknown names, each cut at 64 characters', () => {
    const unknown = Array.from({ length: 25 }, (_, i) => `${i}`.padEnd(70, 'x'))
    const found = readListingHeader([...listingColumns, '', ' ', ...unknown])._unsafeUnwrap()
    expect(found.width).toBe(40)
    expect(found.unknown).toEqual(unknown.slice(0, 20).map((name) => name.slice(0, 64)))
    expect(Object.values(found.positions)).toEqual(listingColumns.map((_, i) => i))
    expect([cut('x'.repeat(65)), cut(5), cut('x')]).toEqual(['x'.repeat(64), '', 'x'])
    expect(readListingHeader([...listingColumns, 'REMARKS'])._unsafeUnwrapErr()).toEqual({
      ...{ code: 'not-a-listing', rule: 'API-01', missing: [], repeated: ['Remarks'] },
    })
    const marked = listingColumns.map((name, i) =>
      i === 0 ? `\uFEFF ${name} ` : ` ${name.replace(' ', ' \t ')}`,
    )
    expect(readListingHeader(marked)._unsafeUnwrap()).toMatchObject({ width: 13, unknown: [] })
    expect(
      readListingHeader(listingColumns.map((name) => `x\uFEFF${name}`))._unsafeUnwrapErr().missing,
    ).toHaveLength(13)
  })
})
