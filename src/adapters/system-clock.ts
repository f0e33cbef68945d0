/**
 * The system clock.
 *
 * @module ccass-2fa/system-clock
 */
import type { Clock } from '../ports/clock.ts'

/**
 * Creates a clock that reads the system time unchanged. Keep it synchronised (NTP): codes and expiry depend
 * on it.
 *
 * @rule API-03
 * @category Adapters
 */
export const systemClock = (): Clock => ({
  now: () => Date.now(),
  monotonic: () => performance.now(),
})
