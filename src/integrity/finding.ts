import type { PersonalDataKind } from '../ports/personal-data.ts'
import type { RecordKey } from '../ports/storage.ts'

/**
 * What is wrong with one record or its trail: what, and where. `seq` is a place in the trail, from 1. The union
 * is closed, so that a `switch` over `code` can be exhausted. Where two causes leave the same traces, the
 * finding names both: it says no more than what is there can prove.
 *
 * @rule AUD-01
 * @rule AUD-02
 * @category Audit trail
 */
export type RecordFinding = {
  readonly record: RecordKey
} /** Entry `seq` has not the shape of an entry. */ & (
  | { readonly code: 'entry-malformed'; readonly rule: 'AUD-02'; readonly seq: number }
  /** The storage has something at `seq` and can't read it, though it reads the rest. */
  | { readonly code: 'entry-unreadable'; readonly rule: 'AUD-02'; readonly seq: number }
  /**
   * Entry `seq` does not hang on the one before it. At least one of the `suspects` is not what was written: the
   * entry itself, or the one before it, given a hash that fits its new contents.
   */
  | {
      readonly code: 'entry-changed'
      readonly rule: 'AUD-02'
      readonly seq: number
      readonly suspects: readonly number[]
    }
  /** Entries `seq` to `to` are not there. The one behind them hangs on what is gone, and proves nothing. */
  | { readonly code: 'entry-missing'; readonly rule: 'AUD-02'; readonly seq: number; readonly to: number }
  /** Entry `seq` stands behind entries of higher numbers. */
  | { readonly code: 'entry-reordered'; readonly rule: 'AUD-02'; readonly seq: number }
  /** A second entry bears the number `seq`: one of the two was put there. */
  | { readonly code: 'entry-duplicated'; readonly rule: 'AUD-02'; readonly seq: number }
  /** The trail ends early: entries `seq` to `to`, the record's version, are not there. */
  | { readonly code: 'tail-truncated'; readonly rule: 'AUD-02'; readonly seq: number; readonly to: number }
  /** The trail goes on, at `seq`, behind the record's version: entries were put there, or the record was wound back. */
  | { readonly code: 'trail-ahead'; readonly rule: 'AUD-02'; readonly seq: number }
  /** The record's head is not the hash of its last entry, `seq`: either was changed. */
  | { readonly code: 'head-mismatch'; readonly rule: 'AUD-02'; readonly seq: number }
  /** The head is the hash of the last entry, `entries`, and the record's version is another number. */
  | {
      readonly code: 'version-mismatch'
      readonly rule: 'AUD-02'
      readonly version: number
      readonly entries: number
    }
  /** Event `seq` is none that a record of this kind can fold. */
  | { readonly code: 'event-unknown'; readonly rule: 'AUD-01'; readonly seq: number }
  /** The state is not the fold of the trail. */
  | { readonly code: 'state-differs'; readonly rule: 'AUD-01' }
  /** The vault lacks what the state refers to, holds something besides, or something that is not what its name says. */
  | {
      readonly code: 'vault-differs'
      readonly rule: 'AUD-06'
      readonly lacks: readonly string[]
      readonly surplus: readonly string[]
      readonly altered: readonly string[]
    }
  /** A personal value of entry `seq` is not the one that the entry refers to, or is referred to by none. */
  | { readonly code: 'personal-data-changed'; readonly rule: 'PRI-02'; readonly seq: number }
  /** A personal value of entry `seq`, the last one without it, is not there, and no entry says that it was erased. */
  | {
      readonly code: 'personal-data-missing'
      readonly rule: 'PRI-02'
      readonly kind: PersonalDataKind
      readonly seq: number
    }
  /** A personal value of entry `seq`, the first one with it, is there, though an entry says that it was erased. */
  | {
      readonly code: 'personal-data-not-erased'
      readonly rule: 'PRI-02'
      readonly kind: PersonalDataKind
      readonly seq: number
    }
  /** The record has not the shape of a record: its version, its head. */
  | { readonly code: 'record-malformed'; readonly rule: 'AUD-01' }
  /**
   * The storage has this record and can't read it, though it reads others; nor can it what lies between it and the
   * id `after`, where there is one.
   */
  | { readonly code: 'record-unreadable'; readonly rule: 'AUD-01'; readonly after?: string }
  /** What should be there (a checkpoint has it, or its participant gave its ID) is not: neither record nor trail. */
  | { readonly code: 'record-missing'; readonly rule: 'AUD-02' }
  /** There is a trail, and no record. */
  | { readonly code: 'trail-without-record'; readonly rule: 'AUD-02' }
  /** The account is there, and its participant never gave its ID. */
  | { readonly code: 'id-never-allocated'; readonly rule: 'ID-12' }
  /** Since the checkpoint, some entry up to `seq` became another: the hash there is not the checkpoint's. */
  | { readonly code: 'rewritten'; readonly rule: 'AUD-02'; readonly seq: number }
  /** The checkpoint has this record at version `seq`; now it is at `version`. A trail only grows. */
  | {
      readonly code: 'rolled-back'
      readonly rule: 'AUD-02'
      readonly seq: number
      readonly version: number
    }
  /** So much is wrong with this record that the rest of its trail was not looked at. */
  | { readonly code: 'too-much'; readonly rule: 'AUD-02'; readonly seq: number }
)

/**
 * The stable code of a finding about a record.
 *
 * @category Audit trail
 */
export type RecordFindingCode = RecordFinding['code']

/** What is wrong, without the record in which it is. */
export type Problem = RecordFinding extends infer Each
  ? Each extends RecordFinding
    ? Omit<Each, 'record'>
    : never
  : never

/** How many problems of one record are told; a record with more is not read further. */
export const maxFindings = 100
