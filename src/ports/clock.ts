import type { Instant } from '../kernel/instant.ts'

/**
 * The source of time for the whole library. No other clock is read.
 *
 * @rule API-03
 * @category Ports
 */
export interface Clock {
  /** Now, in whole milliseconds since 1970-01-01T00:00:00Z. */
  now(): Instant
  /**
   * A monotonic reading in milliseconds, such as `performance.now()`. It may have fractions and any origin,
   * and it never goes back. If present, it measures durations. No rule depends on it.
   */
  monotonic?(): number
  /**
   * Resolves after the given number of milliseconds. Default: `setTimeout`. The library waits with it between
   * two tries of a commit and, for 0 milliseconds, between two pages of a verification, so that a simulation can
   * reproduce every run.
   */
  sleep?(milliseconds: number): Promise<void>
}
