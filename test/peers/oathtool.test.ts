/**
 * An independent authenticator: oathtool (OATH Toolkit) and the library show and accept the same codes.
 * Run by `OATHTOOL=1 vitest run --config test/peers/vitest.config.ts`; oathtool must be installed.
 */
import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { matchTotp, timeStepAt, totpCode, totpEnrolment } from '../../src/otp/totp.ts'
import { definePolicy } from '../../src/policy/define.ts'
import type { Policy } from '../../src/policy/policy.ts'
import { branches } from '../support/branches.ts'

const oathtool = (...args: readonly string[]): string =>
  execFileSync('oathtool', [...args], { encoding: 'utf8' }).trim()

/** The code that oathtool shows, given the secret in Base32 as a person would enter it. */
const shownBy = (base32: string, now: number, { totp }: Policy): string =>
  oathtool(
    `--totp=${totp.algorithm.toLowerCase()}`,
    `--digits=${totp.digits}`,
    `--time-step-size=${totp.periodSeconds}s`,
    `--now=@${Math.floor(now / 1_000)}`,
    '--base32',
    base32,
  )

const secret = fc.uint8Array({ minLength: 16, maxLength: 64 })
const instant = fc.integer({ min: 600_000, max: Date.UTC(2100, 0) })
const policy = fc
  .record({
    algorithm: fc.constantFrom('SHA1' as const, 'SHA256' as const, 'SHA512' as const),
    digits: fc.constantFrom(6, 7, 8),
    periodSeconds: fc.integer({ min: 15, max: 120 }),
  })
  .map((totp) => definePolicy({ totp })._unsafeUnwrap())
const given = fc.record({ secret, instant, policy })

describe.skipIf(process.env['OATHTOOL'] !== '1')('oathtool, with OATHTOOL=1', () => {
  beforeAll(() => {
    expect(oathtool('--version')).toMatch(/^oathtool \(OATH Toolkit\) \d/)
  })

  test('OTP-04 it computes the same code as the library', () => {
    fc.assert(
      fc.property(given, ({ secret: bytes, instant: now, policy: rules }) => {
        const { secret: base32 } = totpEnrolment(bytes, 'B0123401', rules)
        expect(totpCode(bytes, now, rules)).toBe(shownBy(base32, now, rules))
      }),
    )
  })

  test('OTP-04 its code of one step before or after is accepted as that step', () => {
    fc.assert(
      fc.property(
        given,
        fc.constantFrom(-1, 0, 1),
        ({ secret: bytes, instant: now, policy: rules }, steps) => {
          const { secret: base32 } = totpEnrolment(bytes, 'B0123401', rules)
          const shownAt = now + steps * rules.totp.periodSeconds * 1_000
          const code = shownBy(base32, shownAt, rules)
          const step = matchTotp({ secret: bytes, code, now }, rules)
          // Codes of neighbouring steps can coincide; the nearest one is then returned.
          expect(totpCode(bytes, (step ?? 0) * rules.totp.periodSeconds * 1_000, rules)).toBe(code)
          expect(Math.abs((step ?? 0) - timeStepAt(now, rules))).toBeLessThanOrEqual(1)
        },
      ),
    )
  })

  test('OTP-04 its code of two steps away is refused', () => {
    const seen = branches('a code of no nearer step')
    fc.assert(
      fc.property(given, fc.constantFrom(-2, 2), ({ secret: bytes, instant: now, policy: rules }, steps) => {
        const { secret: base32 } = totpEnrolment(bytes, 'B0123401', rules)
        const period = rules.totp.periodSeconds * 1_000
        const code = shownBy(base32, now + steps * period, rules)
        const nearer = [-1, 0, 1].map((near) => totpCode(bytes, now + near * period, rules))
        fc.pre(seen.hitIf('a code of no nearer step', !nearer.includes(code)))
        expect(matchTotp({ secret: bytes, code, now }, rules)).toBeUndefined()
      }),
    )
    seen.expectAll()
  })
})
