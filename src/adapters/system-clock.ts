/**
 * The clock of the machine.
 *
 * @module ccass-2fa/system-clock
 */
import type { Clock } from '../ports/clock.ts'

/** The system's clock, as it stands: keep it on time (NTP), codes and expiry depend on it. */
export const systemClock = (): Clock => ({ now: () => Date.now() })
