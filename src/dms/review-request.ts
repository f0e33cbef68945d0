import { err, ok, type Result } from 'neverthrow'
import type { Instant } from '../kernel/instant.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { numericCode } from '../otp/code.ts'
import { ask, type Context, phaseOf } from '../engine/context.ts'
import { accountKey } from '../records/handle-account-command.ts'
import { accountMachine, authorisationMachine, change, keyOf, requestMachine, stateOf } from '../records/aggregates.ts'
import type { Principal } from '../session/session.ts'
import { type Decided, load, transact } from '../engine/unit-of-work.ts'
import { nameInVault } from '../integrity/vault.ts'
import { administratorOf, refuseAct, refusedAct, stillIn, type Why } from './administrator.ts'
import { requestKey, told } from './enter-request.ts'
import { newReview, type Reading, type Review } from './review.ts'
import { profileView } from './profile-view.ts'

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
  context: Context,
  input: { readonly principal: Principal; readonly request: string },
): Promise<Result<Review, Refusal>> => {
  const attempt = { act: 'dms.review', about: input.request }
  const administrator = await administratorOf(context, input.principal, attempt)
  if (administrator.isErr()) return err(administrator.error)
  const checker = administrator.value
  const { participant } = checker
  const done = await transact<Result<Review, Refusal>>(context, {
    keys: [requestKey(checker, input.request), checker.key],
    by: checker.userId,
    decide: async ({ records: [record, own], now: at }) => {
      const refuse = (why: Why): Result<Decided<Result<Review, Refusal>>, Refusal> =>
        refusedAct(checker, own, { ...attempt, at }, why, told(why))
      if (!stillIn(context, checker, own, at)) return refuse({ reason: 'login-void', rule: 'ACC-15' })
      const request = stateOf(requestMachine, record)
      if (request.stage === 'Unknown') return refuse({ reason: 'no-such-request', rule: 'DMS-01' })
      if (request.stage !== 'Pending' || at >= request.expiresAt)
        return refuse({ reason: 'request-closed', rule: 'DMS-05' })
      const alone = context.policy.dms.onePersonParticipants.includes(participant)
      if (request.maker === checker.userId && !alone)
        return refuse({ reason: 'maker-as-checker', rule: 'DMS-02' })
      const { entry, digest, maker, enteredAt, expiresAt } = request
      const subject = await load(context, [accountKey({ participant, userId: entry.userId })])
      if (subject.isErr()) return err(subject.error)
      const profile = profileView(
        stateOf(accountMachine, subject.value[0]),
        phaseOf(context, participant, at),
      )
      const reading: Reading = {
        request: input.request,
        entry,
        digest,
        maker,
        checker: checker.login.userId,
        enteredAt,
        expiresAt,
        ...(profile === undefined ? {} : { profile }),
      }
      return ok({ changes: [], answer: ok(newReview(reading)) })
    },
  })
  return done.andThen((answer) => answer)
}

/** A checker draws a code for what it has read. */
export const drawCode = async (
  context: Context,
  input: { readonly principal: Principal; readonly reading: Reading },
): Promise<Result<AuthorisationCode, Refusal>> => {
  const { reading } = input
  const { ports, policy } = context
  const attempt = { act: 'dms.drawCode', about: reading.request }
  const administrator = await administratorOf(context, input.principal, attempt)
  if (administrator.isErr()) return err(administrator.error)
  const checker = administrator.value
  if (reading.checker !== checker.userId)
    return refuseAct(context, checker, attempt, { reason: 'review-of-another', rule: 'DMS-04' })
  const bytes = await ask(context, 'random', () => ports.random.bytes(8))
  if (bytes.isErr()) return err(bytes.error)
  const code = numericCode(bytes.value, policy.dms.authorisationCode.digits)
  const mac = await ask(context, 'secretBox', () =>
    ports.secretBox.mac(codeMessage(checker.userId, reading.request, code)),
  )
  if (mac.isErr()) return err(mac.error)
  const credential = nameInVault(mac.value)

  const key = keyOf(authorisationMachine, checker.participant, checker.userId)
  const done = await transact<Result<AuthorisationCode, Refusal>>(context, {
    keys: [key, checker.key],
    by: checker.userId,
    decide: async ({ records: [before, own], now: at }) => {
      const refuse = (why: Why): Result<Decided<Result<AuthorisationCode, Refusal>>, Refusal> =>
        refusedAct(checker, own, { ...attempt, at }, why, told(why))
      if (!stillIn(context, checker, own, at)) return refuse({ reason: 'login-void', rule: 'ACC-15' })
      const command = {
        type: 'DrawCode',
        at,
        request: reading.request,
        digest: reading.digest,
        credential,
        generation: checker.login.generation,
        loginExpiresAt: checker.login.expiresAt,
        ...(checker.login.card === undefined ? {} : { card: checker.login.card }),
      } as const
      const secrets = { [credential]: mac.value }
      const decided = change(authorisationMachine, { key, before }, command, policy, secrets)
      if (decided.isErr()) return refuse(decided.error)
      const { after } = decided.value
      const expiresAt = after.stage === 'Drawn' ? after.expiresAt : at
      return ok({ changes: [decided.value], answer: ok({ code, expiresAt }) })
    },
  })
  return done.andThen((answer) => answer)
}
