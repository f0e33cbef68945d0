/** The contract of the rate limiter port finds rate limiters that violate it. */
import { rateLimiterContract } from 'ccass-2fa/testing'
import { describe, expect, test } from 'vitest'
import type { RateLimiter } from '../../src/ports/rate-limiter.ts'
import { failuresOf } from './failures.ts'

const max = 4

/** A simple rate limiter with a clock that a test moves. */
const honest = (
  keyOf = (source: string) => source,
  step?: () => Promise<void>,
  counts = new Map<string, number>(),
) => {
  const rateLimiter: RateLimiter = {
    consume: async ({ source }) => {
      const before = counts.get(keyOf(source)) ?? 0
      if (step !== undefined) await step()
      counts.set(keyOf(source), before + 1)
      return before < max ? { allowed: true } : { allowed: false, retryAfterSeconds: 10 }
    },
  }
  const advance = async (seconds: number) => {
    if (seconds >= 10) counts.clear()
  }
  return { rateLimiter, max, advance, second: async () => honest(keyOf, step, counts).rateLimiter }
}

type Made = Partial<ReturnType<typeof honest>> & { readonly rateLimiter: RateLimiter }

const refusing = (answer: unknown): Made => {
  const { rateLimiter } = honest()
  return {
    rateLimiter: {
      consume: async (attempt) => {
        const given = await rateLimiter.consume(attempt)
        return given.allowed ? given : (answer as never)
      },
    },
  }
}

const breakages: Readonly<Record<string, readonly [make: () => Made, caught: RegExp]>> = {
  'admits everyone': [
    () => ({ rateLimiter: { consume: async () => ({ allowed: true }) } }),
    /^limit · `max` attempts/,
  ],
  'admits no one': [
    () => ({ rateLimiter: { consume: async () => ({ allowed: false, retryAfterSeconds: 1 }) } }),
    /^limit · `max` attempts/,
  ],
  'counts all sources as one': [() => honest(() => ''), /^sources · each/],
  'admits without end what is not an address': [
    () => {
      const { rateLimiter, ...rest } = honest()
      const isAddress = (source: string) => /^[\d.]+$|^[\da-f:]+$/i.test(source)
      return {
        ...rest,
        rateLimiter: {
          consume: async (attempt) =>
            isAddress(attempt.source) ? rateLimiter.consume(attempt) : { allowed: true },
        },
      }
    },
    /^sources · any other text/,
  ],
  'throws at what is not an address': [
    () => honest((source) => new URL(source.includes(':') ? `http://[${source}]` : `http://${source}`).host),
    /^sources · any other text/,
  ],
  'lets other text use up an address': [
    () => honest((source) => (/^[\d.:a-f]+$/.test(source) ? source : '192.0.2.1')),
    /^sources · (?:any other text|each)/,
  ],
  'reads, and counts later': [
    () => honest(undefined, () => new Promise((resolve) => setTimeout(resolve, 0))),
    /^limit · concurrent attempts/,
  ],
  'counts apart from the others': [
    () => ({ ...honest(), second: async () => honest().rateLimiter }),
    /^limit · two rate limiters/,
  ],
  'does not say when to come back': [() => refusing({ admitted: false }), /^limit · `max` attempts/],
  'says to come back at once': [
    () => refusing({ admitted: false, retryAfterSeconds: 0 }),
    /^limit · `max` attempts/,
  ],
  'refuses for ever': [
    () => ({ ...honest(), advance: async () => {} }),
    /^limit · after the stated waiting time/,
  ],
}

test('LOCK-14 · a correct rate limiter passes the contract, with or without a clock and other limiters', async () => {
  expect(await failuresOf(rateLimiterContract(async () => honest()))).toEqual([])
  expect(
    await failuresOf(rateLimiterContract(async () => ({ rateLimiter: honest().rateLimiter, max }))),
  ).toEqual([])
})

describe('LOCK-14 · the contract catches a rate limiter that', () => {
  test.each(Object.entries(breakages))('%s', async (_, [make, caught]) => {
    const failed = await failuresOf(rateLimiterContract(async () => ({ max, ...make() })))
    expect(failed).toContainEqual(expect.stringMatching(caught))
  })
})
