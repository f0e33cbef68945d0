import { asciiLowerCase, asciiUpperCase } from '../../kernel/ascii-case.ts'
import { type HongKongDay, type Instant, SECOND } from '../../kernel/instant.ts'

/**
 * The year of two digits: 00–89 are 2000–2089, 90–99 are 1990–1999. CCASS started in 1992, so no date of an
 * account is older. An end in `99` is therefore read as long past, which the plan shows, and not as one that
 * never comes.
 */
const yearOf = (digits: string): string => `${digits < '90' ? '20' : '19'}${digits}`

/** What `read` makes of the parts that a pattern finds in a text; `undefined` if the text does not match. */
const matched = <T>(pattern: RegExp, text: string, read: (...parts: string[]) => T): T | undefined => {
  const match = pattern.exec(text)
  return match === null ? undefined : read(...match.slice(1))
}

/** Whether the calendar has such a day: it moves any other one into another month. */
const isDay = (year: string, month: string, day: string): boolean =>
  new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCMonth() === Number(month) - 1

/** Whether a year can be in an account's date: CCASS started in 1992, and two digits reach to 2089. */
const isListedYear = (year: string) => year >= '1990' && year <= '2089'

/** Expands a year of two or four digits to four; `undefined` if it cannot be in an account's date. */
const fullYear = (digits: string): string | undefined => {
  const year = digits.length === 2 ? yearOf(digits) : digits
  return isListedYear(year) ? year : undefined
}

/** The day of a year of two or four digits; `undefined` if the calendar lacks it or no account can have it. */
const dayOf = (digits: string, month: string, day: string): HongKongDay | undefined => {
  const year = fullYear(digits)
  if (year === undefined || !isDay(year, month, day)) return undefined
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}

/**
 * Reads a day as DMS prints it, `DD/MM/YY`, e.g. `01/01/03` for 1 January 2003. Years 90–99 are 1990–1999,
 * all others 2000–2089.
 *
 * @returns the day; or `undefined` for any other text, and for a day that the calendar lacks.
 * @rule DMS-07
 */
export const readListedDay = (text: string): HongKongDay | undefined =>
  matched(/^(\d\d)\/(\d\d)\/(\d\d)$/, text, (day, month, digits) => dayOf(digits, month, day))

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

const monthNumber = (name: string): string => {
  const at = months.indexOf(asciiLowerCase(name.slice(0, 3)))
  return at < 0 ? '' : `${at + 1}`
}

/**
 * The parts of a numeric date in the order of the text. A two-digit year is read only after slashes: with hyphens
 * or dots it might be the day of `YY-MM-DD`.
 */
const figuresOf = (text: string) =>
  matched(/^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d\d)$/, text, (first, mark, second, digits) => {
    const year = mark === '/' || digits.length === 4 ? fullYear(digits) : undefined
    return year === undefined ? undefined : { first, second, year }
  })

const named = /^(\d{1,2})[- ]([A-Za-z]{3})[- ](\d{4}|\d\d)$/
const iso = /^(\d{4})([/-])(\d{1,2})\2(\d{1,2})$/

/**
 * Reads a day that a spreadsheet may have rewritten, day first; `undefined` if it is not a day or its year is
 * out of range.
 */
const rewrittenDay = (text: string): HongKongDay | undefined => {
  const figures = figuresOf(text)
  if (figures !== undefined) return dayOf(figures.year, figures.second, figures.first)
  return (
    matched(iso, text, (year, _, month, day) => dayOf(year, month, day)) ??
    matched(named, text, (day, name, digits) => dayOf(digits, monthNumber(name), day))
  )
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
const afterSecond = (day: HongKongDay, hour: string, minute: string, second: string): Instant =>
  Date.parse(`${day}T${hour.padStart(2, '0')}:${minute}:${second}+08:00`) + SECOND

/**
 * Reads the end of a certificate as DMS prints it, `DD-Mon-YY HH:MM:SS` in Hong Kong time, e.g. `31-Dec-30
 * 23:59:59`. Two-digit years are read as in {@link readListedDay}.
 *
 * @returns the first instant at which the certificate is no longer valid: it is valid through the printed
 * second. `undefined` for any other text.
 * @rule ACC-04
 */
export const readCertificateExpiry = (text: string): Instant | undefined =>
  matched(shape, text, (day, name, digits, hour, minute, second) => {
    const whole = dayOf(digits, monthNumber(name), day)
    return whole === undefined ? undefined : afterSecond(whole, hour, minute, second)
  })

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
  return matched(timed, text, (dayText, hourText, minute, second = '00', half?: string) => {
    const day = readSpreadsheetDay(dayText)?.value
    const hour = hourOf(hourText, half)
    if (day === undefined || hour === undefined) return undefined
    return { value: afterSecond(day, `${hour}`, minute, second), asPrinted: false }
  })
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
  const figures = figuresOf(text.replace(/[ T].*$/, ''))
  if (figures === undefined) return 'day-first'
  const { first, second, year } = figures
  if (!isDay(year, first, second) || Number(first) === Number(second)) return 'day-first'
  return isDay(year, second, first) ? 'either' : 'month-first'
}
