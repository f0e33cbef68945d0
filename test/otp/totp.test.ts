import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  enrolledTotp,
  isFreshStep,
  matchTotp,
  nextCodeAt,
  timeStepAt,
  totpCode,
  totpEnrolment,
  totpParameters,
  totpSecretBytes,
} from '../../src/otp/totp.ts'
import { definePolicy } from '../../src/policy/define.ts'
import type { Policy } from '../../src/policy/policy.ts'
import { branches } from '../support/branches.ts'

/** RFC 4226 and 6238, implemented independently. */
const reference = (secret: Uint8Array, step: number, { totp }: Policy): string => {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac(totp.algorithm, secret).update(counter).digest()
  const number = mac.readUInt32BE((mac.at(-1) ?? 0) & 15) & 0x7fffffff
  return `${number % 10 ** totp.digits}`.padStart(totp.digits, '0')
}

const base32 = (bytes: Uint8Array): string =>
  [...bytes]
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('')
    .replace(
      /.{1,5}/g,
      (bits) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(bits.padEnd(5, '0'), 2)] ?? '',
    )

const anySecret = fc.uint8Array({ minLength: 20, maxLength: 64 })
const anyInstant = fc.integer({ min: 600_000, max: Date.UTC(2200, 0) })
const anyPolicy = fc
  .record({
    algorithm: fc.constantFrom('SHA1' as const, 'SHA256' as const, 'SHA512' as const),
    digits: fc.integer({ min: 6, max: 8 }),
    periodSeconds: fc.integer({ min: 15, max: 120 }),
    windowSteps: fc.integer({ min: 0, max: 2 }),
  })
  .map((totp) => definePolicy({ totp })._unsafeUnwrap())

test('OTP-04 · a time step is 30 s, counted from 1970', () => {
  expect([0, 29_999, 30_000, 1_682_611_199_999].map((now) => timeStepAt(now))).toEqual([0, 0, 1, 56_087_039])
})

test('OTP-04 · a secret is as long as the hash of its algorithm', () => {
  expect(totpSecretBytes).toEqual({ SHA1: 20, SHA256: 32, SHA512: 64 })
})

test('OTP-04 · for any secret, instant and policy the code is that of the RFCs', () => {
  fc.assert(
    fc.property(anySecret, anyInstant, anyPolicy, (secret, now, policy) => {
      const step = Math.floor(now / 1_000 / policy.totp.periodSeconds)
      expect(timeStepAt(now, policy)).toBe(step)
      expect(totpCode(secret, now, policy)).toBe(reference(secret, step, policy))
    }),
  )
})

test('OTP-04 · codes of the current step and of one step either side match, and those two steps away do not', () => {
  const seen = branches('seven different codes')
  const policy = definePolicy({ totp: { digits: 8 } })._unsafeUnwrap()
  fc.assert(
    fc.property(anySecret, anyInstant, (secret, now) => {
      const present = Math.floor(now / 30_000)
      const code = (delta: number) => reference(secret, present + delta, policy)
      fc.pre(seen.hitIf('seven different codes', new Set([-3, -2, -1, 0, 1, 2, 3].map(code)).size === 7))
      const match = (delta: number) => matchTotp({ secret, code: code(delta), now }, policy)
      expect([-3, -2, -1, 0, 1, 2, 3].map(match)).toEqual(
        [undefined, undefined, -1, 0, 1, undefined, undefined].map((d) =>
          d === undefined ? d : present + d,
        ),
      )
    }),
  )
  seen.expectAll()
})

test('OTP-04 · under any policy the window has the configured width, and the nearest step is returned', () => {
  const seen = branches('within the window', 'outside the window')
  fc.assert(
    fc.property(
      anySecret,
      anyInstant,
      anyPolicy,
      fc.integer({ min: -3, max: 3 }),
      (secret, now, policy, delta) => {
        const present = Math.floor(now / 1_000 / policy.totp.periodSeconds)
        const code = reference(secret, present + delta, policy)
        const nearest = [0, -1, 1, -2, 2]
          .filter((step) => Math.abs(step) <= policy.totp.windowSteps)
          .find((step) => reference(secret, present + step, policy) === code)
        seen.either('within the window', 'outside the window', nearest !== undefined)
        expect(matchTotp({ secret, code, now }, policy)).toBe(
          nearest === undefined ? undefined : present + nearest,
        )
      },
    ),
  )
  seen.expectAll()
})

