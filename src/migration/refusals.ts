import type { ChangeRefusal, QueryRefusal } from '../engine/refusals.ts'

/**
 * Refusals of the migration's jobs.
 *
 * @rule MIG-02
 * @rule MIG-16
 */
export type MigrationRefusal =
  /** The service has no timeline. */
  | { readonly code: 'no-timeline'; readonly rule: 'MIG-02' }
  /** The listing stopped after this line; everything up to it is done. `onError` receives the error. */
  | { readonly code: 'listing-interrupted'; readonly rule: 'MIG-16'; readonly line: number }

/** The refusals of each operation of the migration. */
export interface MigrationRefusals {
  readonly plan: QueryRefusal | MigrationRefusal
  readonly apply: ChangeRefusal | MigrationRefusal
  readonly reconcile: QueryRefusal | MigrationRefusal
  readonly notInitialised: QueryRefusal
  readonly expiring: QueryRefusal
  readonly lateRegistrations: QueryRefusal
  readonly decommissionSmartcards: ChangeRefusal
}
