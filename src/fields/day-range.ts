import * as z from 'zod'

/**
 * The schema of a day in Hong Kong: `YYYY-MM-DD`, a day of the calendar.
 *
 * @rule ACC-06
 */
export const day = z.iso.date()

/**
 * Whether Enable From and Disable After leave at least one day on which the account can be used. Days are
 * compared as text; a missing or removed one leaves its side open.
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
