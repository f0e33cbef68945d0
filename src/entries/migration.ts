/**
 * The migration from smartcards: reading User Profile Listings, planning and reconciling them, and what the migration
 * operations of the service take and return.
 *
 * @module ccass-2fa/migration
 */
export type { ApplyTotals } from '../migration/apply-plans.ts'
export type { DecommissioningResult } from '../migration/decommission-smartcards.ts'
export type {
  ApplyInput,
  ApplyReport,
  ListingInput,
  ListingRun,
  PlanInput,
  Progress,
  ReconcileInput,
  ReconcileReport,
} from '../migration/jobs.ts'
export type { ListingLine, ListingLines, RunStatus } from '../migration/listing-stream.ts'
export type {
  AccountPlan,
  PlanReadings,
  PlanStatus,
  PlanWarning,
  ReadLine,
} from '../migration/model/account-plan.ts'
export { type ChecklistItem, type ChecklistPoint, checklistPoints } from '../migration/model/checklist.ts'
export {
  type BlockedReason,
  type Finding,
  type FindingCode,
  type FindingKind,
  findingCodes,
  findingKinds,
  type RefusedReason,
  type Remedy,
  type RemedyRoute,
} from '../migration/model/findings.ts'
export {
  type ListedAccount,
  type ListingProblem,
  type ListingProblemCode,
  type ListingRow,
  type ListingWarning,
  readListingCells,
  readListingRow,
  type UnreadableLine,
} from '../migration/model/listing.ts'
export {
  type ListingColumn,
  type ListingHeader,
  listingColumns,
  type NotAListing,
  readListingHeader,
} from '../migration/model/listing-header.ts'
export type {
  ListedPlan,
  ParticipantPlan,
  PlanTask,
  PlanTotals,
} from '../migration/model/participant-plan.ts'
export {
  type ListingPlan,
  type ListingPlanner,
  listingPlanner,
  type PlanOptions,
} from '../migration/model/plan.ts'
export {
  type ComparedField,
  type PendingStep,
  type ReconciledAccount,
  type ReconciliationContext,
  type ReconciliationOutcome,
  reconcileAccount,
  reconciliationOutcomes,
} from '../migration/model/reconcile.ts'
export {
  type ListingReconciler,
  type ListingReconciliation,
  listingReconciler,
  type ParticipantReconciliation,
  type ReconciliationOptions,
  type ReconciliationTotals,
} from '../migration/model/reconciler.ts'
export type {
  AccountPage,
  AccountPageInput,
  Contact,
  ExpiringAccount,
  LateRegistration,
  UninitialisedAccount,
} from '../migration/queries.ts'
