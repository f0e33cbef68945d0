import type { QueryRefusal } from '../engine/refusals.ts'
import type { IdentityRefusal } from '../identity/refusals.ts'
import type { WithCode } from '../kernel/coded.ts'

/** The User ID is malformed. */
export type MalformedUserId = WithCode<IdentityRefusal, 'malformed-user-id'>

/**
 * The refusals of each operation of the audit.
 *
 * @rule API-04
 */
export interface AuditRefusals {
  readonly trail: QueryRefusal | MalformedUserId
  readonly refusals: QueryRefusal | MalformedUserId
  readonly feed: QueryRefusal
  readonly records: QueryRefusal
  readonly verify: QueryRefusal | MalformedUserId
  readonly checkpoint: QueryRefusal
  readonly verifyCheckpoint: QueryRefusal
}
