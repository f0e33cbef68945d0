import * as z from 'zod'
import { isPrintable } from './text.ts'

/** The maximum UTF-16 code units of a surname, of other names, or of a person's full name. */
export const maxPersonNameLength = 128

/**
 * Whether a text can be a person's name or a part of one: 1 to 128 UTF-16 code units on one line, not blank,
 * without control, invisible, private-use or unassigned characters. A checker therefore reads exactly what is
 * stored and approved.
 *
 * @rule FLD-02
 */
const isPersonName = (text: string): boolean =>
  text.length <= maxPersonNameLength && text.trim() !== '' && isPrintable(text)

/**
 * The schema of a surname, other names, or a full name, the same for every source.
 *
 * @rule FLD-02
 */
export const personName = z
  .string()
  .refine(isPersonName, `must be a name of 1 to ${maxPersonNameLength} printable characters, not blank`)
