import { createHash, timingSafeEqual } from 'node:crypto'
import { type Authentication, errAsync, type RefusalOf, type Session } from 'ccass-2fa'
import type { OperationResult } from './route.ts'

const notSignedIn: RefusalOf<'session-ended'> = { code: 'session-ended', rule: 'ACC-15' }

/** What stands behind `Bearer` in the header; it is a secret, and in no log. */
const bearer = (header: string | undefined): string | undefined =>
  /^Bearer (\S{1,4096})$/i.exec(header ?? '')?.[1]

/**
 * The sign-in whose sealed session was sent. That it still holds for its account is checked by each
 * operation of the library.
 */
export const sessionOf = (auth: Authentication, header: string | undefined): OperationResult<Session> => {
  const sealed = bearer(header)
  return sealed === undefined ? errAsync(notSignedIn) : auth.sessions.open({ sealed })
}

const digest = (text: string) => createHash('sha256').update(text).digest()

/** Whether a system behind the service calls. Compared by digests, in constant time. */
export const isInternal = (token: string | undefined, header: string | undefined): boolean => {
  const sent = bearer(header)
  return token !== undefined && sent !== undefined && timingSafeEqual(digest(sent), digest(token))
}
