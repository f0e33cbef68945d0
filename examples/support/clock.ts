import type { Clock, Instant } from 'ccass-2fa'
import { HOUR } from 'ccass-2fa/rules'

/** A clock for demonstrations: it stands still until it is moved. A real host gives `systemClock()`. */
export interface MovableClock extends Clock {
  /** Lets so many milliseconds pass. */
  pass(milliseconds: number): void
  /** Goes to an instant. */
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

/** `2023-06-05 09:00:00`, with milliseconds where there are any: Hong Kong is 8 hours ahead of UTC all year. */
export const hongKongTime = (instant: Instant): string =>
  new Date(instant + 8 * HOUR)
    .toISOString()
    .replace('T', ' ')
    .replace(/(\.000)?Z$/, '')
