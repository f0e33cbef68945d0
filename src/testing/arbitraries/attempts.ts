import fc from 'fast-check'

/**
 * One thing that someone does at the sign-in page, as far as attempts are counted: a password, right (it
 * opens one more sign-in) or wrong; a code in one of the open sign-ins, wrong or right (both factors: a
 * complete sign-in); a sign-in given up; another emailed code; an unlock by a Delegated Administrator or HKEX.
 *
 * @rule LOCK-03
 * @rule LOCK-06
 * @category Testing kit
 */
export type Attempt =
  | 'wrong-password'
  | 'right-password'
  | 'wrong-otp'
  | 'complete-login'
  | 'cancel'
  | 'resend'
  | 'unlock'

/**
 * What happens at the sign-in page, one thing after the other: mostly misses, so that many runs come to
 * the lock, spread over any number of sign-ins.
 *
 * @param bounds - `maxLength`: the most attempts of a run; 60 if left out, enough to lock several times.
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
    each(1, 'complete-login'),
    each(1, 'unlock'),
  )
  return fc.array(attempt, { maxLength, size: 'max' })
}
