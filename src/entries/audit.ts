/**
 * Audit trails and checkpoints: verification without the service, for an auditor who has only the exported records.
 *
 * @module ccass-2fa/audit
 */
export {
  type AccountTrailEntry,
  type FeedEntry,
  type FeedPage,
  type RecordEvents,
  type RecordTrailEntry,
  trailVerifier,
} from '../aggregates.ts'
export type { RecordRange, TrailRange } from '../audit/audit.ts'
export type { KeepLines, StoppedCheckpoint } from '../audit/create-checkpoint.ts'
export type { FeedRange } from '../audit/feed.ts'
export { feedPages } from '../audit/feed-pages.ts'
export type { Manifest } from '../audit/manifest.ts'
export {
  type OscalComponentDefinition,
  type OscalProperty,
  oscalComponentDefinition,
} from '../audit/model/standards/oscal.ts'
export { standardsPage } from '../audit/model/standards/page.ts'
export {
  type StandardFinding,
  type StandardsReport,
  standardsReport,
} from '../audit/model/standards/report.ts'
export type { Standard, StandardsScope, StandardVerdict } from '../audit/model/standards/requirement.ts'
export type { CheckpointVerification } from '../audit/verify-checkpoint.ts'
export type { VerifiedPage } from '../audit/verify-records.ts'
export type { TrailHead } from '../integrity/chain.ts'
export {
  type Checkpoint,
  formatCheckpoint,
  type InclusionProof,
  isIncluded,
  manifestLine,
  proveInclusion,
  type RecordHead,
} from '../integrity/checkpoint.ts'
export type { RecordFinding, RecordFindingCode } from '../integrity/finding.ts'
export { type ErasedRecord, erasedValue } from '../integrity/personal-data.ts'
export type { TrailVerifier, VerifiedTrail } from '../integrity/verifier.ts'
export type { RetentionPage } from '../personal-data/personal-data.ts'
export {
  type ErasedThrough,
  type PersonalDataErased,
  type PersonalDataKind,
  type PersonalReference,
  personalDataKinds,
} from '../ports/personal-data.ts'
export type { JournalEntry } from '../ports/storage.ts'
