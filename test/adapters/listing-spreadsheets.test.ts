/**
 * Listings as spreadsheets write them (MIG-24): read if unambiguous, otherwise refused with line and column.
 */
import { Readable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CsvSource, readListingCsv } from '../../src/adapters/listing-csv.ts'
import type { ListedAccount } from '../../src/migration/model/listing.ts'
import { type ListingColumn, listingColumns } from '../../src/migration/model/listing-header.ts'
import { suppliedCells, suppliedListing } from '../migration/model/supplied-listing.ts'
import { branches } from '../support/branches.ts'
import {
  accountLine,
  bytesOf,
  fileOf,
  outcomeOf,
  readAll,
  rowsOf,
  told,
  utf8,
  utf16,
} from './listing-csv-files.ts'

/** A cell as a spreadsheet writes it: quoted if it contains the separator, a quote or a line break. */
const cellOf = (text: string, separator: string) =>
  text.includes(separator) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text

const written = (rows: readonly (readonly string[])[], separator = ',', lineBreak = '\r\n') =>
  rows.map((row) => `${row.map((cell) => cellOf(cell, separator)).join(separator)}${lineBreak}`).join('')

/** A valid row with some of its cells changed. */
const rowWith = (changes: Partial<Record<ListingColumn, string>> = {}): readonly string[] => {
  const cells = accountLine('B0123401').split(',')
  return listingColumns.map((column, i) => changes[column] ?? cells[i] ?? '')
}
const fileWith = (...rows: readonly Partial<Record<ListingColumn, string>>[]) =>
  written([listingColumns, ...rows.map((changes) => rowWith(changes))])

const accountIn = async (changes: Partial<Record<ListingColumn, string>>): Promise<ListedAccount> =>
  ((await readAll(fileWith(changes)))[0] as { read: { _unsafeUnwrap(): ListedAccount } }).read._unsafeUnwrap()

/** The result for the single row of a file: `ok` with its warnings, or its problems with rule and column. */
const saidOf = async (changes: Partial<Record<ListingColumn, string>>): Promise<string> => {
  const [row] = await readAll(fileWith(changes))
  return (
    row?.read.match(
      ({ warnings }) => ['ok', ...warnings].join(' '),
      ({ problems }) => problems.map(({ code, rule, column }) => `${code} ${rule} ${column}`).join(),
    ) ?? 'no row'
  )
}

describe('MIG-24 · the supplied listing is read from the files that spreadsheets write', () => {
  const profiles = async (source: CsvSource) =>
    (await readAll(source)).map(({ read }) => read._unsafeUnwrap().profile)
  const semicolons = written(suppliedCells, ';')
  const tabs = written(suppliedCells, '\t')
  const cut = suppliedCells.map((row) => row.slice(0, row.findLastIndex((cell) => cell !== '') + 1))
  const title = 'User Profile Listing,,,\r\nas of 24/04/2023,,,\r\n,,,\r\n'

  test.each<[string, string | Uint8Array]>([
    ['Excel, CSV', written(suppliedCells)],
    ['Excel, CSV UTF-8', bytesOf([0xef, 0xbb, 0xbf], written(suppliedCells))],
    ['Excel, CSV (Macintosh)', written(suppliedCells, ',', '\r')],
    ['Excel, CSV where the comma is a decimal sign', semicolons],
    ['Excel, the same with a byte order mark', bytesOf([0xef, 0xbb, 0xbf], semicolons)],
    ['Excel, Text (Tab delimited)', tabs],
    ['Excel, Unicode Text', utf16(`\uFEFF${tabs}`, 'LE')],
    ['UTF-16 BE with semicolons', utf16(`\uFEFF${semicolons}`, 'BE')],
    ['vertical bars', written(suppliedCells, '|')],
    ['LibreOffice, every cell in quotes', suppliedCells.map((row) => `"${row.join('","')}"\n`).join('')],
    ['LibreOffice, semicolons and quotes', suppliedCells.map((row) => `"${row.join('";"')}"\n`).join('')],
    ['a sep= line', `sep=;\r\n${semicolons}`],
    ['a sep= line in quotes', `"sep=,"\r\n${written(suppliedCells)}`],
    ['a title above the header', `${title}${written(suppliedCells)}`],
    ['a title with semicolons above a header with commas', `A;B;C\r\n${written(suppliedCells)}`],
    ['rows without their last empty cells', written(cut)],
    [
      'empty columns and rows at the end',
      `${written(suppliedCells.map((row) => [...row, '', '', '']))}${',,,,\r\n'.repeat(30)}`,
    ],
    [
      'an empty column in the header alone',
      written(suppliedCells.map((row, i) => (i === 0 ? [...row, ''] : row))),
    ],
  ])('%s', async (_, source) => {
    expect(await profiles(source)).toEqual(await profiles(suppliedListing))
    const listing = (await readListingCsv(source))._unsafeUnwrap()
    expect(listing.header.unknown).toEqual([])
  })

  test('separator and header line are reported, and rows keep their numbers', async () => {
    const listing = (await readListingCsv(`sep=;\r\n\r\n${semicolons}`))._unsafeUnwrap()
    expect([listing.separator, listing.headerLine]).toEqual([';', 3])
    const [row] = await readAll(`sep=;\r\n\r\n${semicolons}`)
    expect(row?.line).toBe(4)
  })

  test('a row that ends early is read with a warning, or reported by its User ID if it cannot be read', async () => {
    const cells = rowWith()
    const [short, broken] = await readAll(written([listingColumns, cells.slice(0, 12), cells.slice(0, 5)]))
    expect(short?.read._unsafeUnwrap().warnings).toEqual(['cells-missing'])
    expect(broken && told(broken)).toBe('3 B0123401! broken-line')
  })

  test('a Delegated Administrator’s row that lost its remark is refused in a plan', async () => {
    const [row] = await readAll(written([listingColumns, rowWith({ 'User ID': 'B01234X1' }).slice(0, 12)]))
    expect(row?.read._unsafeUnwrap().warnings).toEqual(['looks-like-administrator', 'cells-missing'])
  })
})

