import { err, ok, type Result } from 'neverthrow'
import type { OtpRefusal } from './refusals.ts'

/**
 * Checks that a text has the form of a one-time code: the right number of ASCII digits. Any other text is
 * neither verified nor counted.
 *
 * @param digits - the number of digits of a code, 6–8.
 * @returns the code; or `malformed-code`.
 * @rule LOCK-06
 * @category One-time codes
 */
export const checkCodeFormat = (code: string, digits: number): Result<string, OtpRefusal> =>
  typeof code === 'string' && code.length === digits && /^[0-9]+$/.test(code)
    ? ok(code)
    : err({ code: 'malformed-code', rule: 'LOCK-06' })

/**
 * Generates a code of this many digits from random bytes; all codes are equally likely.
 *
 * @param bytes - at least 8 random bytes; the bias of the division is below 2⁻³⁰.
 * @param digits - 6–10.
 */
export const numericCode = (bytes: Uint8Array, digits: number): string => {
  const number = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0)
  return (number % 10n ** BigInt(digits)).toString().padStart(digits, '0')
}
