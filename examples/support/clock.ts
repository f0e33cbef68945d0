import type { Clock, Instant } from 'ccass-2fa'
import { HOUR } from 'ccass-2fa/rules'

/** A clock for demonstrations. It stands still until it is moved. A real host uses `systemClock()`. */
export interface MovableClock extends Clock {
  /** Advances the clock by this many milliseconds. */
  pass(milliseconds: number): void
  /** Sets the clock to an instant. */
  moveTo(instant: Instant): void
}

/** A movable clock. */
export const movableClock = (start: Instant): MovableClock => {
  let now = start
  return {
    now: () => now,
    pass: (milliseconds) => {
      now += milliseconds
    },
    moveTo: (instant) => {
      now = instant
    },
  }
}

/**
 * Formats an instant as `2023-06-05 09:00:00`, with milliseconds if there are any. Hong Kong is always 8
 * hours ahead of UTC.
 */
export const hongKongTime = (instant: Instant): string =>
  new Date(instant + 8 * HOUR)
    .toISOString()
    .replace('T', ' ')
    .replace(/(\.000)?Z$/, '')
