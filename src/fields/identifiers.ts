import * as z from 'zod'
import { lineOfText, maxTextLength } from './text.ts'

/**
 * The schema of a User ID as typed; the parser in `identity` decides whether it is valid.
 *
 * @rule ID-01
 */
export const userIdText = lineOfText(maxTextLength)

/**
 * The schema of a participant's key, e.g. `B01234`, `BNK999`, `HKABC`.
 *
 * @rule ID-07
 */
export const participantKey = z
  .string()
  .regex(/^([A-Z][0-9]{5}|BNK[0-9]{3}|HK[A-Z0-9]{3})$/, 'must be the key of a participant, e.g. B01234')

/**
 * The schema of a user group's code: one or two capitals or digits, e.g. `11`, `A`, `WG`.
 *
 * @rule MNT-10
 */
export const userGroup = z
  .string()
  .regex(/^[0-9A-Z]{1,2}$/, 'must be a user group of 1 or 2 capitals or digits, e.g. AA')

/** The schema of the identifier of a request or form: 24 hexadecimal digits. */
export const recordId = z.string().regex(/^[0-9a-f]{24}$/, 'must be an identifier of 24 hexadecimal digits')

/**
 * The schema of a paging cursor that a previous page returned: up to 256 printable ASCII characters.
 *
 * @rule API-01
 */
export const cursor = z
  .string()
  .regex(/^[\x20-\x7e]{0,256}$/, 'must be the cursor of an earlier page: at most 256 ASCII characters')

/** The schema of an actor's name in the trail, for calls whose actor the library cannot know. */
export const actorName = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} .:@/_-]{0,127}$/u, 'must be a name of 1 to 128 characters')
