import { TZDate } from '@date-fns/tz'
import { lightFormat } from 'date-fns/lightFormat'

/**
 * A point in time: whole milliseconds since 1970-01-01T00:00:00Z.
 *
 * @category Basics
 */
export type Instant = number

/**
 * A day in Hong Kong, `YYYY-MM-DD`. Days of this form compare as text.
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
 * Milliseconds in 24 hours. No day here is ever 23 or 25 hours long (PW-10).
 *
 * @category Basics
 */
export const DAY = 24 * HOUR

/**
 * How far ahead of the clock a stored instant may be, in milliseconds: the clocks of several hosts differ a
 * little. What is further ahead comes from a clock that was wrong, and is not trusted.
 *
 * @rule API-03
 */
export const clockTolerance = 5 * SECOND

/**
 * Whether an instant lies in the future, beyond what the clocks of several hosts differ by.
 *
 * @rule API-03
 */
export const isFromFuture = (instant: Instant, now: Instant): boolean => instant > now + clockTolerance

/** Beyond this, a date in Hong Kong can't be told (ECMAScript's time range, less a day). */
const farthest = 8.64e15 - DAY

/**
 * The day in Hong Kong on which an instant falls, wherever the host runs.
 *
 * @returns `YYYY-MM-DD`; for what is no instant the empty text, which is before every day.
 * @rule ACC-06
 * @category Basics
 */
export const hongKongDay = (instant: Instant): HongKongDay =>
  typeof instant === 'number' && Math.abs(instant) <= farthest
    ? lightFormat(new TZDate(instant, 'Asia/Hong_Kong'), 'yyyy-MM-dd')
    : ''

/**
 * The first instant of a day in Hong Kong, wherever the host runs.
 *
 * @param day - `YYYY-MM-DD`, years 0100 to 9999.
 * @returns the instant; or `undefined` for what is no day of the calendar.
 * @rule ACC-06
 */
export const startOfHongKongDay = (day: HongKongDay): Instant | undefined => {
  const [text, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day) ?? []
  const start = new TZDate(Number(year), Number(month) - 1, Number(date), 'Asia/Hong_Kong').getTime()
  return text !== undefined && hongKongDay(start) === text ? start : undefined
}

/**
 * The first instant after a day in Hong Kong.
 *
 * @returns epoch milliseconds; `undefined` for what is no day.
 * @rule ACC-06
 */
export const endOfHongKongDay = (day: HongKongDay): Instant | undefined => {
  const start = startOfHongKongDay(day)
  // By way of the day's name: Hong Kong once had summer time, and days of 23 and 25 hours.
  return start === undefined ? undefined : startOfHongKongDay(hongKongDay(start + DAY + DAY / 2))
}
