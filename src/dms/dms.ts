import { err, type Result, type ResultAsync } from 'neverthrow'
import * as z from 'zod'
import type { ServiceContext } from '../engine/context.ts'
import { endpoint } from '../engine/endpoint.ts'
import { profileChanges } from '../engine/input-schemas.ts'
import { recordId, userIdText } from '../fields/identifiers.ts'
import type { WithRequestContext } from '../fields/request-context.ts'
import { linesOfText, opaqueText } from '../fields/text.ts'
import type { Session } from '../session/session.ts'
import { sessionSchema as ofSession } from '../session/session-schema.ts'
import { administratorOf, refuseOperation } from './administrator.ts'
import { confirmRequest } from './confirm-request.ts'
import {
  amendRequest,
  type EnteredRequest,
  type EntryInput,
  enterRequest,
  onRequest,
} from './enter-request.ts'
import { type DmsLists, dmsLists } from './lists.ts'
import { type DmsQueries, dmsQueries } from './queries.ts'
import type { DmsRefusals } from './refusals.ts'
import { proofOf, Review } from './review.ts'
import { type AuthorisationCode, getAuthorisationCode, reviewRequest } from './review-request.ts'

/**
 * The Security Management Functions: operations of two Delegated Administrators of a participant on its
 * users, one as maker and the other as checker. Every refused operation is recorded in the trail of the
 * account that tried.
 *
 * @rule DMS-01
 * @rule MNT-08
 * @category DMS
 */
export interface Dms extends DmsQueries, DmsLists {
  /**
   * A maker enters a change: Create, Change (including Unlock/Reset OTP Device Registration) or Delete User
   * Profile. It takes no effect until it is confirmed.
   *
   * @returns the request; or `not-authorised` with the rule, `unknown-account`, `user-id-taken`,
   * `quota-exceeded`, `dates-reversed`, `looks-like-administrator`, `session-ended`, `malformed-user-id`,
   * `malformed-input`, `busy`, `port-failed`.
   * @rule DMS-01
   * @rule DMS-03
   * @rule MNT-08
   */
  enter(
    input: WithRequestContext & {
      readonly session: Session
      readonly entry: EntryInput
    },
  ): ResultAsync<EnteredRequest, DmsRefusals['enter']>

  /**
   * The maker amends a request. An earlier approval becomes void.
   *
   * @returns the request as amended; or `request-not-open`, `not-authorised` with the rule, `unknown-account`,
   * `user-id-taken`, `quota-exceeded`, `dates-reversed`, `looks-like-administrator`, `session-ended`,
   * `malformed-user-id`, `malformed-input`, `busy`, `port-failed`.
   * @rule DMS-05
   */
  amend(
    input: WithRequestContext & {
      readonly session: Session
      readonly request: string
      readonly entry: EntryInput
    },
  ): ResultAsync<EnteredRequest, DmsRefusals['amend']>

  /**
   * The maker withdraws a request.
   *
   * @returns nothing; or `request-not-open`, `not-authorised`, `session-ended`, `malformed-input`, `busy`,
   * `port-failed`.
   * @rule DMS-01
   */
  withdraw(
    input: WithRequestContext & { readonly session: Session; readonly request: string },
  ): ResultAsync<void, DmsRefusals['withdraw']>

  /**
   * A checker reviews a request together with the present profile. Only this review can be approved or
   * rejected; a maker gets no review of their own request.
   *
   * @returns the review; or `maker-as-checker`, `request-not-open`, `not-authorised`, `session-ended`,
   * `malformed-input`, `busy`, `port-failed`.
   * @rule DMS-02
   * @rule DMS-05
   */
  review(
    input: WithRequestContext & { readonly session: Session; readonly request: string },
  ): ResultAsync<Review, DmsRefusals['review']>

  /**
   * Issues an Authorisation Code to the checker for exactly what was reviewed. Only the newest code is valid:
   * once, for a short time, and no longer than the checker's session.
   *
   * @returns the code, for the checker only; or `request-not-open`, `not-authorised`, `session-ended`,
   * `malformed-input`, `busy`, `port-failed`.
   * @rule DMS-04
   * @rule DMS-05
   * @rule DMS-14
   */
  getAuthorisationCode(
    input: WithRequestContext & {
      readonly session: Session
      readonly review: Review | string
    },
  ): ResultAsync<AuthorisationCode, DmsRefusals['getAuthorisationCode']>

