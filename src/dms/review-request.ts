import { err, ok, type Result } from 'neverthrow'
import { dmsDenial } from '../access-control/authority.ts'
import { channelOf } from '../account/channel.ts'
import { isExistingAccount } from '../account/state.ts'
import { callPort, phaseOf, type ServiceContext } from '../engine/context.ts'
import { type Decided, load, transact } from '../engine/unit-of-work.ts'
import { credentialIdOf } from '../integrity/vault.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { numericCode } from '../otp/code.ts'
import type { StoredRecord } from '../ports/storage.ts'
import { accountKey } from '../records/handle-account-command.ts'
import { accountAggregate } from '../records/model/account-aggregate.ts'
import { changeFromCommand, keyOf, stateOf } from '../records/model/aggregate.ts'
import type { Session } from '../session/session.ts'
import {
  administratorOf,
  type DenialReason,
  isSessionCurrent,
  recordRefusal,
  refusedOperation,
} from './administrator.ts'
import { houseOf, isSharedMailbox, requestKey, toRefusal } from './enter-request.ts'
import { authorisationCodeAggregate, requestAggregate } from './model/aggregates.ts'
import { needsOf } from './model/entry.ts'
import { profileView } from './profile-view.ts'
import { newReview, type Review, type ReviewContents, type ReviewProof, sealReview } from './review.ts'

/** An Authorisation Code, for the checker's eyes alone. */
export interface AuthorisationCode {
  /** Digits. */
  readonly code: string
  /** The first instant at which it is no longer good. */
  readonly expiresAt: Instant
}

/** The text of which a code's keyed hash is made: bound to its checker and its request. */
export const codeMessage = (checker: string, request: string, code: string) =>
  `authorisation-code:${checker}:${request}:${code}`

/** A checker reads a request. */
export const reviewRequest = async (
  context: ServiceContext,
  input: { readonly session: Session; readonly request: string },
): Promise<Result<Review, Refusal>> => {
  const operation = { operation: 'dms.review', subject: input.request }
  const administrator = await administratorOf(context, input.session, operation)
  if (administrator.isErr()) return err(administrator.error)
  const checker = administrator.value
  const { participant } = checker
  const done = await transact<Result<Review, Refusal>>(context, {
    keys: [requestKey(checker, input.request), checker.key],
    by: checker.userId,
    decide: async ({ records: [record, own], now: at }) => {
      const refuse = (why: DenialReason): Result<Decided<Result<Review, Refusal>>, Refusal> =>
        refusedOperation(checker, own, { ...operation, at }, why, toRefusal(why))
      if (!isSessionCurrent(context, checker, own, at))
        return refuse({ reason: 'session-ended', rule: 'ACC-15' })
      const request = stateOf(requestAggregate, record)
      if (request.stage === 'Unknown') return refuse({ reason: 'no-such-request', rule: 'DMS-01' })
      if (request.stage !== 'Pending' || at >= request.expiresAt)
        return refuse({ reason: 'request-closed', rule: 'DMS-05' })
      const alone = context.policy.dms.onePersonParticipants.includes(participant)
      if (request.maker === checker.userId && !alone)
        return refuse({ reason: 'maker-as-checker', rule: 'DMS-02' })
      const { entry, entryDigest: digest, maker, enteredAt, expiresAt } = request
      const both = await load(context, [
        accountKey({ participant, userId: entry.userId }),
        accountKey({ participant, userId: maker }),
      ])
      if (both.isErr()) return err(both.error)
      const [subject, makerAccount] = [0, 1].map((n) => stateOf(accountAggregate, both.value[n]))
      const checkerAccount = stateOf(accountAggregate, own)
      if (subject === undefined || makerAccount === undefined)
        return err({ code: 'internal-fault', rule: 'API-02' })
      if (
        maker !== checker.userId &&
        isSharedMailbox(context.policy, participant, makerAccount, checkerAccount)
      )
        return refuse({ reason: 'shared-mailbox', rule: 'DMS-02' })
      const phase = phaseOf(context, participant, at)
      const acting = { ...checker, clearingHouse: houseOf(context.policy, checker, checkerAccount) }
      const about = {
        userId: entry.userId,
        participant,
        role: isExistingAccount(subject) ? subject.role : ('User' as const),
        clearingHouse: houseOf(
          context.policy,
          entry,
          subject,
          entry.kind === 'create' ? entry.profile.clearingHouseOptions : undefined,
        ),
      }
      for (const need of needsOf(entry)) {
        const denial = dmsDenial(acting, about, { need, channel: channelOf(subject), phase })
        if (denial?.reason === 'other-clearing-house') return refuse(denial)
      }
      const profile = profileView(subject, phase)
      const reading: ReviewContents = {
        request: input.request,
        entry,
        digest,
        maker,
        checker: checker.session.userId,
        enteredAt,
        expiresAt,
        ...(profile === undefined ? {} : { profile }),
      }
      const sealed = await sealReview(context, reading)
      return sealed.map((text) => ({ changes: [], answer: ok(newReview(reading, text)) }))
    },
  })
  return done.andThen((answer) => answer)
}