test('OTP-04 · a code of another secret, or one digit off, does not match', () => {
  fc.assert(
    fc.property(
      anySecret,
      anyInstant,
      fc.nat(7),
      fc.integer({ min: 1, max: 9 }),
      (secret, now, place, off) => {
        const policy = definePolicy({ totp: { digits: 8, windowSteps: 0 } })._unsafeUnwrap()
        const digits = [...totpCode(secret, now, policy)]
        digits[place] = `${(Number(digits[place]) + off) % 10}`
        expect(matchTotp({ secret, code: digits.join(''), now }, policy)).toBeUndefined()
      },
    ),
  )
})

test('OTP-04 · text that is not a code matches no step, and nothing is thrown', () => {
  const secret = new Uint8Array(20).fill(7)
  for (const code of ['', '12345', '1234567', '１２３４５６', '\ud800'.repeat(6), '1'.repeat(1_000_000)])
    expect(matchTotp({ secret, code, now: 59_000 })).toBeUndefined()
})

test('OTP-04 · the first steps of 1970 have a window too', () => {
  const secret = new Uint8Array(20).fill(7)
  const match = (at: number) => matchTotp({ secret, code: totpCode(secret, at), now: 0 })
  expect([0, 30_000, 60_000].map(match)).toEqual([0, 1, undefined])
})

test('OTP-05 · a step is valid once: none at or before the last accepted one matches', () => {
  expect([99, 100, 101].map((step) => isFreshStep(step, 100))).toEqual([false, false, true])
  const seen = branches('still within the window', 'no longer')
  fc.assert(
    fc.property(anySecret, anyInstant, fc.integer({ min: 0, max: 59_999 }), (secret, now, later) => {
      const code = totpCode(secret, now)
      const accepted = matchTotp({ secret, code, now }) ?? Number.NaN
      const again = matchTotp({ secret, code, now: now + later })
      expect(isFreshStep(accepted, accepted - 1)).toBe(true)
      // Neighbouring steps can have the same code by chance: it then belongs to the other step and is valid.
      const isMatched = seen.either('still within the window', 'no longer', again === accepted)
      expect(isMatched && isFreshStep(accepted, accepted)).toBe(false)
    }),
  )
  seen.expectAll()
})

test('OTP-04 · the enrolment is an otpauth URI with all parameters', () => {
  const { uri, secret } = totpEnrolment(new TextEncoder().encode('12345678901234567890'), 'B0123401')
  expect(secret).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')
  const { protocol, host, pathname, searchParams } = new URL(uri)
  expect([protocol, host, decodeURIComponent(pathname)]).toEqual(['otpauth:', 'totp', '/CCASS/CCMS:B0123401'])
  expect(Object.fromEntries(searchParams)).toEqual({
    issuer: 'CCASS/CCMS',
    secret,
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  })
})

test('OTP-04 · enrolment and code use only a secret’s own bytes, also as a view into a larger buffer', () => {
  fc.assert(
    fc.property(anySecret, anyInstant, anyPolicy, (secret, now, policy) => {
      const view = Uint8Array.of(1, 2, 3, ...secret, 4, 5).subarray(3, 3 + secret.length)
      expect(totpEnrolment(view, 'HKABC101', policy).secret).toBe(base32(secret))
      const shown = new URL(totpEnrolment(view, 'HKABC101', policy).uri).searchParams
      expect([shown.get('algorithm'), shown.get('digits'), shown.get('period')]).toEqual([
        policy.totp.algorithm,
        `${policy.totp.digits}`,
        `${policy.totp.periodSeconds}`,
      ])
      expect(totpCode(view, now, policy)).toBe(totpCode(secret, now, policy))
    }),
  )
})

test('OTP-12 · an enrolment is verified with its own algorithm, digits and period, and the current window', () => {
  const policyOf = (totp: Partial<Policy['totp']>) => definePolicy({ totp })._unsafeUnwrap()
  const then = policyOf({ algorithm: 'SHA256', digits: 8, periodSeconds: 60, windowSteps: 0 })
  const today = policyOf({ windowSteps: 2 })
  expect(totpParameters(then)).toEqual({ algorithm: 'SHA256', digits: 8, periodSeconds: 60 })
  expect(enrolledTotp(totpParameters(then), today)).toEqual({
    totp: { ...today.totp, algorithm: 'SHA256', digits: 8, periodSeconds: 60 },
  })
})

test('OTP-13 · the next code starts with the step after the last accepted one', () => {
  expect(nextCodeAt(10, { periodSeconds: 30 })).toBe(330_000)
  expect(nextCodeAt(0, { periodSeconds: 60 })).toBe(60_000)
})

test('OTP-04 · a value that is not text matches no step, and nothing is thrown', () => {
  const secret = new Uint8Array(20)
  for (const code of [123_456, null, undefined, { length: 6 }, ['1', '2', '3', '4', '5', '6']])
    expect(matchTotp({ secret, code: code as unknown as string, now: 0 })).toBeUndefined()
})
