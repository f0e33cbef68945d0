import fc from 'fast-check'

/**
 * One event at the sign-in page that matters for counting attempts: a right password (which opens a further
 * sign-in) or a wrong one; a wrong or right code in an open sign-in (both factors right complete the
 * sign-in); a cancelled sign-in; another emailed code; an unlock by a Delegated Administrator or HKEX.
 *
 * @rule LOCK-03
 * @rule LOCK-06
 * @category Testing kit
 */
export type Attempt =
  | 'wrong-password'
  | 'right-password'
  | 'wrong-otp'
  | 'complete-sign-in'
  | 'cancel'
  | 'resend'
  | 'unlock'

/**
 * Sequences of events at the sign-in page. Most attempts fail, so that many runs reach the lockout, spread
 * over any number of sign-ins.
 *
 * @param bounds - `maxLength`: the maximum number of attempts per run. Default: 60, enough to lock several
 * times.
 * @rule LOCK-04
 * @category Testing kit
 */
export const attempts = ({
  maxLength = 60,
}: {
  readonly maxLength?: number
} = {}): fc.Arbitrary<readonly Attempt[]> => {
  const each = (weight: number, attempt: Attempt) => ({ weight, arbitrary: fc.constant(attempt) })
  const attempt = fc.oneof(
    each(12, 'wrong-otp'),
    each(6, 'right-password'),
    each(4, 'wrong-password'),
    each(2, 'cancel'),
    each(1, 'resend'),
    each(1, 'complete-sign-in'),
    each(1, 'unlock'),
  )
  return fc.array(attempt, { maxLength, size: 'max' })
}
