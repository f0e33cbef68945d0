import type { RuleId } from '../kernel/rule-id.ts'
import type { Notice } from './mailer.ts'
import type { ErasedThrough, PersonalDataKind, PersonalReference } from './personal-data.ts'

/**
 * Plain data: what JSON can hold.
 *
 * @category Ports
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/**
 * The kinds of records that there are: accounts; what was refused to unauthenticated callers for a User ID; their participant's maximum and the IDs it was given;
 * requests between maker and checker; a checker's Authorisation Codes; eServices, their numbering, and HKEX's
 * inbox of them.
 *
 * @category Ports
 */
export type RecordKind =
  | 'account'
  | 'refusals'
  | 'participant'
  | 'request'
  | 'authorisation'
  | 'eservice'
  | 'reference-counter'
  | 'inbox'

/**
 * Every kind of record.
 *
 * @category Ports
 */
export const recordKinds = [
  'account',
  'refusals',
  'participant',
  'request',
  'authorisation',
  'eservice',
  'reference-counter',
  'inbox',
] as const satisfies readonly RecordKind[]

/**
 * Where a record lives. A participant's records belong together: `participant` is the partition key.
 *
 * @category Ports
 */
export interface RecordKey {
  readonly participant: string
  readonly kind: RecordKind
  readonly id: string
}

/**
 * A record: one row. Its version is the number of entries in its trail.
 *
 * @category Ports
 */
export interface StoredRecord {
  /** Whole number from 1. */
  readonly version: number
  /** The replay of the trail. */
  readonly state: Json
  /** What proves secrets (hashes, sealed secrets), by the name under which the state refers to it. */
  readonly vault: Readonly<Record<string, string>>
  /** The hash of the last entry of the trail. */
  readonly head: string
}

/**
 * What happened, when, and by which rule; its other fields are plain data.
 *
 * @category Ports
 */
export interface TrailEvent {
  readonly type: string
  /** Epoch milliseconds. */
  readonly at: number
  readonly rule: RuleId
}

/**
 * One entry of a record's trail: who did what, when, by which rule.
 *
 * @rule AUD-01
 * @category Ports
 */
export interface TrailEntry {
  /** Place in the trail, from 1, without gaps. */
  readonly seq: number
  /** Who. */
  readonly actor: string | PersonalReference
  /** Which act it belongs to: entries of one act share it, and were committed together. */
  readonly operationId: string
  readonly event: TrailEvent
  /** The version of the schema of `event`, from 1 (AUD-07). */
  readonly eventVersion: number
  /** Where the call came from that wrote it, by reference (PRI-01). */
  readonly context?: PersonalReference
  /**
   * Salts and values of the personal data that this entry refers to, by kind and then by digest. They are no part
   * of the hash, and can be erased (PRI-02).
   */
  readonly personal?: Readonly<Partial<Record<PersonalDataKind, Readonly<Record<string, string>>>>>
  /** SHA-256, in hex, over the hash of the entry before it and this one (AUD-02). */
  readonly hash: string
}

/**
 * A record to be written, on the version it was decided on.
 *
 * @category Ports
 */
export interface RecordWrite {
  readonly key: RecordKey
  /** The version that was loaded; 0 if there was no record. */
  readonly expectedVersion: number
  readonly record: StoredRecord
  /** The new entries of its trail: from `expectedVersion + 1` to `record.version`. */
  readonly entries: readonly TrailEntry[]
  /**
   * Personal data to be erased: of each kind, in every entry of this record's trail up to the given number. Entries
   * keep everything else (PRI-02).
   */
  readonly erase?: ErasedThrough
}

/**
 * A notice to be sent.
 *
 * @category Ports
 */
export interface OutboxNotice {
  /** Drawn by the process that commits it; unique. */
  readonly id: string
  readonly participant: string
  readonly notice: Notice
}

/**
 * A claim of notices.
 *
 * @category Ports
 */
export interface NoticeClaim {
  /** Epoch milliseconds: what is claimed until then, or shorter, is free again. */
  readonly now: number
  /** Epoch milliseconds: how long this claim lasts. */
  readonly until: number
  /** How many notices at most. */
  readonly limit: number
}