describe('MIG-24 · a file that is not a listing is refused with a hint', () => {
  test('the hint names the closest row, its line, separator and missing columns', async () => {
    const header = listingColumns.filter((column) => column !== 'SRN')
    const refused = (await readListingCsv(`Title\n\n${header.join(';')}\nx;y\n`))._unsafeUnwrapErr()
    expect(refused).toEqual({
      ...{ code: 'not-a-listing', rule: 'API-01', problem: 'columns' },
      ...{ missing: ['SRN'], repeated: [], line: 3, separator: ';' },
    })
  })

  test('a header below the first 20 rows is not recognised, and the source is released', async () => {
    const titles = (count: number) => `${'a title\n'.repeat(count)}${fileOf(accountLine('B0123401'))}`
    expect(await rowsOf(titles(19))).toEqual(['21 B0123401'])
    const refused = (await readListingCsv(titles(20)))._unsafeUnwrapErr()
    expect([refused.problem, refused.line, refused.missing.length]).toEqual(['columns', 1, 13])
    const stream = Readable.from(Array.from({ length: 100 }, () => utf8('a title\n')))
    expect((await readListingCsv(stream)).isErr()).toBe(true)
    expect(stream.destroyed).toBe(true)
  })

  test.each<[string, readonly number[]]>([
    ['.xlsx or .ods', [0x50, 0x4b, 3, 4, 0x14, 0, 6, 0]],
    ['.xls', [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]],
  ])('the hint says that the file is a workbook: %s', async (_, bytes) => {
    for (const source of [bytesOf(bytes), bytes.map((byte) => Uint8Array.of(byte))])
      expect(await outcomeOf(source)).toMatch(/^not-a-listing workbook /)
  })
})

