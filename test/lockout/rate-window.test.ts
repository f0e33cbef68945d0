import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  consumeRateLimit,
  emptyRateWindow,
  isWithinRateLimit,
  type RateWindow,
  rateLimitResetAt,
  refundRateLimit,
} from '../../src/lockout/rate-window.ts'
import { defaultPolicy } from '../../src/policy/policy.ts'
import { branches } from '../support/branches.ts'

const policy = { max: 3, perSeconds: 60 }
const start = Date.UTC(2023, 3, 28)
const usedTimes = (count: number, now: number) =>
  Array.from({ length: count }).reduce<RateWindow>(
    (allowance) => consumeRateLimit(allowance, now, policy),
    emptyRateWindow,
  )

test('LOCK-10, OTP-07 · a rate window allows its number of uses in a period and no more', () => {
  expect([0, 1, 2, 3].map((count) => isWithinRateLimit(usedTimes(count, start), start, policy))).toEqual([
    true,
    true,
    true,
    false,
  ])
})

test('LOCK-10, OTP-07 · a used-up rate window allows again when its period ends, to the millisecond', () => {
  const spent = usedTimes(3, start)
  expect(rateLimitResetAt(spent, policy)).toBe(start + 60_000)
  expect([59_999, 60_000, 60_001].map((later) => isWithinRateLimit(spent, start + later, policy))).toEqual([
    false,
    true,
    true,
  ])
})

test('LOCK-10, OTP-07 · the period starts with its first use, and later uses do not extend it', () => {
  const two = consumeRateLimit(consumeRateLimit(emptyRateWindow, start, policy), start + 59_999, policy)
  expect(two).toEqual({ used: 2, since: start })
  expect(consumeRateLimit(two, start + 60_000, policy)).toEqual({ used: 1, since: start + 60_000 })
})

test('LOCK-10 · the default is 10 wrong set-up codes in 24 hours', () => {
  const { failedAttempts: misses } = defaultPolicy.enrolment
  const use = (count: number) =>
    Array.from({ length: count }).reduce<RateWindow>(
      (a) => consumeRateLimit(a, start, misses),
      emptyRateWindow,
    )
  expect([9, 10].map((count) => isWithinRateLimit(use(count), start, misses))).toEqual([true, false])
  expect(rateLimitResetAt(use(10), misses)).toBe(start + 86_400_000)
})

test('OTP-07 · an undelivered code is refunded, and never more than was used', () => {
  const spent = usedTimes(3, start)
  expect(refundRateLimit(spent)).toEqual({ used: 2, since: start })
  expect(isWithinRateLimit(refundRateLimit(spent), start, policy)).toBe(true)
  expect(refundRateLimit(emptyRateWindow)).toEqual(emptyRateWindow)
})

test('OTP-07 · a window that is refunded completely is unused, and the next use starts a new period', () => {
  const returned = refundRateLimit(usedTimes(1, start))
  expect(consumeRateLimit(returned, start + 30_000, policy)).toEqual({ used: 1, since: start + 30_000 })
})

test('LOCK-10, OTP-07 · the unused window is frozen, and a use modifies nothing in place', () => {
  expect(Object.isFrozen(emptyRateWindow)).toBe(true)
  const one = Object.freeze({ used: 1, since: start })
  expect(consumeRateLimit(one, start, policy)).toEqual({ used: 2, since: start })
  expect(refundRateLimit(one)).toEqual({ used: 0, since: start })
})

test('LOCK-10, OTP-07 · for any requests, those allowed are those that a list of their instants allows', () => {
  const anyPolicy = fc.record({
    max: fc.integer({ min: 1, max: 5 }),
    perSeconds: fc.integer({ min: 60, max: 90 }),
  })
  const waits = fc.array(fc.integer({ min: 0, max: 40_000 }), { maxLength: 40, size: 'max' })
  const seen = branches('allowed', 'not allowed', 'a new period')
  fc.assert(
    fc.property(anyPolicy, waits, (rules, between) => {
      let now = start
      let allowance = emptyRateWindow
      let period: number[] = []
      for (const wait of between) {
        now += wait
        if (seen.hitIf('a new period', now - (period[0] ?? now) >= rules.perSeconds * 1_000)) period = []
        const isAllowed = seen.either('allowed', 'not allowed', period.length < rules.max)
        expect(isWithinRateLimit(allowance, now, rules)).toBe(isAllowed)
        if (!isAllowed) {
          expect(rateLimitResetAt(allowance, rules)).toBeGreaterThan(now)
          continue
        }
        period.push(now)
        allowance = consumeRateLimit(allowance, now, rules)
        expect(allowance).toEqual({ used: period.length, since: period[0] })
      }
    }),
  )
  seen.expectAll()
})
