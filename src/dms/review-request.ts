import { err, ok, type Result } from 'neverthrow'
import { isExistingAccount } from '../account/state.ts'
import { callPort, phaseOf, type ServiceContext } from '../engine/context.ts'
import { loadNamed } from '../engine/unit-of-work.ts'
import { credentialIdOf } from '../integrity/vault.ts'
import type { Instant } from '../kernel/instant.ts'
import { numericCode } from '../otp/code.ts'
import type { StoredRecord } from '../ports/storage.ts'
import { accountKey } from '../records/handle-account-command.ts'
import { accountAggregate } from '../records/model/account-aggregate.ts'
import { changeFromCommand, keyOf, stateOf } from '../records/model/aggregate.ts'
import type { Session } from '../session/session.ts'
import { administratorOf, refuseOperation, requestKey, transactAs } from './administrator.ts'
import { authorisationCodeMessage } from './checker-approval.ts'
import { authorityDenial, isSharedMailbox } from './entry-checks.ts'
import { authorisationCodeAggregate, requestAggregate } from './model/aggregates.ts'
import { isRequestFromFuture } from './model/request-decider.ts'
import { profileView } from './profile-view.ts'
import type { DmsRefusals } from './refusals.ts'
import { newReview, type Review, type ReviewContents, type ReviewProof, sealReview } from './review.ts'

/**
 * An Authorisation Code, for the checker only.
 *
 * @category DMS
 */
export interface AuthorisationCode {
  /** The digits of the code. */
  readonly code: string
  /** The first instant at which it is no longer valid. */
  readonly expiresAt: Instant
}

/** A checker reviews a request. */
export const reviewRequest = async (
  context: ServiceContext,
  input: { readonly session: Session; readonly request: string },
): Promise<Result<Review, DmsRefusals['review']>> => {
  const operation = { operation: 'dms.review', subject: input.request }
  const administrator = await administratorOf(context, input.session, operation)
  if (administrator.isErr()) return err(administrator.error)
  const checker = administrator.value
  const { participant } = checker
  const { policy } = context
  return transactAs<'request', Review, 'request-not-open' | 'maker-as-checker'>(context, checker, operation, {
    records: { request: requestKey(checker, input.request) },
    contended: 'request',
    discloses: ['request-not-open', 'maker-as-checker'],
    decide: async ({ records, now: at, refuse }) => {
      const request = stateOf(requestAggregate, records.request.before)
      if (request.stage === 'Unknown') return refuse({ reason: 'no-such-request', rule: 'DMS-01' })
      if (request.stage !== 'Pending' || at >= request.expiresAt)
        return refuse({ reason: 'request-closed', rule: 'DMS-05' })
      if (isRequestFromFuture(request, at, policy))
        return refuse({ reason: 'instant-from-the-future', rule: 'API-03' })
      const { entry, entryDigest: digest, maker, enteredAt, expiresAt } = request
      const alone = policy.dms.onePersonParticipants.includes(participant)
      if (maker === checker.userId && !alone) return refuse({ reason: 'maker-as-checker', rule: 'DMS-02' })
      const both = await loadNamed(context, {
        subject: accountKey({ participant, userId: entry.userId }),
        maker: accountKey({ participant, userId: maker }),
      })
      if (both.isErr()) return err(both.error)
      const account = stateOf(accountAggregate, both.value.subject.before)
      const makerAccount = stateOf(accountAggregate, both.value.maker.before)
      const checkerAccount = stateOf(accountAggregate, records.own.before)
      if (maker !== checker.userId && isSharedMailbox(policy, participant, makerAccount, checkerAccount))
        return refuse({ reason: 'shared-mailbox', rule: 'DMS-02' })
      const phase = phaseOf(context, participant, at)
      const acting = { administrator: checker, account: checkerAccount }
      const denial = authorityDenial(acting, { entry, participant, account, phase }, policy)
      if (denial?.reason === 'other-clearing-house') return refuse(denial)
      const profile = profileView(account, phase)
      const contents: ReviewContents = {
        request: input.request,
        entry,
        digest,
        maker,
        checker: checker.session.userId,
        enteredAt,
        expiresAt,
        ...(profile === undefined ? {} : { profile }),
      }
      const sealed = await sealReview(context, contents)
      return sealed.map((text) => ({ changes: [], answer: ok(newReview(contents, text)) }))
    },
  })
}

const epochOf = (record: StoredRecord | undefined) => {
  const account = stateOf(accountAggregate, record)
  return isExistingAccount(account) ? account.sessionEpoch : -1
}

/** Issues a code to a checker for what they reviewed. */
export const getAuthorisationCode = async (
  context: ServiceContext,
  input: { readonly session: Session; readonly proof: ReviewProof },
): Promise<Result<AuthorisationCode, DmsRefusals['getAuthorisationCode']>> => {
  const { proof } = input
  const { ports, policy } = context
  const operation = { operation: 'dms.getAuthorisationCode', subject: proof.request }
  const administrator = await administratorOf(context, input.session, operation)
  if (administrator.isErr()) return err(administrator.error)
  const checker = administrator.value
  if (proof.checker !== checker.userId)
    return refuseOperation(context, checker, operation, { reason: 'review-of-another', rule: 'DMS-04' })
  const bytes = await callPort(context, 'random', () => ports.random.bytes(8))
  if (bytes.isErr()) return err(bytes.error)
  const code = numericCode(bytes.value, policy.dms.authorisationCode.digits)
  const mac = await callPort(context, 'secretBox', () =>
    ports.secretBox.mac(authorisationCodeMessage(checker.userId, proof.request, code)),
  )
  if (mac.isErr()) return err(mac.error)
  const credential = credentialIdOf(mac.value)

  return transactAs<'code' | 'request', AuthorisationCode, 'request-not-open'>(context, checker, operation, {
    records: {
      code: keyOf(authorisationCodeAggregate, checker.participant, checker.userId),
      request: requestKey(checker, proof.request),
    },
    contended: 'code',
    discloses: ['request-not-open'],
    decide: async ({ records, now: at, refuse }) => {
      const request = stateOf(requestAggregate, records.request.before)
      if (request.stage !== 'Pending' || at >= request.expiresAt)
        return refuse({ reason: 'request-closed', rule: 'DMS-05' })
      if (isRequestFromFuture(request, at, policy))
        return refuse({ reason: 'instant-from-the-future', rule: 'API-03' })
      // A review under a policy that let one person do both gives no code under one that does not.
      if (request.maker === checker.userId && !policy.dms.onePersonParticipants.includes(checker.participant))
        return refuse({ reason: 'maker-as-checker', rule: 'DMS-02' })
      if (request.entryDigest !== proof.digest) return refuse({ reason: 'entry-changed', rule: 'DMS-05' })
      const command = {
        type: 'IssueAuthorisationCode',
        at,
        request: proof.request,
        entryDigest: proof.digest,
        codeRound: request.codeRound,
        credential,
        // The current epoch: other sessions of the checker may have ended since this one began.
        sessionEpoch: epochOf(records.own.before),
        sessionExpiresAt: checker.session.expiresAt,
        ...(checker.session.card === undefined ? {} : { card: checker.session.card }),
      } as const
      const secrets = { [credential]: mac.value }
      const decided = changeFromCommand(authorisationCodeAggregate, records.code, command, policy, secrets)
      if (decided.isErr()) return refuse(decided.error)
      const { after } = decided.value
      const expiresAt = after.stage === 'Issued' ? after.expiresAt : at
      return ok({ changes: [decided.value], answer: ok({ code, expiresAt }) })
    },
  })
}
