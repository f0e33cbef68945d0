import { err, ok, type Result } from 'neverthrow'
import type { RefusalOf } from '../kernel/refusal.ts'

/**
 * Whether a text is a one-time code at all: ASCII digits, exactly so many. What is none is not verified
 * and not counted.
 *
 * @param digits - how many digits the codes have, 6–8.
 * @returns the code; or `malformed-code`.
 * @rule LOCK-06
 */
export const checkCodeForm = (code: string, digits: number): Result<string, RefusalOf<'malformed-code'>> =>
  typeof code === 'string' && code.length === digits && /^[0-9]+$/.test(code)
    ? ok(code)
    : err({ code: 'malformed-code', rule: 'LOCK-06' })
