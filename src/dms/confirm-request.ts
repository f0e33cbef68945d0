import { err, ok, type Result } from 'neverthrow'
import { phaseOf, type ServiceContext } from '../engine/context.ts'
import { readUserId } from '../engine/endpoint.ts'
import type { LoadedRecord, RecordChange } from '../engine/record-change.ts'
import { loadNamed } from '../engine/unit-of-work.ts'
import type { WithCode } from '../kernel/coded.ts'
import type { Of } from '../kernel/decision-table.ts'
import type { Instant } from '../kernel/instant.ts'
import { accountKey } from '../records/handle-account-command.ts'
import { accountAggregate } from '../records/model/account-aggregate.ts'
import { changeFromCommand, keyOf, stateOf } from '../records/model/aggregate.ts'
import { participantAggregate } from '../records/model/participant-aggregate.ts'
import type { Session } from '../session/session.ts'
import { administratorOf, type DenialReason, requestKey, transactAs } from './administrator.ts'
import { effectsOf } from './apply-entry.ts'
import { checkerDenial, consumeAuthorisationCode } from './checker-approval.ts'
import { authorityDenial, lateSmartcard } from './entry-checks.ts'
import { authorisationCodeAggregate, requestAggregate } from './model/aggregates.ts'
import { profileDigest } from './model/entry.ts'
import { noChecker, type RequestCommand } from './model/request.ts'
import { nextRequestFact } from './model/request-decider.ts'
import type { DmsRefusals } from './refusals.ts'

/** What a maker enters to confirm a request. */
export interface Confirmation {
  readonly session: Session
  readonly request: string
  readonly checkerId: string
  readonly authorisationCode: string
}

type Name = 'participant' | 'request' | 'checker' | 'code' | 'own'
type Records = Readonly<Record<Name, LoadedRecord>>
type Parties = Pick<Of<RequestCommand, 'Confirm'>, 'maker' | 'checker'>

/** The refusals that this operation returns itself. */
type OwnRefusal = WithCode<DmsRefusals['confirm'], 'authorisation-refused' | 'malformed-user-id'>

/** Why an operation is refused, the caller's refusal, and the changes committed with it. */
type Refused = readonly [
  why: DenialReason,
  refusal?: OwnRefusal | undefined,
  changes?: readonly RecordChange[],
]

/** The codes that the caller receives. */
const discloses = ['maker-as-checker', 'request-not-open', 'quota-exceeded', 'user-id-taken'] as const

const authorisationRefused: OwnRefusal = { code: 'authorisation-refused', rule: 'DMS-04' }

const accountOf = ({ before }: LoadedRecord) => stateOf(accountAggregate, before)

/**
 * Returns a request that can be confirmed, apart from the code, with its account; or the reason why it can't
 * be.
 */
const openRequest = async (
  context: ServiceContext,
  { request: requestRecord, participant }: Records,
  parties: Parties,
  at: Instant,
) => {
  const rules = { dms: context.policy.dms, participant: participant.key.participant }
  const request = stateOf(requestAggregate, requestRecord.before)
  const userId = request.stage === 'Unknown' ? parties.maker : request.entry.userId
  const loaded = await loadNamed(context, { account: accountKey({ participant: rules.participant, userId }) })
  if (loaded.isErr()) return err(loaded.error)
  const { account } = loaded.value
  const seen = request.stage === 'Pending' ? profileDigest(accountOf(account), request.entry) : ''
  const command = { type: 'Confirm', at, ...parties, profileDigest: seen } as const
  if (request.stage === 'Pending' && nextRequestFact(request, command, new Set(), rules) === 'approved')
    return ok({ request, account, command, rules })
  const closed = changeFromCommand(requestAggregate, requestRecord, { ...command, approved: '' }, rules)
  if (closed.isErr()) return ok<Refused>([closed.error])
  const reason = closed.value.after.stage === 'Stale' ? 'stale' : 'expired'
  const why = { reason: `request-${reason}`, rule: 'DMS-05' } as const
  return ok<Refused>([why, undefined, [closed.value]])
}

/**
 * Confirms a request with the Checker ID and Authorisation Code that are entered on the maker's page.
 *
 * @rule DMS-01
 * @rule DMS-02
 * @rule DMS-04
 * @rule DMS-05
 * @rule DMS-09
 */
