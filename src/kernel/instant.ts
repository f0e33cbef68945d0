import { TZDate } from '@date-fns/tz'
import { lightFormat } from 'date-fns/lightFormat'

/**
 * An instant: whole milliseconds since 1970-01-01T00:00:00Z.
 *
 * @category Basics
 */
export type Instant = number

/**
 * A day in Hong Kong, `YYYY-MM-DD`. Days in this form can be compared as text.
 *
 * @category Basics
 */
export type HongKongDay = string

/**
 * Milliseconds in a second.
 *
 * @category Basics
 */
export const SECOND = 1_000
/**
 * Milliseconds in an hour.
 *
 * @category Basics
 */
export const HOUR = 3_600 * SECOND
/**
 * Milliseconds in 24 hours. No day here has 23 or 25 hours (PW-10).
 *
 * @category Basics
 */
export const DAY = 24 * HOUR

/**
 * How far a stored instant may be ahead of the clock, in milliseconds, because the clocks of several hosts
 * differ slightly. An instant further ahead comes from a wrong clock and is not trusted.
 *
 * @rule API-03
 */
export const clockTolerance = 5 * SECOND

/**
 * Whether an instant is in the future by more than the clocks of several hosts can differ.
 *
 * @rule API-03
 */
export const isFromFuture = (instant: Instant, now: Instant): boolean => instant > now + clockTolerance

/** The last instant with a date in Hong Kong (ECMAScript's time range, less a day). */
const latestInstant = 8.64e15 - DAY

/**
 * Returns the day in Hong Kong at an instant, regardless of the host's time zone.
 *
 * @returns `YYYY-MM-DD`; for an invalid instant the empty text, which sorts before every day.
 * @rule ACC-06
 * @category Basics
 */
export const hongKongDay = (instant: Instant): HongKongDay =>
  typeof instant === 'number' && Math.abs(instant) <= latestInstant
    ? lightFormat(new TZDate(instant, 'Asia/Hong_Kong'), 'yyyy-MM-dd')
    : ''

/**
 * Returns the first instant of a day in Hong Kong, regardless of the host's time zone.
 *
 * @param day - `YYYY-MM-DD`, years 0100 to 9999.
 * @returns the instant; or `undefined` if the calendar has no such day.
 * @rule ACC-06
 */
export const startOfHongKongDay = (day: HongKongDay): Instant | undefined => {
  const [text, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day) ?? []
  const start = new TZDate(Number(year), Number(month) - 1, Number(date), 'Asia/Hong_Kong').getTime()
  return hongKongDay(start) === text ? start : undefined
}

/**
 * Returns the first instant after a day in Hong Kong.
 *
 * @returns epoch milliseconds; `undefined` if the calendar has no such day.
 * @rule ACC-06
 */
export const endOfHongKongDay = (day: HongKongDay): Instant | undefined => {
  const start = startOfHongKongDay(day)
  // Computed through the next day's date: Hong Kong once had summer time, with days of 23 and 25 hours.
  return start === undefined ? undefined : startOfHongKongDay(hongKongDay(start + DAY + DAY / 2))
}
