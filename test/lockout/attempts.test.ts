import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  completesFailedSignIn,
  countFailedSignIns,
  type FailedAttempts,
  noFailedAttempts,
  reachesLockout,
  withWrongOtp,
  withWrongPassword,
} from '../../src/lockout/attempts.ts'
import { definePolicy } from '../../src/policy/define.ts'
import { defaultPolicy } from '../../src/policy/policy.ts'
import { branches } from '../support/branches.ts'

const times = (
  count: number,
  more: (attempts: FailedAttempts) => FailedAttempts,
  from: FailedAttempts = noFailedAttempts,
) => Array.from({ length: count }).reduce<FailedAttempts>((attempts) => more(attempts), from)

const anyPolicy = fc
  .record({
    failedSignIns: fc.integer({ min: 1, max: 5 }),
    otpFailuresPerFailedSignIn: fc.integer({ min: 1, max: 3 }),
  })
  .map((lockout) => definePolicy({ lockout })._unsafeUnwrap())
const anyRun = fc.array(fc.constantFrom('password' as const, 'otp' as const), { maxLength: 40, size: 'max' })
const after = (run: readonly ('password' | 'otp')[]) =>
  run.reduce<FailedAttempts>(
    (a, miss) => (miss === 'otp' ? withWrongOtp(a) : withWrongPassword(a)),
    noFailedAttempts,
  )

test('LOCK-01 · five wrong passwords lock the account, and four do not', () => {
  expect(reachesLockout(noFailedAttempts)).toBe(false)
  expect([4, 5, 6].map((count) => reachesLockout(times(count, withWrongPassword)))).toEqual([
    false,
    true,
    true,
  ])
})

test('LOCK-02 · three consecutive wrong OTPs count as one unsuccessful sign-in', () => {
  expect([0, 1, 2, 3, 4, 5, 6].map((count) => countFailedSignIns(times(count, withWrongOtp)))).toEqual([
    0, 0, 0, 1, 1, 1, 2,
  ])
})

test('LOCK-04 · of at most 15 wrong OTPs the 14th does not lock the account and the 15th does', () => {
  expect(reachesLockout(times(14, withWrongOtp))).toBe(false)
  expect(reachesLockout(times(15, withWrongOtp))).toBe(true)
})

test('LOCK-04 · a wrong password between them does not interrupt a run of wrong OTPs', () => {
  const between = withWrongOtp(withWrongPassword(times(2, withWrongOtp)))
  expect(between).toEqual({ passwords: 1, otps: 3 })
  expect(countFailedSignIns(between)).toBe(2)
})

test('LOCK-01, LOCK-04 · an account is locked exactly when p + ⌊o/3⌋ ≥ 5, for every p and o', () => {
  for (let passwords = 0; passwords <= 12; passwords++)
    for (let otps = 0; otps <= 48; otps++) {
      const threes = (otps - (otps % 3)) / 3
      expect(reachesLockout({ passwords, otps })).toBe(passwords + threes >= 5)
      expect(reachesLockout(times(otps, withWrongOtp, times(passwords, withWrongPassword)))).toBe(
        passwords + threes >= 5,
      )
    }
})

test('LOCK-04 · only the numbers of attempts count, in any order and under any policy', () => {
  const seen = branches('locked', 'not locked')
  fc.assert(
    fc.property(anyRun, anyPolicy, (run, policy) => {
      const otps = run.filter((miss) => miss === 'otp').length
      const passwords = run.length - otps
      const { failedSignIns: most, otpFailuresPerFailedSignIn: misses } = policy.lockout
      expect(after(run)).toEqual({ passwords, otps })
      const remaining = (most - passwords) * misses
      expect(reachesLockout(after(run), policy)).toBe(seen.either('locked', 'not locked', otps >= remaining))
    }),
  )
  seen.expectAll()
})

test('LOCK-01, LOCK-04 · no sequence has more than 15 wrong OTPs or 5 wrong passwords before the lock', () => {
  const seen = branches('locked', 'not locked')
  fc.assert(
    fc.property(anyRun, anyPolicy, (run, policy) => {
      const last = run.findIndex((_, i) => reachesLockout(after(run.slice(0, i + 1)), policy))
      const isLocked = seen.either('locked', 'not locked', last >= 0)
      const { passwords, otps } = after(isLocked ? run.slice(0, last + 1) : run)
      expect(otps).toBeLessThanOrEqual(15)
      expect(passwords).toBeLessThanOrEqual(5)
    }),
  )
  seen.expectAll()
})

test('LOCK-01, LOCK-02 · a policy may lock earlier than the default and never later, and further attempts never undo a lock', () => {
  const seen = branches('locked by default', 'locked by the policy', 'locked by the policy alone')
  fc.assert(
    fc.property(anyRun, anyPolicy, (run, policy) => {
      const attempts = after(run)
      const isLocked = reachesLockout(attempts, policy)
      const byDefault = reachesLockout(attempts, defaultPolicy)
      if (seen.hitIf('locked by default', byDefault)) expect(isLocked).toBe(true)
      seen.hitIf('locked by the policy alone', isLocked && !byDefault)
      if (seen.hitIf('locked by the policy', isLocked)) {
        expect(reachesLockout(withWrongOtp(attempts), policy)).toBe(true)
        expect(reachesLockout(withWrongPassword(attempts), policy)).toBe(true)
      }
    }),
  )
  seen.expectAll()
})

test('LOCK-05 · every third wrong OTP completes a failed sign-in, regardless of wrong passwords', () => {
  const completing = (passwords: number) =>
    [0, 1, 2, 3, 4, 5, 6, 15].filter((otps) => completesFailedSignIn({ passwords, otps }))
  expect([0, 1, 4].map(completing)).toEqual([
    [3, 6, 15],
    [3, 6, 15],
    [3, 6, 15],
  ])
})

test('LOCK-02, LOCK-05 · a wrong OTP completes a failed sign-in exactly when it adds one to the count', () => {
  const seen = branches('completes a failed sign-in', 'does not')
  fc.assert(
    fc.property(anyRun, anyPolicy, (run, policy) => {
      const before = after(run)
      const added = countFailedSignIns(withWrongOtp(before), policy) - countFailedSignIns(before, policy)
      const completes = completesFailedSignIn(withWrongOtp(before), policy)
      expect(added).toBe(seen.either('completes a failed sign-in', 'does not', completes) ? 1 : 0)
    }),
  )
  seen.expectAll()
})

test('LOCK-03 · an account starts without failed attempts, and this value cannot be modified', () => {
  expect(noFailedAttempts).toEqual({ passwords: 0, otps: 0 })
  expect(Object.isFrozen(noFailedAttempts)).toBe(true)
  const one = Object.freeze({ passwords: 1, otps: 1 })
  expect([withWrongPassword(one), withWrongOtp(one)]).toEqual([
    { passwords: 2, otps: 1 },
    { passwords: 1, otps: 2 },
  ])
})
