import type { ChangeRefusal, QueryRefusal } from '../engine/refusals.ts'
import type { IdentityRefusal } from '../identity/refusals.ts'
import type { WithCode } from '../kernel/coded.ts'
import type { RecordsRefusal } from '../records/refusals.ts'

/**
 * Refusals of a session.
 *
 * @rule ACC-15
 * @rule MIG-19
 */
export type SessionRefusal =
  /** The session has expired, or its account has changed: sign in again. */
  | { readonly code: 'session-ended'; readonly rule: 'ACC-15' }
  /** Only a session by password and OTP allows this. */
  | { readonly code: 'smartcard-session-not-allowed'; readonly rule: 'MIG-19' }

/** The session has expired, or its account has changed. */
export type SessionEnded = WithCode<SessionRefusal, 'session-ended'>

/** The refusal for a session that is not, or no longer, current. */
export const sessionEnded = {
  code: 'session-ended',
  rule: 'ACC-15',
} as const satisfies SessionEnded

/** The refusals of each operation of access evaluation. */
export interface AccessRefusals {
  readonly evaluate:
    | QueryRefusal
    | WithCode<IdentityRefusal, 'malformed-user-id'>
    | WithCode<RecordsRefusal, 'unknown-account'>
}

/** The refusals of each operation of sessions. */
export interface SessionRefusals {
  readonly check: QueryRefusal | SessionEnded
  readonly seal: QueryRefusal | SessionEnded
  readonly open: QueryRefusal | SessionEnded
  readonly list: QueryRefusal | SessionEnded
  readonly signOut: ChangeRefusal | SessionEnded
  readonly end: ChangeRefusal | SessionEnded
  readonly endAll: ChangeRefusal | SessionEnded
  readonly endOthers: ChangeRefusal | SessionEnded
}
