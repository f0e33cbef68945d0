import * as z from 'zod'
import { Session } from './session.ts'

/** A session that this library made. */
export const sessionSchema = z.custom<Session>(
  (value) => Session.detailsOf(value) !== undefined,
  'must be a session',
)
