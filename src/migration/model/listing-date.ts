import { DAY, type HongKongDay, type Instant, SECOND, startOfHongKongDay } from '../../kernel/instant.ts'

/**
 * The year that two digits stand for: 00–89 are 2000–2089, 90–99 are 1990–1999. CCASS came in 1992, so no
 * date of an account is older; and an end in `99` reads as one long over, which the plan shows, rather than
 * as one that never comes.
 */
const yearOf = (digits: string): string => `${digits < '90' ? '20' : '19'}${digits}`

/** The days from 1 January 1990 to a day; `undefined` where the calendar has no such day. */
const daysSince1990 = (year: string, month: string, day: string): number | undefined => {
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  const same = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day)
  return same ? (date.getTime() - Date.UTC(1990, 0)) / DAY : undefined
}

/** Hong Kong's midnight that all others are whole days from: its days have had 24 hours since 1979 (PW-10). */
const firstMidnight = /* @__PURE__ */ startOfHongKongDay('1990-01-01') ?? Number.NaN

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

const shape = /^(\d\d)-([A-Za-z]{3})-(\d\d) ([01]\d|2[0-3]):([0-5]\d):([0-5]\d)$/

/**
 * Reads the end of a certificate as DMS prints it, `DD-Mon-YY HH:MM:SS` in Hong Kong time, e.g.
 * `31-Dec-30 23:59:59`. Years as of {@link readListedDay}.
 *
 * @returns the first instant at which the certificate is no longer good: the printed second still counts, as
 * with every certificate's last second. `undefined` for any other text.
 * @rule ACC-04
 */
export const readCertificateExpiry = (text: string): Instant | undefined => {
  const [, day, name, digits, hour, minute, second] = shape.exec(text) ?? []
  if (day === undefined || name === undefined || digits === undefined) return undefined
  const days = daysSince1990(yearOf(digits), `${months.indexOf(name.toLowerCase()) + 1}`, day)
  if (days === undefined) return undefined
  return (
    firstMidnight + days * DAY + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second) + 1) * SECOND
  )
}