/**
 * A record among others of its participant and kind.
 *
 * @category Ports
 */
export interface ListedRecord {
  readonly id: string
  readonly record: StoredRecord
}

/**
 * A record that a decision was based on, and that must not have moved on.
 *
 * @category Ports
 */
export interface UnchangedRecord {
  readonly key: RecordKey
  /** The version that was loaded; 0 if there was no record. */
  readonly version: number
}

/**
 * What is written together, or not at all.
 *
 * @category Ports
 */
export interface Commit {
  /** One write per record. */
  readonly writes: readonly RecordWrite[]
  readonly notices: readonly OutboxNotice[]
  /** Records that are not written, and must be as they were anyway. */
  readonly unchanged?: readonly UnchangedRecord[]
}

/**
 * An entry of some record's trail, and its position among the entries of all records.
 *
 * @category Ports
 */
export interface JournalEntry {
  /** Opaque to all but the storage: at most 1,000 characters, unique. */
  readonly position: string
  readonly key: RecordKey
  readonly entry: TrailEntry
}

/**
 * A place for records, their trails, and notices waiting to be sent. It needs no more than a
 * compare-and-set over several rows; `ccass-2fa/testing` has the contract that an adapter must meet.
 *
 * What it promises: a commit takes effect wholly, or not at all; `conflict` is answered, and nothing
 * written, exactly when some record is no longer at its expected version; everything that was answered
 * `committed` is seen by every later load, and survives a crash, together with what it was based on (its writes
 * and its unchanged records). A rejection leaves open whether the commit took effect.
 *
 * @rule LOCK-09
 * @category Ports
 */
export interface StoragePort {
  /** The records of the keys, in their order; `undefined` where there is none. One round trip. */
  load(keys: readonly RecordKey[]): Promise<readonly (StoredRecord | undefined)[]>
  /** Writes all of it on the expected versions, or nothing. One round trip. */
  commit(commit: Commit): Promise<'committed' | 'conflict'>
  /**
   * A participant's records of a kind by ascending id (ids are ASCII): at most `limit` behind `after` (the
   * empty text for the beginning). One round trip.
   */
  list(
    participant: string,
    kind: RecordKind,
    page: { readonly after: string; readonly limit: number },
  ): Promise<readonly ListedRecord[]>
  /** A record's trail, oldest first: at most `limit` entries behind `after` (0 for the beginning). */
  trail(
    key: RecordKey,
    page: { readonly after: number; readonly limit: number },
  ): Promise<readonly TrailEntry[]>
  /**
   * The entries of all trails in an order that never changes: at most `limit`, from the entry at the position `from`
   * on, *that entry included* (the empty text for the beginning). Entries of one record are in the order of their
   * trail. No entry ever appears before one that was returned: an entry whose place is not certain yet, because a
   * commit before it may still take effect, is left out together with all that follow it, and appears later. A
   * position whose entry is gone begins with the next one; a text that this storage never returned as a position, such as
   * another storage's, is answered with any entries or none, not with an error. For the feed of the trail; no caller waits for it.
   */
  journal(page: { readonly from: string; readonly limit: number }): Promise<readonly JournalEntry[]>
  /**
   * The participants that have records, ascending (they are ASCII): at most `limit` behind `after` (the empty
   * text for the beginning). For sweeps over everything, such as verification; no caller waits for it.
   */
  participants(page: { readonly after: string; readonly limit: number }): Promise<readonly string[]>
  /**
   * Claims notices that are not settled yet, oldest first: at most `limit` of those that no one has claimed
   * beyond `now`. From this moment they are claimed until `until`. No notice is given to two at once while a
   * claim lasts, for any number of processes; and the claim of one that died expires by itself, so that a
   * notice is sent at least once, and never lost. No caller waits for it.
   */
  claimNotices(claim: NoticeClaim): Promise<readonly OutboxNotice[]>
  /** Takes a notice off the list, because it was sent or never can be; nothing happens if it is not on it. */
  settleNotice(notice: OutboxNotice): Promise<void>
}
