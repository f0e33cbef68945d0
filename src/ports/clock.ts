import type { Instant } from '../kernel/instant.ts'

/**
 * The time. The library has no other.
 *
 * @category Ports
 */
export interface Clock {
  /** Now, in whole milliseconds since 1970-01-01T00:00:00Z. */
  now(): Instant
  /**
   * Milliseconds since any moment, fractions allowed, which never go back: `performance.now()`. Durations are
   * measured by it where there is one. No rule depends on it.
   */
  monotonic?(): number
  /**
   * Resolves after some milliseconds; `setTimeout` unless given. The pause between two tries of a commit waits by it, so
   * that a simulation can repeat every run.
   */
  sleep?(milliseconds: number): Promise<void>
}
