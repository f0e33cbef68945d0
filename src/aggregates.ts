import type { AccountEvent } from './account/events.ts'
import type { AuditOf } from './audit/audit.ts'
import type { FeedEntryOf, FeedPageOf } from './audit/feed.ts'
import type { TrailEntryOf } from './audit/trail-entry.ts'
import {
  authorisationCodeAggregate,
  pendingRequestsAggregate,
  requestAggregate,
} from './dms/model/aggregates.ts'
import type { AuthorisationCodeEvent } from './dms/model/authorisation-code.ts'
import type { PendingRequestsEvent } from './dms/model/pending-requests.ts'
import type { RequestEvent } from './dms/model/request.ts'
import { eserviceAggregate, inboxAggregate, referenceCounterAggregate } from './eservices/model/aggregates.ts'
import type { EserviceEvent } from './eservices/model/events.ts'
import type { InboxEvent } from './eservices/model/inbox.ts'
import type { ReferenceCounterEvent } from './eservices/model/reference-counter.ts'
import type { TrailHead } from './integrity/chain.ts'
import type { AggregatesByKind } from './integrity/replay.ts'
import { type TrailVerifier, trailVerifierOver } from './integrity/verifier.ts'
import type { ParticipantEvent } from './participant/decide.ts'
import type { RecordKey, RecordKind, TrailEvent } from './ports/storage.ts'
import { accountAggregate } from './records/model/account-aggregate.ts'
import { participantAggregate } from './records/model/participant-aggregate.ts'
import { type RefusalEvent, refusalsAggregate } from './records/model/refusals-aggregate.ts'

/**
 * The events of each kind of record.
 *
 * @category Storage
 */
export interface RecordEvents extends Record<RecordKind, TrailEvent> {
  readonly account: AccountEvent
  readonly refusals: RefusalEvent
  readonly participant: ParticipantEvent
  readonly request: RequestEvent
  readonly 'pending-requests': PendingRequestsEvent
  readonly authorisation: AuthorisationCodeEvent
  readonly eservice: EserviceEvent
  readonly 'reference-counter': ReferenceCounterEvent
  readonly inbox: InboxEvent
}

/**
 * One entry of the trail of a record of a given kind.
 *
 * @category Storage
 */
export type RecordTrailEntry<Kind extends RecordKind> = TrailEntryOf<RecordEvents, Kind>

/**
 * One entry of an account's trail.
 *
 * @category Storage
 */
export type AccountTrailEntry = RecordTrailEntry<'account'>

/**
 * One entry of the audit feed: a trail entry and the key of its record.
 *
 * @category Storage
 */
export type FeedEntry = FeedEntryOf<RecordEvents>

/**
 * A page of the audit feed.
 *
 * @category Storage
 */
export type FeedPage = FeedPageOf<RecordEvents>

/**
 * Reads and verifies the trails of every kind of record, and creates checkpoints of them.
 *
 * @category Storage
 */
export type Audit = AuditOf<RecordEvents>

/** The aggregate of each kind of record, composed from the rooms that define them. */
export const aggregates: AggregatesByKind = {
  account: accountAggregate,
  refusals: refusalsAggregate,
  participant: participantAggregate,
  request: requestAggregate,
  'pending-requests': pendingRequestsAggregate,
  authorisation: authorisationCodeAggregate,
  eservice: eserviceAggregate,
  'reference-counter': referenceCounterAggregate,
  inbox: inboxAggregate,
}

/**
 * Creates a verifier of one record and its trail: no entry was changed, reordered, duplicated, inserted,
 * removed or cut off; the head is the last entry's hash; the state is the replay of the events; and the vault
 * holds exactly what the state refers to. Record and entries can have any shape: it never throws. Entries are
 * added one by one and not kept, so that memory is bounded.
 *
 * @param key - the key of the record; its trail is chained to it.
 * @param stored - the record, read *before* its trail: a trail only grows, so it contains every entry of the
 * record.
 * @param checkpointed - the version and head that a checkpoint states for the record.
 * @example
 * ```ts
 * const verifier = trailVerifier(key, record)
 * for (const entry of trail) verifier.add(entry)
 * const { findings } = verifier.finish()
 * ```
 * @rule AUD-01
 * @rule AUD-02
 * @category Storage
 */
export const trailVerifier: (key: RecordKey, stored: unknown, checkpointed?: TrailHead) => TrailVerifier =
  trailVerifierOver(aggregates)