const epochOf = (record: StoredRecord | undefined) => {
  const account = stateOf(accountAggregate, record)
  return isExistingAccount(account) ? account.sessionEpoch : -1
}

/** A checker draws a code for what it has read. */
export const drawCode = async (
  context: ServiceContext,
  input: { readonly session: Session; readonly reading: ReviewProof },
): Promise<Result<AuthorisationCode, Refusal>> => {
  const { reading } = input
  const { ports, policy } = context
  const operation = { operation: 'dms.drawCode', subject: reading.request }
  const administrator = await administratorOf(context, input.session, operation)
  if (administrator.isErr()) return err(administrator.error)
  const checker = administrator.value
  if (reading.checker !== checker.userId)
    return recordRefusal(context, checker, operation, { reason: 'review-of-another', rule: 'DMS-04' })
  const bytes = await callPort(context, 'random', () => ports.random.bytes(8))
  if (bytes.isErr()) return err(bytes.error)
  const code = numericCode(bytes.value, policy.dms.authorisationCode.digits)
  const mac = await callPort(context, 'secretBox', () =>
    ports.secretBox.mac(codeMessage(checker.userId, reading.request, code)),
  )
  if (mac.isErr()) return err(mac.error)
  const credential = credentialIdOf(mac.value)

  const key = keyOf(authorisationCodeAggregate, checker.participant, checker.userId)
  const done = await transact<Result<AuthorisationCode, Refusal>>(context, {
    keys: [key, checker.key, requestKey(checker, reading.request)],
    by: checker.userId,
    decide: async ({ records: [before, own, requestRecord], now: at }) => {
      const refuse = (why: DenialReason): Result<Decided<Result<AuthorisationCode, Refusal>>, Refusal> =>
        refusedOperation(checker, own, { ...operation, at }, why, toRefusal(why))
      if (!isSessionCurrent(context, checker, own, at))
        return refuse({ reason: 'session-ended', rule: 'ACC-15' })
      const request = stateOf(requestAggregate, requestRecord)
      if (request.stage !== 'Pending' || at >= request.expiresAt)
        return refuse({ reason: 'request-closed', rule: 'DMS-05' })
      if (request.entryDigest !== reading.digest) return refuse({ reason: 'entry-changed', rule: 'DMS-05' })
      const command = {
        type: 'DrawAuthorisationCode',
        at,
        request: reading.request,
        entryDigest: reading.digest,
        codeRound: request.codeRound,
        credential,
        // As of now: other sessions of the checker may have ended since this one began.
        sessionEpoch: epochOf(own),
        sessionExpiresAt: checker.session.expiresAt,
        ...(checker.session.card === undefined ? {} : { card: checker.session.card }),
      } as const
      const secrets = { [credential]: mac.value }
      const decided = changeFromCommand(authorisationCodeAggregate, { key, before }, command, policy, secrets)
      if (decided.isErr()) return refuse(decided.error)
      const { after } = decided.value
      const expiresAt = after.stage === 'Drawn' ? after.expiresAt : at
      return ok({ changes: [decided.value], answer: ok({ code, expiresAt }) })
    },
  })
  return done.andThen((answer) => answer)
}
