import type { UserId } from '../../identity/user-id.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { RuleId } from '../../kernel/rule-id.ts'
import type { ProfileEntry } from './entry.ts'

/** Stands for an invalid Checker ID: it equals no account's. */
export const noChecker = '' as UserId

/**
 * What a maker has entered, and a checker has still to confirm.
 *
 * @category DMS
 */
export interface PendingRequest {
  readonly stage: 'Pending'
  readonly entry: ProfileEntry
  /** Of the entry (DMS-05). */
  readonly entryDigest: string
  /** Of the profile as the maker saw it (DMS-05). */
  readonly profileDigest: string
  /** 1 as entered, one more with each amendment (DMS-05). */
  readonly revision: number
  /** Wrong confirmations since codes were last revoked (DMS-09). */
  readonly failedConfirmations: number
  /** How often the codes issued for it were revoked; a code of an earlier round is void (DMS-09). */
  readonly codeRound: number
  readonly maker: UserId
  readonly enteredAt: Instant
  /** The first instant at which it has expired. */
  readonly expiresAt: Instant
}

/**
 * A request that is over, one way or another.
 *
 * @category DMS
 */
export interface ClosedRequest {
  readonly stage: 'Confirmed' | 'Rejected' | 'Withdrawn' | 'Expired' | 'Stale'
  readonly entry: ProfileEntry
  readonly maker: UserId
  readonly enteredAt: Instant
  readonly closedAt: Instant
  /** Who confirmed or rejected it. */
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
 * The state before the first event.
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
 * Every command of a request.
 *
 * @category DMS
 */
export type RequestCommand = { readonly at: Instant } & (
  | ({ readonly type: 'Enter'; readonly maker: UserId } & Entered)
  /** The maker goes back and enters something else: anything that was approved before is void. */
  | ({ readonly type: 'Amend'; readonly maker: UserId } & Entered)
  | {
      readonly type: 'Confirm'
      /** Whose page it is. */
      readonly maker: UserId
      readonly checker: UserId
      /** Of the entry that the checker approved. */
      readonly approved: string
      /** Of the profile as it is now. */
      readonly profileDigest: string
    }
  | {
      readonly type: 'Reject'
      readonly checker: UserId
      readonly entryDigest: string
      readonly remark?: string
    }
  | { readonly type: 'Withdraw'; readonly maker: UserId }
  /** A Checker ID or code was wrong. */
  | { readonly type: 'RejectConfirmation'; readonly maker: UserId }
)

/**
 * Every event of a request.
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
  | 'not-the-maker'
  | 'maker-as-checker'
  | 'entry-changed'
