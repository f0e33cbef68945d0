import type { UserId } from '../identity/user-id.ts'
import type { Instant } from '../kernel/instant.ts'
import type { ProfileEntry } from './model/entry.ts'
import type { ProfileView } from './profile-view.ts'

/** What a checker has read. */
export interface ReviewContents {
  readonly request: string
  readonly entry: ProfileEntry
  /** Of the entry as it was read: what is approved is this, and nothing else (DMS-05). */
  readonly digest: string
  readonly maker: UserId
  readonly checker: UserId
  readonly enteredAt: Instant
  readonly expiresAt: Instant
  /** The profile as it was when it was read; absent for one that is to be created. */
  readonly profile?: ProfileView
}

/** Known to this file alone: `private` holds in TypeScript only. */
const key = Symbol('review')

/**
 * A pending request as a checker has read it: what approving and rejecting ask for. Only reviewing yields
 * one, and only to someone who may check the request; so a maker has none of their own.
 *
 * @rule DMS-02
 * @rule DMS-05
 */
export class Review {
  readonly #reading: ReviewContents | undefined

  /**
   * Anything made without the key is no review.
   *
   * @internal
   */
  constructor(given: symbol, reading: ReviewContents) {
    this.#reading = given === key ? Object.freeze({ ...reading }) : undefined
    Object.freeze(this)
  }

  /** What was read; absent in what is no review. */
  get reading(): ReviewContents | undefined {
    return this.#reading
  }

  /**
   * What was read in a review; `undefined` for anything else.
   *
   * @internal
   */
  static readingOf(value: unknown): ReviewContents | undefined {
    return typeof value === 'object' && value !== null && #reading in value ? value.#reading : undefined
  }
}

/**
 * Makes a review. For the service alone.
 *
 * @internal
 */
export const newReview = (reading: ReviewContents): Review => new Review(key, reading)
