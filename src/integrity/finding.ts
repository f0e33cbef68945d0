import type { PersonalDataKind } from '../ports/personal-data.ts'
import type { RecordKey } from '../ports/storage.ts'

/**
 * A problem of one record or its trail, and where it is. `seq` is an entry's number in the trail, from 1. The
 * union is closed, so that a `switch` over `code` can be exhaustive. If two causes leave the same traces, the
 * finding names both: it states only what the stored data prove.
 *
 * @rule AUD-01
 * @rule AUD-02
 * @category Audit trail
 */
export type RecordFinding = {
  readonly record: RecordKey
} /** Entry `seq` does not have the shape of an entry. */ & (
  | { readonly code: 'entry-malformed'; readonly rule: 'AUD-02'; readonly seq: number }
  /** The storage can't read what is stored at `seq`, though it reads the rest. */
  | { readonly code: 'entry-unreadable'; readonly rule: 'AUD-02'; readonly seq: number }
  /**
   * Entry `seq` is not chained to the one before it. At least one of the `suspects` was changed: the entry
   * itself, or the one before it if it was given a hash that matches its new contents.
   */
  | {
      readonly code: 'entry-changed'
      readonly rule: 'AUD-02'
      readonly seq: number
      readonly suspects: readonly number[]
    }
  /**
   * Entries `seq` to `to` are missing. The entry after them is chained to a missing one, and proves nothing.
   */
  | { readonly code: 'entry-missing'; readonly rule: 'AUD-02'; readonly seq: number; readonly to: number }
  /** Entry `seq` is stored after entries of higher numbers. */
  | { readonly code: 'entry-reordered'; readonly rule: 'AUD-02'; readonly seq: number }
  /** A second entry has the number `seq`: one of the two was inserted. */
  | { readonly code: 'entry-duplicated'; readonly rule: 'AUD-02'; readonly seq: number }
  /** The trail ends early: entries `seq` to `to`, the record's version, are missing. */
  | { readonly code: 'tail-truncated'; readonly rule: 'AUD-02'; readonly seq: number; readonly to: number }
  /**
   * The trail continues at `seq`, beyond the record's version: entries were added, or the record was rolled
   * back.
   */
  | { readonly code: 'trail-ahead'; readonly rule: 'AUD-02'; readonly seq: number }
  /** The record's head is not the hash of its last entry, `seq`: one of the two was changed. */
  | { readonly code: 'head-mismatch'; readonly rule: 'AUD-02'; readonly seq: number }
  /** The head is the hash of the last entry, `entries`, but the record's version is a different number. */
  | {
      readonly code: 'version-mismatch'
      readonly rule: 'AUD-02'
      readonly version: number
      readonly entries: number
    }
  /** Event `seq` is not an event of this kind of record. */
  | { readonly code: 'event-unknown'; readonly rule: 'AUD-01'; readonly seq: number }
  /** The state is not the result of folding the trail. */
  | { readonly code: 'state-differs'; readonly rule: 'AUD-01' }
  /**
   * The vault lacks a value that the state refers to, holds an unreferenced value, or holds one that does not
   * match its name.
   */
  | {
      readonly code: 'vault-differs'
      readonly rule: 'AUD-06'
      readonly missing: readonly string[]
      readonly surplus: readonly string[]
      readonly altered: readonly string[]
    }
  /** A personal value of entry `seq` does not match its reference, or nothing refers to it. */
  | { readonly code: 'personal-data-changed'; readonly rule: 'PRI-02'; readonly seq: number }
  /** A personal value is missing, but no entry records its erasure. `seq` is the last such entry. */
  | {
      readonly code: 'personal-data-missing'
      readonly rule: 'PRI-02'
      readonly kind: PersonalDataKind
      readonly seq: number
    }
  /** A personal value exists, though an entry records its erasure. `seq` is the first such entry. */
  | {
      readonly code: 'personal-data-not-erased'
      readonly rule: 'PRI-02'
      readonly kind: PersonalDataKind
      readonly seq: number
    }
  /** The record does not have the shape of a record: version or head is invalid. */
  | { readonly code: 'record-malformed'; readonly rule: 'AUD-01' }
  /**
   * The storage can't read this record, though it reads others; nor can it read the records between it and
   * the id `after`, if that is set.
   */
  | { readonly code: 'record-unreadable'; readonly rule: 'AUD-01'; readonly after?: string }
  /**
   * Record and trail are missing, though a checkpoint contains the record, or its participant allocated its
   * ID.
   */
  | { readonly code: 'record-missing'; readonly rule: 'AUD-02' }
  /** There is a trail but no record. */
  | { readonly code: 'trail-without-record'; readonly rule: 'AUD-02' }
  /** The account exists, but its participant never allocated its ID. */
  | { readonly code: 'id-never-allocated'; readonly rule: 'ID-12' }
  /** An entry up to `seq` was changed after the checkpoint: the hash at `seq` is not the checkpoint's. */
  | { readonly code: 'rewritten'; readonly rule: 'AUD-02'; readonly seq: number }
  /** The checkpoint has this record at version `seq`, but it is now at `version`. A trail only grows. */
  | {
      readonly code: 'rolled-back'
      readonly rule: 'AUD-02'
      readonly seq: number
      readonly version: number
    }
  /** This record has so many problems that the rest of its trail was not read. */
  | { readonly code: 'too-much'; readonly rule: 'AUD-02'; readonly seq: number }
)

/**
 * The stable code of a finding about a record.
 *
 * @category Audit trail
 */
export type RecordFindingCode = RecordFinding['code']

/** A finding without the key of its record. */
export type Problem = RecordFinding extends infer Each
  ? Each extends RecordFinding
    ? Omit<Each, 'record'>
    : never
  : never

/** The maximum number of problems reported for one record; a record with more is not read further. */
export const maxFindings = 100
