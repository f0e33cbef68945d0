import type { Instant } from '../kernel/instant.ts'

/** The time. The library has no other. */
export interface Clock {
  /** Now, in whole milliseconds since 1970-01-01T00:00:00Z. */
  now(): Instant
}
