import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type CodePurpose,
  emailCodeExpiry,
  emailCodeFrom,
  emailCodeMessage,
} from '../../src/otp/email-code.ts'
import { definePolicy } from '../../src/policy/define.ts'
import { branches } from '../support/branches.ts'

const bytesOf = (number: bigint) => Uint8Array.from(Buffer.from(number.toString(16).padStart(16, '0'), 'hex'))
const withDigits = (digits: number) => definePolicy({ emailCode: { digits } })._unsafeUnwrap()
const anyNumber = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const anyDigits = fc.integer({ min: 6, max: 8 })

test('OTP-06 · an emailed code has 6 digits, with leading zeros', () => {
  const codes = [0n, 42n, 999_999n, 1_000_000n, 2n ** 64n - 1n].map((number) =>
    emailCodeFrom(bytesOf(number)),
  )
  expect(codes).toEqual(['000000', '000042', '999999', '000000', '551615'])
})

test.each(['password', 'enrolment'] as const)(
  'LOCK-15 · a code for %s has the number of digits of a set-up code',
  (purpose) => {
    const policy = definePolicy({ emailCode: { digits: 6 }, enrolment: { codeDigits: 7 } })._unsafeUnwrap()
    expect(emailCodeFrom(bytesOf(42n), policy, purpose)).toBe('0000042')
    expect(emailCodeFrom(bytesOf(42n), policy, 'sign-in')).toBe('000042')
  },
)

test('OTP-06 · any bytes give the right number of digits, regardless of the surrounding buffer', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 8, maxLength: 24 }),
      fc.nat(16),
      anyDigits,
      (bytes, at, digits) => {
        const view = Uint8Array.of(...Array.from({ length: at }, () => 0xff), ...bytes, 0xff).subarray(at)
        const code = emailCodeFrom(view, withDigits(digits))
        expect(code).toMatch(new RegExp(`^[0-9]{${digits}}$`))
        expect(code).toBe(emailCodeFrom(bytes, withDigits(digits)))
      },
    ),
  )
})

test('OTP-06 · every code is equally likely: numbers share a code exactly when congruent', () => {
  const seen = branches('one code', 'two codes')
  fc.assert(
    fc.property(
      anyNumber,
      fc.option(anyNumber, { freq: 2 }),
      fc.bigInt({ min: 0n, max: 2n ** 64n }),
      anyDigits,
      (a, other, jump, digits) => {
        const codes = 10n ** BigInt(digits)
        const code = (number: bigint) => emailCodeFrom(bytesOf(number), withDigits(digits))
        // No two random numbers are congruent: half of the time the other one is made so.
        const b = other ?? (a % codes) + (jump % (2n ** 64n / codes)) * codes
        const isShared = seen.either('one code', 'two codes', a % codes === b % codes)
        expect(code(a) === code(b)).toBe(isShared)
        expect(BigInt(code(a))).toBe(a % codes)
      },
    ),
  )
  seen.expectAll()
})

test('OTP-06 · digits are evenly distributed at every position (chi-square, 10,000 codes)', () => {
  const codes = Array.from({ length: 10_000 }, (_, i) =>
    emailCodeFrom(createHash('sha256').update(`code ${i}`).digest()),
  )
  for (let place = 0; place < 6; place++) {
    const counts = Array.from({ length: 10 }, (_, d) => codes.filter((code) => code[place] === `${d}`).length)
    const chiSquare = counts.reduce((sum, count) => sum + (count - 1_000) ** 2 / 1_000, 0)
    expect(chiSquare).toBeLessThan(27.9) // 9 degrees of freedom: p < 0.001
  }
})

test('OTP-06 · it is valid for 5 minutes, or for the period of the policy', () => {
  expect(emailCodeExpiry(1_000)).toBe(301_000)
  expect(emailCodeExpiry(1_000, definePolicy({ emailCode: { validSeconds: 60 } })._unsafeUnwrap())).toBe(
    61_000,
  )
})

test('OTP-06 · its keyed hash is bound to account, purpose and code: no two share a text', () => {
  const seen = branches('the same account, purpose and code', 'others')
  const issued = fc.tuple(
    fc.constantFrom('B0123401', 'B0123402', 'HKABC101'),
    fc.constantFrom<CodePurpose>('sign-in', 'password', 'enrolment'),
    fc.constantFrom('000000', '000001', '0000000', '00000000'),
  )
  // Now and then the same one twice.
  const two = fc.tuple(issued, fc.option(issued, { freq: 2 }))
  fc.assert(
    fc.property(two, ([a, other]) => {
      const b = other ?? a
      const isSame = a.every((part, i) => part === b[i])
      expect(emailCodeMessage(...a) === emailCodeMessage(...b)).toBe(
        seen.either('the same account, purpose and code', 'others', isSame),
      )
    }),
  )
  seen.expectAll()
})