describe('MIG-24 · dates are read as spreadsheets write them', () => {
  test.each([
    ['25/12/2003', '2003-12-25'],
    ['25/12/03', '2003-12-25'],
    ['5/12/2003', '2003-12-05'],
    ['5/6/03', '2003-06-05'],
    ['25.12.2003', '2003-12-25'],
    ['25-12-2003', '2003-12-25'],
    ['2003-12-25', '2003-12-25'],
    ['2003/12/5', '2003-12-05'],
    ['25-Dec-03', '2003-12-25'],
    ['5 Dec 2003', '2003-12-05'],
    ["'25/12/03", '2003-12-25'],
    ['="25/12/03"', '2003-12-25'],
    ['\u00a025/12/03\u00a0', '2003-12-25'],
  ])('%s is read as %s', async (text, day) => {
    const { profile, warnings } = await accountIn({ 'Enable From': text })
    expect(profile.enableFrom).toBe(day)
    const isPrinted = text.includes('25/12/03')
    expect(warnings.includes('date-rewritten')).toBe(!isPrinted)
  })

  test.each([
    '12/31/22',
    '31/02/23',
    '37622',
    '37622.5',
    '03-01-01',
    '01.02.03',
    '1/2/3',
    '1/2/1850',
    '1/2/2090',
    '2/2003',
    'Dec-03',
    '２５/１２/０３',
    '25/12/03 10:00',
    'never',
    '1989-12-31',
    '25/12-2003',
    '0/1/2003',
    '2003-13-01',
  ])('%s is not a day', async (text) => {
    expect(await saidOf({ 'Enable From': text })).toBe('no-such-date ACC-05 Enable From')
  })

  test.each([
    ['31-Dec-30 23:59', '2030-12-31T23:59:01+08:00'],
    ['31-Dec-2030 23:59:59', '2031-01-01T00:00:00+08:00'],
    ['31/12/2030 23:59:59', '2031-01-01T00:00:00+08:00'],
    ['31/12/30 23:59', '2030-12-31T23:59:01+08:00'],
    ['2030-12-31 23:59:59', '2031-01-01T00:00:00+08:00'],
    ['2030-12-31T23:59:59', '2031-01-01T00:00:00+08:00'],
    ['31/12/2030 11:59:59 PM', '2031-01-01T00:00:00+08:00'],
    ['31/12/2030 12:00 am', '2030-12-31T00:00:01+08:00'],
    ['31/12/2030 12:00 pm', '2030-12-31T12:00:01+08:00'],
    ['1/1/2031 0:00', '2031-01-01T00:00:01+08:00'],
  ])('a certificate can expire at %s', async (text, instant) => {
    const { profile, warnings } = await accountIn({ 'Certificate Expiry Date': text })
    expect(profile.smartcard?.certificateExpiry).toBe(Date.parse(instant))
    expect(warnings).toEqual(['date-rewritten'])
  })

  test.each([
    '31-Dec-30',
    '31/12/2030',
    '31/12/2030 24:00',
    '31/12/2030 13:00 PM',
    '31/12/2030 0:00 AM',
    '47848.99999',
    '31-Dez-30 23:59:59',
  ])('a certificate cannot expire at %s', async (text) => {
    expect(await saidOf({ 'Certificate Expiry Date': text })).toBe(
      'no-such-date ACC-04 Certificate Expiry Date',
    )
  })

  test('any day in any of the forms is read as that day, and refused or reported in the other order', () => {
    const day = fc.date({ min: new Date('1990-01-01'), max: new Date('2089-12-31'), noInvalidDate: true })
    const form = fc.constantFrom<(y: string, m: string, d: string) => string>(
      (y, m, d) => `${d}/${m}/${y}`,
      (y, m, d) => `${Number(d)}/${Number(m)}/${y.slice(2)}`,
      (y, m, d) => `${d}.${m}.${y}`,
      (y, m, d) => `${y}-${m}-${d}`,
      (y, m, d) => `${y}/${Number(m)}/${Number(d)}`,
    )
    return fc.assert(
      fc.asyncProperty(day, form, async (at, print) => {
        const iso = at.toISOString().slice(0, 10)
        const [y = '', m = '', d = ''] = iso.split('-')
        expect((await accountIn({ 'Enable From': print(y, m, d) })).profile.enableFrom).toBe(iso)
      }),
    )
  })
})

describe('MIG-24 · the order of day and month is determined for the file', () => {
  const early = { 'User ID': 'B0123402', 'Enable From': '1/2/03' }
  const late = { 'User ID': 'B0123404', 'Disable After': '02/03/30' }
  const same = { 'User ID': 'B0123405', 'Enable From': '3/3/03' }
  const monthFirst = { 'User ID': 'B0123403', 'Enable From': '12/31/22' }
  const text = fileWith(early, monthFirst, late, same)

  test('a date that is valid in both orders is read with the day first unless another date contradicts it', async () => {
    const [row, other] = await readAll(fileWith(early, late))
    expect(row?.read._unsafeUnwrap().profile.enableFrom).toBe('2003-02-01')
    expect(other?.read._unsafeUnwrap().profile.disableAfter).toBe('2030-03-02')
  })

  test.each<[string, CsvSource | (() => CsvSource)]>([
    ['text', text],
    ['bytes', utf8(text)],
    ['pieces', [text.slice(0, 500), text.slice(500)]],
    ['a function that opens it', () => Readable.from([utf8(text)])],
  ])(
    'an ambiguous date beside one that is only valid with the month first is refused with line and column: %s',
    async (_, source) => {
      const rows: string[] = []
      for await (const row of (await readListingCsv(source))._unsafeUnwrap().rows) rows.push(told(row))
      expect(rows).toEqual([
        '2 B0123402! ambiguous-date Enable From',
        '3 B0123403! no-such-date Enable From',
        '4 B0123404! ambiguous-date Disable After',
        '5 B0123405',
      ])
    },
  )

  test('a stream is read once: rows that were already read are reported where the order becomes ambiguous', async () => {
    const rowsOfStream = async (file: string) => rowsOf(Readable.from([utf8(file)]))
    expect(await rowsOfStream(text)).toEqual([
      '2 B0123402',
      '3 B0123403! date-order-in-doubt Enable From',
      '4 B0123404! ambiguous-date Disable After',
      '5 B0123405',
    ])
    expect(await rowsOfStream(fileWith(monthFirst, early))).toEqual([
      '2 B0123403! no-such-date Enable From',
      '3 B0123402! ambiguous-date Enable From',
    ])
  })

  test('the expiry date of a certificate also determines the order', async () => {
    const rows = [{ 'Certificate Expiry Date': '12/31/2030 23:59:59' }, early]
    expect(await rowsOf(fileWith(...rows))).toEqual([
      '2 B0123401! no-such-date Certificate Expiry Date',
      '3 B0123402! ambiguous-date Enable From',
    ])
  })

  test('a stream opened by a function is released after each reading', async () => {
    const opened: Readable[] = []
    const open = () => {
      const stream = Readable.from([utf8(text)])
      opened.push(stream)
      return stream
    }
    for await (const _ of (await readListingCsv(open))._unsafeUnwrap().rows) break
    expect(opened.map(({ destroyed }) => destroyed)).toEqual([true, true])
  })
})

