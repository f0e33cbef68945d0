import * as z from 'zod'
import { Session } from './session.ts'

/**
 * The schema of a session that this library created.
 *
 * @rule ACC-15
 */
export const sessionSchema = z.custom<Session>(
  (value) => Session.detailsOf(value) !== undefined,
  'must be a session',
)
