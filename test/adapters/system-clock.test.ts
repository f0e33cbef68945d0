import { systemClock } from 'ccass-2fa/system-clock'
import { expect, test } from 'vitest'

test('API-03 · the system clock returns whole epoch milliseconds, and a monotonic time that never decreases', () => {
  const clock = systemClock()
  const before = Date.now()
  const now = clock.now()
  expect(now).toBeGreaterThanOrEqual(before)
  expect(now).toBeLessThanOrEqual(Date.now())
  expect(Number.isSafeInteger(now)).toBe(true)
  const readings = Array.from({ length: 100 }, () => clock.monotonic?.() ?? Number.NaN)
  expect(readings.every((reading, i) => reading >= (readings[i - 1] ?? 0))).toBe(true)
})