describe('MIG-24 · damage by a spreadsheet is recognised', () => {
  test.each<[string, Partial<Record<ListingColumn, string>>, string]>([
    ['a constant formula', { SRN: '="0101101200012AB2"', 'User ID': '="B0123401"' }, 'ok spreadsheet-text'],
    [
      'an apostrophe before it',
      { SRN: "'0101101200012AB2", 'User Status': "'ENABLED" },
      'ok spreadsheet-text',
    ],
    ['an apostrophe of a name', { Surname: "'t Hart" }, 'ok'],
    ['an apostrophe before an email: mark or mailbox', { Email: "'a@bank.example" }, 'ok invalid-email'],
    ['a formula as a name', { Surname: '=HYPERLINK("http://evil.example","CHAN")' }, 'ok looks-like-formula'],
    ['a plus before a name', { 'Other Names': '+1' }, 'ok looks-like-formula'],
    ['a full-width equals sign before a name', { Surname: '＝1+1' }, 'ok looks-like-formula'],
    ['a full-width plus before a remark', { Remarks: '＋1' }, 'ok unknown-remark looks-like-formula'],
    ['a full-width hyphen before a name', { 'Other Names': '－1' }, 'ok looks-like-formula'],
    ['a full-width at sign before options', { 'Clearing House Options': '＠1' }, 'ok looks-like-formula'],
    ['an email that is a formula', { Email: "=cmd|'/c'!a1@bank.example" }, 'ok looks-like-formula'],
    ['an email with a plus before it', { Email: '+1@bank.example' }, 'ok looks-like-formula'],
    ['a formula in place of an email', { Email: '@SUM(1)' }, 'ok invalid-email looks-like-formula'],
    ['a full-width one', { Email: '＝1+1' }, 'ok invalid-email looks-like-formula'],
    ['scientific notation', { SRN: '1.01101E+23' }, 'no-such-serial-number FLD-03 SRN'],
    ['the same with a comma', { SRN: '1,01101E+23' }, 'no-such-serial-number FLD-03 SRN'],
    ['full-width digits', { SRN: '０１０１' }, 'no-such-serial-number FLD-03 SRN'],
    ['zeros in front lost', { SRN: '101101200012345' }, 'ok doubtful-serial-number'],
    ['last digits rounded', { SRN: '1101101200012340' }, 'ok doubtful-serial-number'],
    ['sixteen digits, a zero in front', { SRN: '0101101200012340' }, 'ok'],
    ['an error', { Surname: '#NAME?' }, 'spreadsheet-error MIG-24 Surname'],
    ['a column too narrow', { 'Enable From': '########' }, 'spreadsheet-error MIG-24 Enable From'],
    [
      'blanks that do not break',
      { 'User Status': '\u00a0ENABLED\u00a0', 'Other Names': 'TAI\u00a0MAN' },
      'ok',
    ],
    ['a blank after a User ID', { 'User ID': 'B0123401\u00a0' }, 'no-such-format ID-01 User ID'],
    ['a full-width User ID', { 'User ID': 'Ｂ0123401' }, 'no-such-format ID-01 User ID'],
    ['a line break in a name', { Surname: 'CHAN\nTAI' }, 'unprintable API-01 Surname'],
    [
      'a line break around a text',
      { 'Clearing House Options': '\rCash' },
      'unprintable API-01 Clearing House Options',
    ],
    ['a direction override in a name', { Surname: 'CHAN\u202e' }, 'unprintable FLD-02 Surname'],
    ['a truth value as a status', { 'User Status': 'TRUE' }, 'unknown-status ACC-05 User Status'],
    ['a status in small letters', { 'User Status': 'disabled' }, 'ok'],
    ['a long s in a status', { 'User Status': 'di\u017fabled' }, 'unknown-status ACC-05 User Status'],
    ['a dotless i in a status', { 'User Status': 'd\u0131sabled' }, 'unknown-status ACC-05 User Status'],
    ['a dotless i in a remark', { Remarks: 'Delegated Adm\u0131nistrator' }, 'ok unknown-remark'],
  ])('%s', async (_, changes, outcome) => {
    const said = await saidOf(changes)
    expect(said.replace('no-such-format ID-08', 'no-such-format ID-01')).toBe(outcome)
  })

  test('a no-break space in a name is read as an ordinary space', async () => {
    expect((await accountIn({ 'Other Names': 'TAI\u00a0MAN' })).profile.otherNames).toBe('TAI MAN')
  })

  test('FLD-03 · a line refused for its serial number is not imported, so a corrected listing can import it', async () => {
    expect(await rowsOf(fileWith({ SRN: '1.01101E+23' }))).toEqual(['2 B0123401! no-such-serial-number SRN'])
    expect((await accountIn({})).profile.smartcard?.srn).toBe('0101101200012AB2')
  })

  test('FLD-04 · Enable From after Disable After is refused', async () => {
    expect(await saidOf({ 'Enable From': '02/01/23', 'Disable After': '01/01/23' })).toBe(
      'dates-reversed FLD-04 Disable After',
    )
    expect(await saidOf({ 'Enable From': '01/01/23', 'Disable After': '01/01/23' })).toBe('ok')
  })
})

