import { createHash, timingSafeEqual } from 'node:crypto'
import { type Authentication, errAsync, type RefusalOf, type Session } from 'ccass-2fa'
import type { OperationResult } from './route.ts'

const notSignedIn: RefusalOf<'session-ended'> = { code: 'session-ended', rule: 'ACC-15' }

/** The value after `Bearer` in the header. It is a secret and never logged. */
const bearer = (header: string | undefined): string | undefined =>
  /^Bearer (\S{1,4096})$/i.exec(header ?? '')?.[1]

/**
 * The session that was sent sealed. Each operation of the library checks that it is still valid.
 */
export const sessionOf = (auth: Authentication, header: string | undefined): OperationResult<Session> => {
  const sealed = bearer(header)
  return sealed === undefined ? errAsync(notSignedIn) : auth.sessions.open({ sealed })
}

const digest = (text: string) => createHash('sha256').update(text).digest()

/** Whether the caller is an internal system. Compares digests in constant time. */
export const isInternal = (token: string | undefined, header: string | undefined): boolean => {
  const sent = bearer(header)
  return token !== undefined && sent !== undefined && timingSafeEqual(digest(sent), digest(token))
}
