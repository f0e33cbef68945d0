import { utf8ToBytes } from '@noble/hashes/utils.js'
import { err, ok, type Result } from 'neverthrow'
import * as z from 'zod'
import { callPort, type ServiceContext } from '../engine/context.ts'
import type { PortFailed } from '../engine/refusals.ts'
import { recordId } from '../fields/identifiers.ts'
import type { UserId } from '../identity/user-id.ts'
import type { Instant } from '../kernel/instant.ts'
import type { MalformedInput } from '../kernel/malformed-input.ts'
import { jsonOf } from '../kernel/sealed-json.ts'
import type { ProfileEntry } from './model/entry.ts'
import type { ProfileView } from './profile-view.ts'

/**
 * The contents of a review.
 *
 * @category DMS
 */
export interface ReviewContents {
  readonly request: string
  readonly entry: ProfileEntry
  /** The digest of the entry as reviewed: the approval covers exactly this (DMS-05). */
  readonly digest: string
  readonly maker: UserId
  readonly checker: UserId
  readonly enteredAt: Instant
  readonly expiresAt: Instant
  /** The profile as it was at the time of the review; absent for a new account. */
  readonly profile?: ProfileView
}

/** Only this file knows the symbol, because TypeScript's `private` does not hold at run time. */
const key = Symbol('review')

/** The contents of a forged review: no request has this id, and no user this User ID. */
const noContents: ReviewContents = /* @__PURE__ */ Object.freeze({
  request: '',
  // No User ID, so that it equals no account's.
  entry: Object.freeze({ kind: 'delete', userId: '' as UserId }),
  digest: '',
  // As above.
  maker: '' as UserId,
  // As above.
  checker: '' as UserId,
  enteredAt: 0,
  expiresAt: 0,
})

/**
 * A pending request as a checker has reviewed it, needed to approve or reject it. Only `dms.review` creates
 * one, and only for a user who can check the request; so makers have none of their own requests.
 *
 * @rule DMS-02
 * @rule DMS-05
 * @category DMS
 */
export class Review {
  readonly #contents: ReviewContents | undefined
  readonly #sealed: string

  /**
   * An instance constructed without the key is not a valid review.
   *
   * @internal
   */
  constructor(given: symbol, contents: ReviewContents, sealed: string) {
    this.#contents = given === key ? Object.freeze({ ...contents }) : undefined
    this.#sealed = given === key ? sealed : ''
    Object.freeze(this)
  }

  /** The contents of the review, to show to the checker. */
  get contents(): ReviewContents {
    return this.#contents ?? noContents
  }

  /**
   * The review as text, encrypted and authenticated, for a hidden field of the page on which the checker
   * decides. `dms.getAuthorisationCode` and `dms.reject` accept it instead of the review. Only the checker
   * can use it, and only while the request is unchanged.
   *
   * @rule DMS-14
   */
  get sealed(): string {
    return this.#sealed
  }

  /**
   * Returns the contents of a review; `undefined` for any other value.
   *
   * @internal
   */
  static contentsOf(value: unknown): ReviewContents | undefined {
    return typeof value === 'object' && value !== null && #contents in value ? value.#contents : undefined
  }
}

/**
 * Creates a review. For the service only.
 *
 * @internal
 */
export const newReview = (contents: ReviewContents, sealed: string): Review =>
  new Review(key, contents, sealed)

/** The part of a review that a decision needs: the request, its digest and the checker. */
export type ReviewProof = Pick<ReviewContents, 'request' | 'digest' | 'checker'>

const sealContext = 'dms-review'

const proofShape = z.strictObject({ request: recordId, digest: z.string(), checker: z.string() })

/** Seals what a review proves as text. */
export const sealReview = (
  context: ServiceContext,
  { request, digest, checker }: ReviewProof,
): Promise<Result<string, PortFailed>> =>
  callPort(context, 'secretBox', () =>
    context.ports.secretBox.seal(utf8ToBytes(JSON.stringify({ request, digest, checker })), sealContext),
  )

/**
 * Returns what a review proves, from the review or from its sealed text. A text that was altered, or sealed
 * for another purpose, is refused as malformed input.
 *
 * @rule DMS-14
 */
export const proofOf = async (
  context: ServiceContext,
  review: Review | string,
): Promise<Result<ReviewProof, MalformedInput>> => {
  const contents = Review.contentsOf(review)
  if (contents !== undefined) return ok(contents)
  const malformed = err({
    code: 'malformed-input',
    rule: 'API-01',
    field: 'review',
    problem: 'must be a review',
  } as const)
  if (typeof review !== 'string') return malformed
  const opened = await callPort(context, 'secretBox', () => context.ports.secretBox.open(review, sealContext))
  if (opened.isErr()) return malformed
  const parsed = proofShape.safeParse(jsonOf(opened.value))
  // Only this library seals for this purpose, and it sealed a User ID.
  return parsed.success ? ok({ ...parsed.data, checker: parsed.data.checker as UserId }) : malformed
}
