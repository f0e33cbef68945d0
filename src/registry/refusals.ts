import type { ChangeRefusal, QueryRefusal } from '../engine/refusals.ts'
import type { IdentityRefusal } from '../identity/refusals.ts'
import type { WithCode } from '../kernel/coded.ts'
import type { RecordsRefusal } from '../records/refusals.ts'

/** The User ID is malformed. */
export type MalformedUserId = WithCode<IdentityRefusal, 'malformed-user-id'>
type UnknownAccount = WithCode<RecordsRefusal, 'unknown-account'>

/**
 * The refusals of each operation of the registry.
 *
 * @rule API-04
 */
export interface RegistryRefusals {
  readonly register:
    | ChangeRefusal
    | WithCode<IdentityRefusal, 'malformed-user-id' | 'looks-like-administrator'>
    | WithCode<RecordsRefusal, 'user-id-taken' | 'quota-exceeded' | 'dates-reversed'>
  readonly change:
    | ChangeRefusal
    | MalformedUserId
    | WithCode<RecordsRefusal, 'unknown-account' | 'dates-reversed'>
  readonly unlock: ChangeRefusal | MalformedUserId | UnknownAccount
  readonly delete: ChangeRefusal | MalformedUserId | UnknownAccount
  readonly endSessions: ChangeRefusal | MalformedUserId | UnknownAccount
  readonly setMaximum: ChangeRefusal
  readonly totals: QueryRefusal
  readonly view: QueryRefusal | MalformedUserId | UnknownAccount
}
