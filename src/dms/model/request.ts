import type { UserId } from '../../identity/user-id.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { RuleId } from '../../kernel/rule-id.ts'
import type { ProfileEntry } from './entry.ts'

/** A placeholder for an invalid Checker ID: no account has it. */
// The cast: it is compared with User IDs, and is not one.
export const noChecker = '' as UserId

/**
 * A request that a maker has entered and a checker has yet to confirm.
 *
 * @category DMS
 */
export interface PendingRequest {
  readonly stage: 'Pending'
  readonly entry: ProfileEntry
  /** The digest of the entry (DMS-05). */
  readonly entryDigest: string
  /** The digest of the profile as the maker saw it (DMS-05). */
  readonly profileDigest: string
  /** The revision of the entry: 1 at first, one more with each amendment (DMS-05). */
  readonly revision: number
  /** The number of wrong confirmations since codes were last revoked (DMS-09). */
  readonly failedConfirmations: number
  /** The number of times that its codes were revoked; a code of an earlier round is void (DMS-09). */
  readonly codeRound: number
  readonly maker: UserId
  readonly enteredAt: Instant
  /** The first instant at which it has expired. */
  readonly expiresAt: Instant
}

/**
 * A request that was confirmed, rejected or withdrawn.
 *
 * @category DMS
 */
export interface ClosedRequest {
  readonly stage: 'Confirmed' | 'Rejected' | 'Withdrawn' | 'Expired' | 'Stale'
  readonly entry: ProfileEntry
  readonly maker: UserId
  readonly enteredAt: Instant
  readonly closedAt: Instant
  /** The checker who confirmed or rejected it. */
  readonly checker?: UserId
  readonly remark?: string
}

/**
 * The state of one request for a change to a user profile.
 *
 * @rule DMS-01
 * @category DMS
 */
export type ProfileRequest = { readonly stage: 'Unknown' } | PendingRequest | ClosedRequest

/**
 * The state of a request before the first event.
 *
 * @category DMS
 */
export const unknownRequest: ProfileRequest = /* @__PURE__ */ Object.freeze({ stage: 'Unknown' })

interface Entered {
  readonly entry: ProfileEntry
  readonly entryDigest: string
  readonly profileDigest: string
}

/**
 * A command of a request.
 *
 * @category DMS
 */
export type RequestCommand = { readonly at: Instant } & (
  | ({ readonly type: 'Enter'; readonly maker: UserId } & Entered)
  /** The maker amends the entry, which voids every earlier approval. */
  | ({ readonly type: 'Amend'; readonly maker: UserId } & Entered)
  | {
      readonly type: 'Confirm'
      /** The maker who confirms on their page. */
      readonly maker: UserId
      readonly checker: UserId
      /** The digest of the entry that the checker approved. */
      readonly approved: string
      /** The digest of the current profile. */
      readonly profileDigest: string
    }
  | {
      readonly type: 'Reject'
      readonly checker: UserId
      readonly entryDigest: string
      readonly remark?: string
    }
  | { readonly type: 'Withdraw'; readonly maker: UserId }
  /** A wrong Checker ID or code was entered. */
  | { readonly type: 'RejectConfirmation'; readonly maker: UserId }
)

/**
 * An event of a request.
 *
 * @category DMS
 */
export type RequestEvent = { readonly at: Instant; readonly rule: RuleId } & (
  | ({ readonly type: 'RequestEntered'; readonly maker: UserId; readonly expiresAt: Instant } & Entered)
  | ({ readonly type: 'RequestAmended'; readonly expiresAt: Instant } & Entered)
  | { readonly type: 'RequestConfirmed'; readonly checker: UserId }
  | { readonly type: 'RequestRejected'; readonly checker: UserId; readonly remark?: string }
  | { readonly type: 'RequestWithdrawn' }
  | { readonly type: 'ConfirmationRejected' }
  | { readonly type: 'RequestCodesRevoked' }
  | { readonly type: 'RequestExpired' }
  | { readonly type: 'RequestStale' }
)

/**
 * Why a request refuses a command.
 *
 * @category DMS
 */
export type RequestDenialReason =
  | 'no-such-request'
  | 'request-exists'
  | 'request-closed'
  | 'instant-from-the-future'
  | 'not-the-maker'
  | 'maker-as-checker'
  | 'entry-changed'
