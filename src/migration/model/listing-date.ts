import { asciiLowerCase, asciiUpperCase } from '../../kernel/ascii-case.ts'
import { DAY, type HongKongDay, type Instant, SECOND } from '../../kernel/instant.ts'

/**
 * The year of two digits: 00–89 are 2000–2089, 90–99 are 1990–1999. CCASS started in 1992, so no date of an
 * account is older. An end in `99` is therefore read as long past, which the plan shows, and not as one that
 * never comes.
 */
const yearOf = (digits: string): string => `${digits < '90' ? '20' : '19'}${digits}`

/** The number of days from 1 January 1990 to a day; `undefined` if the calendar has no such day. */
const daysSince1990 = (year: string, month: string, day: string): number | undefined => {
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  const same = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day)
  return same ? (date.getTime() - Date.UTC(1990, 0)) / DAY : undefined
}

/** Midnight of 1 January 1990 in Hong Kong. Every day there has had 24 hours since 1979 (PW-10). */
const firstMidnight = /* @__PURE__ */ Date.parse('1990-01-01T00:00+08:00')

const dayOf = (year: string, month: string, day: string): HongKongDay | undefined =>
  daysSince1990(year, month, day) === undefined
    ? undefined
    : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`

/** Whether a year can be in an account's date: CCASS started in 1992, and two digits reach to 2089. */
const isListedYear = (year: string) => year >= '1990' && year <= '2089'

/** Expands a year of two or four digits to four; `undefined` if it cannot be in an account's date. */
const fullYear = (digits: string): string | undefined => {
  const year = digits.length === 2 ? yearOf(digits) : digits
  return isListedYear(year) ? year : undefined
}

/**
 * Reads a day as DMS prints it, `DD/MM/YY`, e.g. `01/01/03` for 1 January 2003. Years 90–99 are 1990–1999,
 * all others 2000–2089.
 *
 * @returns the day; or `undefined` for any other text, and for a day that the calendar lacks.
 * @rule DMS-07
 */
export const readListedDay = (text: string): HongKongDay | undefined => {
  const [, day, month, digits] = /^(\d\d)\/(\d\d)\/(\d\d)$/.exec(text) ?? []
  if (day === undefined || month === undefined || digits === undefined) return undefined
  const year = yearOf(digits)
  return daysSince1990(year, month, day) === undefined ? undefined : `${year}-${month}-${day}`
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

const monthNumber = (name: string): string => {
  const at = months.indexOf(asciiLowerCase(name.slice(0, 3)))
  return at < 0 ? '' : `${at + 1}`
}

/** A two-digit year is read only after slashes: with hyphens or dots it might be the day of `YY-MM-DD`. */
const slashed = /^(\d{1,2})(?:\/(\d{1,2})\/(\d{4}|\d\d)|([.-])(\d{1,2})\4(\d{4}))$/

/** The parts of a numeric date in the order of the text: two parts and the year. */
const figuresOf = (text: string) => {
  const [, first = '', second, digits, , other, otherDigits] = slashed.exec(text) ?? []
  return { first, second: second ?? other ?? '', year: fullYear(digits ?? otherDigits ?? '') }
}

const named = /^(\d{1,2})[- ]([A-Za-z]{3})[- ](\d{4}|\d\d)$/
const iso = /^(\d{4})([/-])(\d{1,2})\2(\d{1,2})$/

/**
 * Reads a day that a spreadsheet may have rewritten, day first; `undefined` if it is not a day or its year is
 * out of range.
 */
const rewrittenDay = (text: string): HongKongDay | undefined => {
  const [, isoYear = '', , isoMonth = '', isoDay = ''] = iso.exec(text) ?? []
  if (isoYear !== '') return isListedYear(isoYear) ? dayOf(isoYear, isoMonth, isoDay) : undefined
  const { first, second, year } = figuresOf(text)
  if (year !== undefined) return dayOf(year, second, first)
  const [, day = '', name = '', digits = ''] = named.exec(text) ?? []
  const namedYear = fullYear(digits)
  return namedYear === undefined ? undefined : dayOf(namedYear, monthNumber(name), day)
}

/** A date that was read, and whether its text had the format that DMS prints. */
export interface ReadDate<Value> {
  readonly value: Value
  readonly asPrinted: boolean
}

/**
 * Reads a day as DMS prints it, or as a spreadsheet rewrites it: without leading zeros, with a four-digit
 * year, with dots or hyphens, with the English name of the month, or year first (ISO 8601). As in DMS, the
 * day comes before the month; {@link dateOrderOf} says where that is in doubt.
 *
 * @returns the day; or `undefined` for any other text, for a day that the calendar lacks, and for years
 * before 1990 or after 2089.
 * @rule MIG-24
 */
export const readSpreadsheetDay = (text: string): ReadDate<HongKongDay> | undefined => {
  const printed = readListedDay(text)
  if (printed !== undefined) return { value: printed, asPrinted: true }
  const value = rewrittenDay(text)
  return value === undefined ? undefined : { value, asPrinted: false }
}

const shape = /^(\d\d)-([A-Za-z]{3})-(\d\d) ([01]\d|2[0-3]):([0-5]\d):([0-5]\d)$/

/** The instant one second after a time of day, in Hong Kong. */
const afterSecond = (day: HongKongDay, hour: string, minute: string, second: string): Instant | undefined => {
  const days = daysSince1990(day.slice(0, 4), day.slice(5, 7), day.slice(8))
  if (days === undefined) return undefined
  return (
    firstMidnight + days * DAY + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second) + 1) * SECOND
  )
}

/**
 * Reads the end of a certificate as DMS prints it, `DD-Mon-YY HH:MM:SS` in Hong Kong time, e.g. `31-Dec-30
 * 23:59:59`. Two-digit years are read as in {@link readListedDay}.
 *
 * @returns the first instant at which the certificate is no longer valid: it is valid through the printed
 * second. `undefined` for any other text.
 * @rule ACC-04
 */
export const readCertificateExpiry = (text: string): Instant | undefined => {
  const [, day, name, digits, hour, minute, second] = shape.exec(text) ?? []
  if (day === undefined || name === undefined || digits === undefined) return undefined
  const whole = dayOf(yearOf(digits), monthNumber(name), day)
  return whole === undefined ? undefined : afterSecond(whole, hour ?? '', minute ?? '', second ?? '')
}

const timed = /^(.*?)[ T]+(\d{1,2}):([0-5]\d)(?::([0-5]\d))?(?: ?([AaPp])[Mm])?$/

/** Converts an hour with `A`, `P` or no suffix to the 24-hour clock; `undefined` if there is no such hour. */
const hourOf = (digits: string, half: string | undefined): number | undefined => {
  const hour = Number(digits)
  if (half === undefined) return hour < 24 ? hour : undefined
  if (hour < 1 || hour > 12) return undefined
  return (hour % 12) + (asciiUpperCase(half) === 'P' ? 12 : 0)
}

/**
 * Reads the end of a certificate as DMS prints it, or as a spreadsheet rewrites it: a day in any form of
 * {@link readSpreadsheetDay}, and a time on the 24-hour or 12-hour clock, with or without seconds. Missing
 * seconds are read as 00, so that a card ends up to 59 seconds early, never late.
 *
 * @returns as {@link readCertificateExpiry}; also `undefined` for a day without a time, because its instant
 * is ambiguous.
 * @rule MIG-24
 */
export const readSpreadsheetExpiry = (text: string): ReadDate<Instant> | undefined => {
  const printed = readCertificateExpiry(text)
  if (printed !== undefined) return { value: printed, asPrinted: true }
  const [, dayText = '', hourText = '', minute = '', second = '00', half] = timed.exec(text) ?? []
  const day = readSpreadsheetDay(dayText)?.value
  const hour = hourOf(hourText, half)
  if (day === undefined || hour === undefined) return undefined
  const value = afterSecond(day, `${hour}`, minute, second)
  return value === undefined ? undefined : { value, asPrinted: false }
}

/**
 * What a date shows about the order of day and month in its listing. `either`: the text is a different valid
 * day in each order. `month-first`: it is valid only with the month first. `day-first`: all others.
 */
export type DateOrder = 'day-first' | 'either' | 'month-first'

/**
 * Returns what a date's text shows about the order of day and month.
 *
 * @rule MIG-24
 */
export const dateOrderOf = (text: string): DateOrder => {
  const { first, second, year } = figuresOf(text.replace(/[ T].*$/, ''))
  if (year === undefined) return 'day-first'
  const isDayFirst = daysSince1990(year, second, first) !== undefined
  const isMonthFirst = daysSince1990(year, first, second) !== undefined
  if (!isMonthFirst || Number(first) === Number(second)) return 'day-first'
  return isDayFirst ? 'either' : 'month-first'
}
