/** Dates of a listing, as DMS prints them and as spreadsheets rewrite them. */
import { describe, expect, test } from 'vitest'
import {
  dateOrderOf,
  readCertificateExpiry,
  readSpreadsheetDay,
  readSpreadsheetExpiry,
} from '../../../src/migration/model/listing-date.ts'
import { hk } from './lines.ts'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const numberOf = (i: number) => `${i + 1}`.padStart(2, '0')

describe('a day', () => {
  test('MIG-24 · only the printed form counts as printed', () => {
    expect(readSpreadsheetDay('31/12/22')).toEqual({ value: '2022-12-31', asPrinted: true })
    expect(readSpreadsheetDay('1/12/22')).toEqual({ value: '2022-12-01', asPrinted: false })
  })

  test.each([
    ['1/2/03', '2003-02-01'],
    ['01/2/03', '2003-02-01'],
    ['1/02/2003', '2003-02-01'],
    ['01/02/2003', '2003-02-01'],
    ['1.2.2003', '2003-02-01'],
    ['01-02-2003', '2003-02-01'],
    ['1-Feb-03', '2003-02-01'],
    ['01 feb 2003', '2003-02-01'],
    ['1-FEB 03', '2003-02-01'],
    ['2003-02-01', '2003-02-01'],
    ['2003/2/1', '2003-02-01'],
    ['1/1/89', '2089-01-01'],
    ['1/1/90', '1990-01-01'],
    ['1/1/00', '2000-01-01'],
    ['1-Jan-99', '1999-01-01'],
    ['01/01/1990', '1990-01-01'],
    ['31/12/2089', '2089-12-31'],
    ['1990-01-01', '1990-01-01'],
    ['2089-12-31', '2089-12-31'],
    ['29/2/2024', '2024-02-29'],
  ])('MIG-24 · %s is %s, rewritten by a spreadsheet', (text, value) => {
    expect(readSpreadsheetDay(text)).toEqual({ value, asPrinted: false })
  })

  test.each([
    // Two digits may be the day of YY-MM-DD.
    ...['31-12-22', '31.12.22', '22-12-31'],
    // Mixed separators.
    ...['31.12-2022', '31/12-2022', '31-12/2022', '2022-12/31', '2022/12-31'],
    // Years of no account.
    ...['31/12/1989', '01/01/2090', '1989-12-31', '2090-01-01', '31-Dec-1989', '1/1/203', '1/1/20033'],
    // Days that the calendar lacks.
    ...[
      '30/02/2023',
      '29/2/2023',
      '2023-02-29',
      '31-Apr-2023',
      '0/1/2023',
      '1/0/2023',
      '12/31/2022',
      '1/13/22',
    ],
    // Other texts.
    ...[
      '',
      'x',
      '1/1',
      '31-Dez-2022',
      '1-Janu-2003',
      '1/Jan/2003',
      '1--Jan-2003',
      '001/1/2003',
      '2003-1-001',
    ],
    ...['x1/1/2003', '1/1/2003x', 'x1-Jan-2003', '1-Jan-2003x', 'x2003-01-01', '2003-01-01x', ' 1/1/2003'],
  ])('MIG-24 · %j is no day', (text) => {
    expect(readSpreadsheetDay(text)).toBeUndefined()
  })

  test('MIG-24 · every month has its English name, in any case', () => {
    months.forEach((name, i) => {
      for (const said of [name, name.toLowerCase(), name.toUpperCase()])
        expect(readSpreadsheetDay(`9-${said}-2023`)?.value).toBe(`2023-${numberOf(i)}-09`)
    })
  })
})

describe('the end of a certificate', () => {
  test('ACC-04 · every month is read as DMS prints it', () => {
    months.forEach((name, i) => {
      expect(readCertificateExpiry(`09-${name}-23 10:11:12`)).toBe(hk(`2023-${numberOf(i)}-09T10:11:13`))
    })
  })

  test('ACC-04 · only the printed form counts as printed', () => {
    const end = hk('2031-01-01T00:00:00')
    expect(readSpreadsheetExpiry('31-Dec-30 23:59:59')).toEqual({ value: end, asPrinted: true })
    expect(readSpreadsheetExpiry('31-Dec-2030 23:59:59')).toEqual({ value: end, asPrinted: false })
  })

  test.each([
    ['31/12/30 23:59:59', '2031-01-01T00:00:00'],
    ['2030-12-31T23:59:59', '2031-01-01T00:00:00'],
    ['2030-12-31  23:59:58', '2030-12-31T23:59:59'],
    // Missing seconds end the card early, not late.
    ['31/12/2030 23:59', '2030-12-31T23:59:01'],
    ['31/12/2030 0:00', '2030-12-31T00:00:01'],
    ['31/12/2030 9:05:06', '2030-12-31T09:05:07'],
    ['31/12/2030 12:00 AM', '2030-12-31T00:00:01'],
    ['31/12/2030 12:59:59 am', '2030-12-31T01:00:00'],
    ['31/12/2030 1:00 AM', '2030-12-31T01:00:01'],
    ['31/12/2030 11:59 AM', '2030-12-31T11:59:01'],
    ['31/12/2030 12:00 PM', '2030-12-31T12:00:01'],
    ['31/12/2030 1:05pm', '2030-12-31T13:05:01'],
    ['31/12/2030 11:59:59 PM', '2031-01-01T00:00:00'],
  ])('MIG-24 · %s ends at %s', (text, end) => {
    expect(readSpreadsheetExpiry(text)).toEqual({ value: hk(end), asPrinted: false })
  })

  test.each([
    ...['', '31/12/2030', '23:59:59', ' 23:59:59', '31/12/203023:59', '30/02/2030 10:00', 'x 10:00'],
    ...['31/12/2030 24:00', '31/12/2030 23:60', '31/12/2030 23:59:60', '31/12/2030 23', '31/12/2030 123:00'],
    ...['31/12/2030 0:30 AM', '31/12/2030 13:00 PM', '31/12/2030 0:30 PM', '31/12/2030 1:00 XM'],
    ...['31/12/2030 1:00x', '31/12/2030 1:00  PM'],
  ])('MIG-24 · %j is refused: it has no day, no time, or one that the clock lacks', (text) => {
    expect(readSpreadsheetExpiry(text)).toBeUndefined()
  })
})

test.each([
  ['01/02/2023', 'either'],
  ['1/2/23', 'either'],
  ['02.01.2023', 'either'],
  ['12/12/2023', 'day-first'],
  ['1/01/2023', 'day-first'],
  ['13/01/2023', 'day-first'],
  ['12/13/2023', 'month-first'],
  ['01/31/23', 'month-first'],
  ['2/29/2024', 'month-first'],
  // Days in neither order.
  ['2/29/2023', 'day-first'],
  ['29/2/2023', 'day-first'],
  ['31/31/2023', 'day-first'],
  ['0/1/2023', 'day-first'],
  // The order shows in the day before a time.
  ['01/02/2023 10:00', 'either'],
  ['01/31/2023T10:00', 'month-first'],
  // Forms whose order is certain.
  ['2023-01-02', 'day-first'],
  ['1-Feb-2023', 'day-first'],
  ['01-02-23', 'day-first'],
  ['01/31/1989', 'day-first'],
  ['', 'day-first'],
])('MIG-24 · the order of day and month in %j: %s', (text, order) => {
  expect(dateOrderOf(text)).toBe(order)
})