export const confirmRequest = async (
  context: ServiceContext,
  input: Confirmation,
): Promise<Result<void, DmsRefusals['confirm']>> => {
  const { policy } = context
  const operation = { operation: 'dms.confirm', subject: input.request }
  const administrator = await administratorOf(context, input.session, operation)
  if (administrator.isErr()) return err(administrator.error)
  const maker = administrator.value
  const { participant, session } = maker
  const named = readUserId(context, input.checkerId)
  // A malformed Checker ID is also a wrong confirmation (DMS-09). The maker's own records are then loaded in
  // place of the checker's.
  const checker = named.unwrapOr({ userId: session.userId, participant })
  const parties = { maker: session.userId, checker: named.isOk() ? checker.userId : noChecker }

  return transactAs<Exclude<Name, 'own'>, void, (typeof discloses)[number], OwnRefusal>(
    context,
    maker,
    operation,
    {
      records: {
        participant: keyOf(participantAggregate, participant, participant),
        request: requestKey(maker, input.request),
        checker: accountKey(checker),
        code: keyOf(authorisationCodeAggregate, checker.participant, checker.userId),
      },
      contended: 'participant',
      discloses,
      decide: async ({ records, now: at, refuse }) => {
        // The request is checked first, so that no code is used for a request that can't be confirmed.
        const opened = await openRequest(context, records, parties, at)
        if (opened.isErr()) return err(opened.error)
        if (!('request' in opened.value)) return refuse(...opened.value)
        const { request, account, command, rules } = opened.value

        /** Counts a wrong confirmation: the entered code does not prove that a checker approved. */
        const wrong = (why: DenialReason, others: readonly RecordChange[] = []) => {
          const count = { type: 'RejectConfirmation', at, maker: parties.maker } as const
          const counted = changeFromCommand(requestAggregate, records.request, count, rules)
          const refusal = named.isErr() ? named.error : authorisationRefused
          return counted.isErr() ? refuse(counted.error) : refuse(why, refusal, [counted.value, ...others])
        }

        // The checker is checked next: their session must be valid at this moment, and then the code.
        if (named.isErr()) return wrong({ reason: named.error.code, rule: named.error.rule })
        const denial = checkerDenial(context, maker, checker.userId, records, at)
        if (denial !== undefined) return denial.counted ? wrong(denial.why) : refuse(denial.why)
        const entered = { request: input.request, code: input.authorisationCode, at }
        const used = await consumeAuthorisationCode(context, checker.userId, records, {
          ...entered,
          codeRound: request.codeRound,
        })
        if (used.isErr()) return err(used.error)
        const { change: useOfCode, refused, approved } = used.value
        // A code from the future is refused whether or not it is correct, and is not counted (API-03).
        if (refused?.reason === 'instant-from-the-future') return refuse(refused, authorisationRefused)
        if (refused !== undefined) return wrong(refused, useOfCode === undefined ? [] : [useOfCode])

        // At last the request is confirmed exactly as approved, by two administrators who are still
        // authorised.
        const confirmed = changeFromCommand(
          requestAggregate,
          records.request,
          { ...command, approved },
          rules,
        )
        if (confirmed.isErr()) return refuse(confirmed.error)
        const phase = phaseOf(context, participant, at)
        const about = { entry: request.entry, participant, account: accountOf(account), phase }
        const makerActs = { administrator: maker, account: accountOf(records.own) }
        const checkerActs = {
          administrator: { ...maker, userId: checker.userId },
          account: accountOf(records.checker),
        }
        const forbidden =
          authorityDenial(makerActs, about, policy) ??
          authorityDenial(checkerActs, about, policy) ??
          lateSmartcard(request.entry, phase, policy)
        if (forbidden !== undefined) return refuse(forbidden)
        const effects = effectsOf(request.entry, { account, participant: records.participant }, at, policy)
        if (effects.isErr()) return refuse(effects.error)
        return ok({
          changes: [confirmed.value, ...(useOfCode === undefined ? [] : [useOfCode]), ...effects.value],
          unchanged: [records.own, records.checker],
          answer: ok(undefined),
        })
      },
    },
  )
}