test('MIG-24 · any rows give the same accounts, faults and warnings in any dialect', async () => {
  const cell = fc.oneof(
    fc.constantFrom(
      '',
      '1/2/03',
      '12/31/22',
      '25/12/2003',
      "'x",
      '="x"',
      '#REF!',
      '=1+1',
      'a;b',
      'a,b',
      'a\tb',
      'a|b',
      '"',
      '1.0E+20',
    ),
    fc.string({ unit: 'grapheme', maxLength: 6 }).map((text) => text.replace(/[\p{C}\s]/gu, '')),
  )
  // Most cells changed, which makes a bad line, or one.
  const row = fc.oneof(
    fc.record(Object.fromEntries(listingColumns.map((column) => [column, fc.option(cell, { freq: 8 })]))),
    fc.tuple(fc.constantFrom(...listingColumns), cell).map(([column, text]) => ({ [column]: text })),
  )
  const dialect = fc.record({
    separator: fc.constantFrom(',', ';', '\t', '|'),
    lineBreak: fc.constantFrom('\r\n', '\n', '\r'),
    title: fc.constantFrom('', 'sep=;', 'A title', '"A, title";x'),
    encoding: fc.constantFrom<(text: string) => string | Uint8Array>(
      (text) => text,
      (text) => bytesOf([0xef, 0xbb, 0xbf], text),
      (text) => utf16(`\uFEFF${text}`, 'LE'),
      (text) => utf16(`\uFEFF${text}`, 'BE'),
    ),
  })
  const seen = branches('no title', 'a title', 'an account', 'a refused line')
  const outcomes = async (source: CsvSource) =>
    (await readAll(source)).map(({ read }) => read.match(JSON.stringify, JSON.stringify))
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 5 }), dialect, async (rows, how) => {
      // A tab is not printable text: it would make the cell invalid in every dialect.
      const cells = [
        listingColumns,
        ...rows.map((changes) =>
          rowWith(
            Object.fromEntries(Object.entries(changes).filter(([, text]) => text !== null)) as Partial<
              Record<ListingColumn, string>
            >,
          ),
        ),
      ]
      const { separator, lineBreak, title, encoding } = how
      const first = seen.either('no title', 'a title', title === '') ? '' : `${title}${lineBreak}`
      for (const { read } of await readAll(written(cells)))
        seen.either('an account', 'a refused line', read.isOk())
      const text = `${first}${written(cells, separator, lineBreak)}`
      expect(await outcomes(encoding(text))).toEqual(await outcomes(written(cells)))
    }),
    { numRuns: 100 },
  )
  seen.expectAll()
})
