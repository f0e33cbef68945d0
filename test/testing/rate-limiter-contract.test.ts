/** The contract of the rateLimiter port catches throttles that do not keep it. */
import { throttleContract } from 'ccass-2fa/testing'
import { describe, expect, test } from 'vitest'
import type { RateLimiter } from '../../src/ports/rate-limiter.ts'
import { failuresOf } from './failures.ts'

const most = 4

/** A rateLimiter in the open, with a clock to be moved. */
const honest = (
  keyOf = (source: string) => source,
  step?: () => Promise<void>,
  counts = new Map<string, number>(),
) => {
  const rateLimiter: RateLimiter = {
    admit: async ({ source }) => {
      const before = counts.get(keyOf(source)) ?? 0
      if (step !== undefined) await step()
      counts.set(keyOf(source), before + 1)
      return before < most ? { allowed: true } : { allowed: false, retryAfterSeconds: 10 }
    },
  }
  const pass = async (seconds: number) => {
    if (seconds >= 10) counts.clear()
  }
  return { rateLimiter, most, pass, second: async () => honest(keyOf, step, counts).rateLimiter }
}

type Made = Partial<ReturnType<typeof honest>> & { readonly rateLimiter: RateLimiter }

const refusing = (answer: unknown): Made => {
  const { rateLimiter } = honest()
  return {
    rateLimiter: {
      admit: async (attempt) => {
        const given = await rateLimiter.admit(attempt)
        return given.allowed ? given : (answer as never)
      },
    },
  }
}

const breakages: Readonly<Record<string, readonly [make: () => Made, caught: RegExp]>> = {
  'admits everybody': [
    () => ({ rateLimiter: { admit: async () => ({ allowed: true }) } }),
    /^limit · so many/,
  ],
  'admits nobody': [
    () => ({ rateLimiter: { admit: async () => ({ allowed: false, retryAfterSeconds: 1 }) } }),
    /^limit · so many/,
  ],
  'counts all sources as one': [() => honest(() => ''), /^sources · each/],
  'takes sources that look alike for one': [
    () => honest((source) => source.trim().toLowerCase()),
    /^sources · any text/,
  ],
  'cuts a source short': [() => honest((source) => source.slice(0, 64)), /^sources · any text/],
  'counts in an object’s own names': [
    () => {
      const counts: Record<string, number> = {}
      return {
        rateLimiter: {
          admit: async ({ source }) => {
            const now = (counts[source] ?? 0) + 1
            counts[source] = now
            return now <= most ? { allowed: true } : { allowed: false, retryAfterSeconds: 10 }
          },
        },
      }
    },
    /^sources · any text/,
  ],
  'reads, and counts later': [
    () => honest(undefined, () => new Promise((resolve) => setTimeout(resolve, 0))),
    /^limit · of many attempts at once/,
  ],
  'counts apart from the others': [
    () => ({ ...honest(), second: async () => honest().rateLimiter }),
    /^limit · two throttles/,
  ],
  'does not say when to come back': [() => refusing({ admitted: false }), /^limit · so many/],
  'says to come back at once': [
    () => refusing({ admitted: false, retryAfterSeconds: 0 }),
    /^limit · so many/,
  ],
  'refuses for ever': [() => ({ ...honest(), pass: async () => {} }), /^limit · who comes back/],
}

test('LOCK-14 · the contract is kept by a rateLimiter that keeps it, with time and others, and without', async () => {
  expect(await failuresOf(throttleContract(async () => honest()))).toEqual([])
  expect(
    await failuresOf(throttleContract(async () => ({ rateLimiter: honest().rateLimiter, most }))),
  ).toEqual([])
})

describe('LOCK-14 · the contract catches a rateLimiter that', () => {
  test.each(Object.entries(breakages))('%s', async (_, [make, caught]) => {
    const failed = await failuresOf(throttleContract(async () => ({ most, ...make() })))
    expect(failed).toContainEqual(expect.stringMatching(caught))
  })
})
