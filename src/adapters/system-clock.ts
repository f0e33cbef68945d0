/**
 * The clock of the machine.
 *
 * @module ccass-2fa/system-clock
 */
import type { Clock } from '../ports/clock.ts'

/**
 * The system's clock, unadjusted: keep it synchronised (NTP); codes and expiry depend on it.
 *
 * @category Adapters
 */
export const systemClock = (): Clock => ({
  now: () => Date.now(),
  monotonic: () => performance.now(),
})
