import { expect, test } from 'vitest'
import { matchTotp, totpCode } from '../../src/otp/totp.ts'

/** RFC 4226, appendix D: the HOTP values of counters 0 to 9 for the ASCII secret below. */
const secret = new TextEncoder().encode('12345678901234567890')
const hotp = [
  [0, '755224'],
  [1, '287082'],
  [2, '359152'],
  [3, '969429'],
  [4, '338314'],
  [5, '254676'],
  [6, '287922'],
  [7, '162583'],
  [8, '399871'],
  [9, '520489'],
] as const

test.each(hotp)(
  'OTP-04 · RFC 4226: time step %i of 30 s has the HOTP value %s, from end to end',
  (step, code) => {
    for (const now of [step * 30_000, step * 30_000 + 29_999]) {
      expect(totpCode(secret, now)).toBe(code)
      expect(matchTotp({ secret, code, now })).toBe(step)
    }
  },
)
