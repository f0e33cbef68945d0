import type { AccountEvent } from './account/events.ts'
import type { AuditOf } from './audit/audit.ts'
import type { FeedEntryOf, FeedPageOf } from './audit/feed.ts'
import type { TrailEntryOf } from './audit/trail-entry.ts'
import { authorisationCodeAggregate, requestAggregate } from './dms/model/aggregates.ts'
import type { AuthorisationCodeEvent } from './dms/model/authorisation-code.ts'
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
  readonly authorisation: AuthorisationCodeEvent
  readonly eservice: EserviceEvent
  readonly 'reference-counter': ReferenceCounterEvent
  readonly inbox: InboxEvent
}

/**
 * One entry of the trail of a record of some kind.
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
 * One entry of the feed: an entry of some record's trail, and whose it is.
 *
 * @category Storage
 */
export type FeedEntry = FeedEntryOf<RecordEvents>

/**
 * A page of the feed.
 *
 * @category Storage
 */
export type FeedPage = FeedPageOf<RecordEvents>

/**
 * Reads and verifies the trails of every kind of record, and makes checkpoints of them.
 *
 * @category Storage
 */
export type Audit = AuditOf<RecordEvents>

/** The aggregate of each kind of record: what the rooms below know one at a time, composed here. */
export const aggregates: AggregatesByKind = {
  account: accountAggregate,
  refusals: refusalsAggregate,
  participant: participantAggregate,
  request: requestAggregate,
  authorisation: authorisationCodeAggregate,
  eservice: eserviceAggregate,
  'reference-counter': referenceCounterAggregate,
  inbox: inboxAggregate,
}

/**
 * Verifies one record against its trail: that no entry was changed, reordered, duplicate, inserted, removed or
 * cut off; that the head is the last entry's hash; that the state is the replay of the events, and the vault
 * holds what the state refers to. Record and entries may be anything at all: nothing throws. Entries are given
 * one by one, and not kept: the memory is bounded.
 *
 * @param key - where the record lives; its trail hangs on it.
 * @param stored - the record, read *before* the trail: a trail only grows, so that it holds all of it.
 * @param checkpointed - what a checkpoint says of the record: its version then, and its head.
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
