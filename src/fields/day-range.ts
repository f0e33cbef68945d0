import * as z from 'zod'

/**
 * The schema of a day in Hong Kong: `YYYY-MM-DD`, a day that exists.
 *
 * @rule ACC-06
 */
export const day = z.iso.date()

/**
 * Whether Enable From and Disable After leave at least one day on which the account can be used. Days
 * compare as texts; one that is missing or taken away leaves the range open on that side.
 *
 * @rule FLD-04
 */
export const isDayRange = ({
  enableFrom,
  disableAfter,
}: {
  readonly enableFrom?: string | null | undefined
  readonly disableAfter?: string | null | undefined
}): boolean => !enableFrom || !disableAfter || enableFrom <= disableAfter
