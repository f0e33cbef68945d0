import * as z from 'zod'

/**
 * Whether a text can be the serial number (SRN) of a smartcard: 1 to 32 ASCII letters and digits. A long
 * number that a spreadsheet changed, such as `1.01101E+23`, is not one.
 *
 * @rule FLD-03
 */
export const isSmartcardSerial = (text: string): boolean => /^[0-9A-Za-z]{1,32}$/.test(text)

/**
 * The schema of a smartcard's serial number, the same for every source.
 *
 * @rule FLD-03
 */
export const smartcardSerial = z
  .string()
  .refine(isSmartcardSerial, 'must be a serial number of 1 to 32 letters and digits')
