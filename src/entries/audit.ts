/**
 * Audit trails and checkpoints: verification without the service, for an auditor who has only the exported records.
 *
 * @module ccass-2fa/audit
 */
export {
  type AccountTrailEntry,
  type RecordEvents,
  type RecordTrailEntry,
  trailVerifier,
} from '../aggregates.ts'
export type { RecordRange, TrailRange } from '../audit/audit.ts'
export type { CheckpointVerification, Manifest } from '../audit/verify-checkpoint.ts'
export type { VerifiedPage } from '../audit/verify-records.ts'
export type { TrailHead } from '../integrity/chain.ts'
export {
  type Checkpoint,
  type InclusionProof,
  isIncluded,
  manifestLine,
  printCheckpoint,
  proveInclusion,
  type RecordHead,
} from '../integrity/checkpoint.ts'
export type { RecordFinding, RecordFindingCode } from '../integrity/finding.ts'
export type { TrailVerifier, VerifiedTrail } from '../integrity/verifier.ts'
