import { utf8ToBytes } from '@noble/hashes/utils.js'
import { err, ok, type Result } from 'neverthrow'
import * as z from 'zod'
import { callPort, type ServiceContext } from '../engine/context.ts'
import type { PortFailed } from '../engine/refusals.ts'
import { recordId } from '../fields/identifiers.ts'
import type { UserId } from '../identity/user-id.ts'
import type { Instant } from '../kernel/instant.ts'
import type { MalformedInput } from '../kernel/malformed-input.ts'
import type { ProfileEntry } from './model/entry.ts'
import type { ProfileView } from './profile-view.ts'

/**
 * What a checker has read.
 *
 * @category DMS
 */
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
 * @category DMS
 */
export class Review {
  readonly #contents: ReviewContents | undefined
  readonly #sealed: string

  /**
   * Anything made without the key is no review.
   *
   * @internal
   */
  constructor(given: symbol, contents: ReviewContents, sealed: string) {
    this.#contents = given === key ? Object.freeze({ ...contents }) : undefined
    this.#sealed = given === key ? sealed : ''
    Object.freeze(this)
  }

  /** What was read; absent in what is no review. */
  get contents(): ReviewContents | undefined {
    return this.#contents
  }

  /**
   * The review as text, encrypted and authenticated, for a hidden field of the page on which the checker decides.
   * `dms.getAuthorisationCode` and `dms.reject` accept it instead of the review. Only the checker can use it, and only
   * while the request is as it was read.
   *
   * @rule DMS-14
   */
  get sealed(): string {
    return this.#sealed
  }

  /**
   * What was read in a review; `undefined` for anything else.
   *
   * @internal
   */
  static contentsOf(value: unknown): ReviewContents | undefined {
    return typeof value === 'object' && value !== null && #contents in value ? value.#contents : undefined
  }
}

/**
 * Makes a review. For the service only.
 *
 * @internal
 */
export const newReview = (contents: ReviewContents, sealed: string): Review =>
  new Review(key, contents, sealed)

/** What deciding on a review needs: which request, exactly as it was read, by whom. */
export type ReviewProof = Pick<ReviewContents, 'request' | 'digest' | 'checker'>

const sealContext = 'dms-review'

const proofShape = z.strictObject({ request: recordId, digest: z.string(), checker: z.string() })

/** Seals what a review proves. */
export const sealReview = (
  context: ServiceContext,
  { request, digest, checker }: ReviewProof,
): Promise<Result<string, PortFailed>> =>
  callPort(context, 'secretBox', () =>
    context.ports.secretBox.seal(utf8ToBytes(JSON.stringify({ request, digest, checker })), sealContext),
  )

/**
 * What a review proves, given as itself or as its sealed text. A text that was altered, or sealed for something else,
 * is refused as input that is not well-formed.
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
  const parsed = proofShape.safeParse(JSON.parse(new TextDecoder().decode(opened.value)))
  return parsed.success ? ok({ ...parsed.data, checker: parsed.data.checker as UserId }) : malformed
}
