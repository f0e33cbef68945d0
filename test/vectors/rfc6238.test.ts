import { describe, expect, test } from 'vitest'
import { matchTotp, timeStepAt, totpCode, totpSecretBytes } from '../../src/otp/totp.ts'
import { definePolicy } from '../../src/policy/define.ts'

/** RFC 6238, appendix B: seconds, T in hexadecimal, and the codes of the three algorithms. */
const rows = [
  [59, '0000000000000001', '94287082', '46119246', '90693936'],
  [1111111109, '00000000023523EC', '07081804', '68084774', '25091201'],
  [1111111111, '00000000023523ED', '14050471', '67062674', '99943326'],
  [1234567890, '000000000273EF07', '89005924', '91819424', '93441116'],
  [2000000000, '0000000003F940AA', '69279037', '90698825', '38618901'],
  [20000000000, '0000000027BC86AA', '65353130', '77737706', '47863826'],
] as const

const vectors = rows.flatMap(([seconds, step, sha1, sha256, sha512]) => [
  { algorithm: 'SHA1' as const, seconds, step, code: sha1 },
  { algorithm: 'SHA256' as const, seconds, step, code: sha256 },
  { algorithm: 'SHA512' as const, seconds, step, code: sha512 },
])

/** The seeds of the RFC's reference code: the ten digits repeated to the length of the hash. */
const seeds = { SHA1: 20, SHA256: 32, SHA512: 64 }

describe.each(vectors)('$algorithm at $seconds s', ({ algorithm, seconds, step, code }) => {
  const secret = new TextEncoder().encode('1234567890'.repeat(7).slice(0, seeds[algorithm]))
  const policy = definePolicy({ totp: { algorithm, digits: 8 } })._unsafeUnwrap()
  const now = seconds * 1_000

  test('OTP-04 · RFC 6238: code and time step are correct', () => {
    expect(secret).toHaveLength(totpSecretBytes[algorithm])
    expect(totpCode(secret, now, policy)).toBe(code)
    expect(timeStepAt(now, policy)).toBe(Number.parseInt(step, 16))
  })

  test('OTP-04 · RFC 6238: the code matches one step either side and no further', () => {
    const match = (steps: number) => matchTotp({ secret, code, now: now + steps * 30_000 }, policy)
    const expected = Number.parseInt(step, 16)
    expect([-2, -1, 0, 1, 2].map(match)).toEqual([undefined, expected, expected, expected, undefined])
  })
})
