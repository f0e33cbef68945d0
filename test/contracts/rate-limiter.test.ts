/** Every rate limiter of the package passes the port's contract. */
import { rateLimiter } from 'ccass-2fa/rate-limiter'
import { type RateLimiterUnderTest, rateLimiterContract } from 'ccass-2fa/testing'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { afterEach, beforeEach, describe, test, vi } from 'vitest'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const run = (make: () => Promise<RateLimiterUnderTest>) => {
  for (const { name, run: check } of rateLimiterContract(make)) test(`LOCK-14 · ${name}`, check)
}
const pass = async (seconds: number) => void vi.advanceTimersByTime(seconds * 1_000)

describe('rate-limiter in one process', () => {
  run(async () => ({ rateLimiter: rateLimiter({ attempts: 5, seconds: 30 }), max: 5, advance: pass }))
})

describe('rate-limiter over a shared limiter', () => {
  run(async () => {
    const limiter = new RateLimiterMemory({ points: 20, duration: 60 })
    return {
      rateLimiter: rateLimiter({ limiter }),
      second: async () => rateLimiter({ limiter }),
      ...{ max: 20, advance: pass },
    }
  })
})
