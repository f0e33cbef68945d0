import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Allowance,
  allows,
  allowsAgainAt,
  givenBack,
  unusedAllowance,
  used,
} from '../../src/lockout/rate-window.ts'
import { defaultPolicy } from '../../src/policy/policy.ts'

const policy = { most: 3, perSeconds: 60 }
const start = Date.UTC(2023, 3, 28)
const usedTimes = (count: number, now: number) =>
  Array.from({ length: count }).reduce<Allowance>(
    (allowance) => used(allowance, now, policy),
    unusedAllowance,
  )

test('LOCK-10, OTP-07 · so many uses in a period and no more', () => {
  expect([0, 1, 2, 3].map((count) => allows(usedTimes(count, start), start, policy))).toEqual([
    true,
    true,
    true,
    false,
  ])
})

test('LOCK-10, OTP-07 · a spent allowance allows again when the period is over, to the millisecond', () => {
  const spent = usedTimes(3, start)
  expect(allowsAgainAt(spent, policy)).toBe(start + 60_000)
  expect([59_999, 60_000, 60_001].map((later) => allows(spent, start + later, policy))).toEqual([
    false,
    true,
    true,
  ])
})

test('LOCK-10, OTP-07 · the period begins with its first use, and later uses do not lengthen it', () => {
  const two = used(used(unusedAllowance, start, policy), start + 59_999, policy)
  expect(two).toEqual({ used: 2, since: start })
  expect(used(two, start + 60_000, policy)).toEqual({ used: 1, since: start + 60_000 })
})

test('LOCK-10 · by default 10 wrong set-up codes in 24 hours', () => {
  const { misses } = defaultPolicy.setUp
  const use = (count: number) =>
    Array.from({ length: count }).reduce<Allowance>((a) => used(a, start, misses), unusedAllowance)
  expect([9, 10].map((count) => allows(use(count), start, misses))).toEqual([true, false])
  expect(allowsAgainAt(use(10), misses)).toBe(start + 86_400_000)
})

test('OTP-07 · a code that was not delivered is given back, and never more than were used', () => {
  const spent = usedTimes(3, start)
  expect(givenBack(spent)).toEqual({ used: 2, since: start })
  expect(allows(givenBack(spent), start, policy)).toBe(true)
  expect(givenBack(unusedAllowance)).toEqual(unusedAllowance)
})

test('OTP-07 · an allowance given back whole is as good as unused: the next use begins a period', () => {
  const returned = givenBack(usedTimes(1, start))
  expect(used(returned, start + 30_000, policy)).toEqual({ used: 1, since: start + 30_000 })
})

test('LOCK-10, OTP-07 · unused is frozen, and a use changes nothing in place', () => {
  expect(Object.isFrozen(unusedAllowance)).toBe(true)
  const one = Object.freeze({ used: 1, since: start })
  expect(used(one, start, policy)).toEqual({ used: 2, since: start })
  expect(givenBack(one)).toEqual({ used: 0, since: start })
})

test('LOCK-10, OTP-07 · any run of requests: those allowed are those that a list of their instants allows', () => {
  const anyPolicy = fc.record({
    most: fc.integer({ min: 1, max: 5 }),
    perSeconds: fc.integer({ min: 60, max: 90 }),
  })
  const waits = fc.array(fc.integer({ min: 0, max: 40_000 }), { maxLength: 40, size: 'max' })
  fc.assert(
    fc.property(anyPolicy, waits, (rules, between) => {
      let now = start
      let allowance = unusedAllowance
      let period: number[] = []
      for (const wait of between) {
        now += wait
        if (now - (period[0] ?? Number.NEGATIVE_INFINITY) >= rules.perSeconds * 1_000) period = []
        expect(allows(allowance, now, rules)).toBe(period.length < rules.most)
        if (period.length === rules.most) {
          expect(allowsAgainAt(allowance, rules)).toBeGreaterThan(now)
          continue
        }
        period.push(now)
        allowance = used(allowance, now, rules)
        expect(allowance).toEqual({ used: period.length, since: period[0] })
      }
    }),
  )
})