  /**
   * Confirms a request with the Checker ID and the Authorisation Code that are entered on the maker's page.
   * The request then takes effect: request, account, quota, code and trail in one commit.
   *
   * @param input - the maker's `session`.
   * @returns nothing; or `authorisation-refused` for anything wrong with checker or code, `maker-as-checker`,
   * `request-not-open`, `quota-exceeded`, `user-id-taken`, `not-authorised`, `session-ended`,
   * `malformed-user-id`, `malformed-input`, `busy`, `port-failed`.
   * @rule DMS-01
   * @rule DMS-02
   * @rule DMS-04
   * @rule DMS-05
   * @rule QTA-03
   */
  confirm(
    input: WithRequestContext & {
      readonly session: Session
      readonly request: string
      readonly checkerId: string
      readonly authorisationCode: string
    },
  ): ResultAsync<void, DmsRefusals['confirm']>

  /**
   * The checker rejects what was reviewed.
   *
   * @param input - `review`: the review, or its `sealed` text; `remark`: up to 1,000 characters.
   * @returns nothing; or `request-not-open`, `maker-as-checker`, `not-authorised`, `session-ended`,
   * `malformed-input`, `busy`, `port-failed`.
   * @rule DMS-01
   * @rule DMS-14
   */
  reject(
    input: WithRequestContext & {
      readonly session: Session
      readonly review: Review | string
      readonly remark?: string | undefined
    },
  ): ResultAsync<void, DmsRefusals['reject']>
}

const entry = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('create'), userId: userIdText, profile: profileChanges }),
  z.strictObject({
    kind: z.literal('change'),
    userId: userIdText,
    changes: profileChanges,
    unlock: z.boolean().optional(),
  }),
  z.strictObject({ kind: z.literal('delete'), userId: userIdText }),
  // The schema also admits fields that are `undefined`; nothing reads them as changes.
]) as z.ZodType<EntryInput>

const aReview = z.custom<Review | string>(
  (value) => Review.contentsOf(value) !== undefined || opaqueText.safeParse(value).success,
  'must be a review',
)

/** A checker rejects what was reviewed. */
const rejectRequest = async (
  context: ServiceContext,
  input: {
    readonly session: Session
    readonly review: Review | string
    readonly remark?: string | undefined
  },
): Promise<Result<void, DmsRefusals['reject']>> => {
  const proof = await proofOf(context, input.review)
  if (proof.isErr()) return err(proof.error)
  const { request, digest } = proof.value
  const operation = { operation: 'dms.reject', subject: request }
  const checker = await administratorOf(context, input.session, operation)
  if (checker.isErr()) return err(checker.error)
  const { userId } = checker.value.session
  if (proof.value.checker !== userId)
    return refuseOperation(context, checker.value, operation, {
      reason: 'review-of-another',
      rule: 'DMS-02',
    })
  const remark = input.remark === undefined ? {} : { remark: input.remark }
  const codes = ['request-not-open', 'maker-as-checker'] as const
  return onRequest(context, checker.value, operation, codes, (at) => ({
    type: 'Reject',
    at,
    checker: userId,
    entryDigest: digest,
    ...remark,
  }))
}

/** Creates the DMS operations of a service. */
export const dms = (context: ServiceContext): Dms => {
  const session = ofSession
  const onOne = z.object({ session, request: recordId })
  const confirming = z.object({
    session,
    request: recordId,
    checkerId: userIdText,
    authorisationCode: opaqueText,
  })
  return {
    ...dmsQueries(context),
    ...dmsLists(context),
    enter: endpoint(context, 'dms.enter', z.object({ session, entry }), (input, context) =>
      enterRequest(context, input),
    ),
    amend: endpoint(context, 'dms.amend', z.object({ session, entry, request: recordId }), (input, context) =>
      amendRequest(context, input),
    ),
    withdraw: endpoint(context, 'dms.withdraw', onOne, async (input, context) => {
      const operation = { operation: 'dms.withdraw', subject: input.request }
      const maker = await administratorOf(context, input.session, operation)
      if (maker.isErr()) return err(maker.error)
      const { userId } = maker.value.session
      return onRequest(context, maker.value, operation, ['request-not-open'], (at) => ({
        type: 'Withdraw',
        at,
        maker: userId,
      }))
    }),
    review: endpoint(context, 'dms.review', onOne, (input, context) => reviewRequest(context, input)),
    getAuthorisationCode: endpoint(
      context,
      'dms.getAuthorisationCode',
      z.object({ session, review: aReview }),
      async (input, context) => {
        const proof = await proofOf(context, input.review)
        return proof.isErr()
          ? err(proof.error)
          : getAuthorisationCode(context, { session: input.session, proof: proof.value })
      },
    ),
    confirm: endpoint(context, 'dms.confirm', confirming, (input, context) => confirmRequest(context, input)),
    reject: endpoint(
      context,
      'dms.reject',
      z.object({ session, review: aReview, remark: linesOfText(1_000).optional() }),
      (input, context) => rejectRequest(context, input),
    ),
  }
}
