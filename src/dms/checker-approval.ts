import { err, ok, type Result } from 'neverthrow'
import { dmsPartDenial } from '../access-control/authority.ts'
import { accountDecider } from '../account/decide.ts'
import { isExistingAccount } from '../account/state.ts'
import { callPort, type ServiceContext } from '../engine/context.ts'
import type { LoadedRecord, RecordChange } from '../engine/record-change.ts'
import type { PortFailed } from '../engine/refusals.ts'
import type { UserId } from '../identity/user-id.ts'
import type { Instant } from '../kernel/instant.ts'
import { accountAggregate } from '../records/model/account-aggregate.ts'
import { changeFromCommand, stateOf } from '../records/model/aggregate.ts'
import { checkCommand } from '../session/sessions.ts'
import type { Administrator, DenialReason } from './administrator.ts'
import { isSharedMailbox } from './entry-checks.ts'
import { authorisationCodeAggregate } from './model/aggregates.ts'
import { nextAuthorisationCodeFact } from './model/authorisation-code.ts'

/** The text of a code's keyed hash, bound to its checker and its request. */
export const authorisationCodeMessage = (checker: string, request: string, code: string) =>
  `authorisation-code:${checker}:${request}:${code}`

/** The maker's own account, and the records that show a checker's approval. */
interface ApprovalRecords {
  readonly own: LoadedRecord
  readonly checker: LoadedRecord
  readonly code: LoadedRecord
}

/**
 * Why a checker's approval is not accepted; `counted` if it counts as a wrong confirmation of the request.
 */
interface CheckerDenial {
  readonly counted: boolean
  readonly why: DenialReason
}

/**
 * Why the named checker can't approve now, regardless of the code: they are not another DA of the
 * participant, have no right to check, or the session in which the code was issued has ended.
 *
 * @rule DMS-02
 * @rule DMS-09
 * @rule DMS-11
 */
export const checkerDenial = (
  context: ServiceContext,
  { participant }: Administrator,
  checkerId: UserId,
  records: ApprovalRecords,
  at: Instant,
): CheckerDenial | undefined => {
  const { policy } = context
  const maker = stateOf(accountAggregate, records.own.before)
  const checker = stateOf(accountAggregate, records.checker.before)
  const isAdministrator = isExistingAccount(checker) && checker.role === 'DelegatedAdministrator'
  if (records.checker.key.participant !== participant || !isAdministrator)
    return { counted: true, why: { reason: 'checker-not-of-the-participant', rule: 'DMS-02' } }
  if (isSharedMailbox(policy, participant, maker, checker))
    return { counted: false, why: { reason: 'shared-mailbox', rule: 'DMS-02' } }
  const limited = dmsPartDenial(checkerId, 'checker', policy)
  if (limited !== undefined)
    return { counted: true, why: { reason: `checker-${limited.reason}`, rule: limited.rule } }
  const issued = stateOf(authorisationCodeAggregate, records.code.before)
  if (issued.stage !== 'Issued') return undefined
  const { sessionEpoch, card } = issued
  const session = {
    participant,
    system: 'DMS',
    sessionEpoch,
    ...(card === undefined ? {} : { card }),
  } as const
  const decision = accountDecider.decide(checker, checkCommand(context, session, checker, at), policy)
  return decision.isErr()
    ? { counted: true, why: { reason: `checker-${decision.error.reason}`, rule: 'DMS-02' } }
    : undefined
}

/** An Authorisation Code as the maker enters it. */
interface EnteredCode {
  readonly request: string
  readonly codeRound: number
  readonly code: string
  readonly at: Instant
}

/**
 * The result of using a code: the digest of the entry that it approves; or why it is refused, and the change
 * to commit.
 */
interface UsedCode {
  readonly approved: string
  readonly change?: RecordChange
  readonly refused?: DenialReason
}

/**
 * Uses a checker's Authorisation Code. Its keyed hash is verified only if the code could still be used.
 *
 * @rule DMS-04
 */
export const consumeAuthorisationCode = async (
  context: ServiceContext,
  checkerId: UserId,
  records: ApprovalRecords,
  { request, codeRound, code, at }: EnteredCode,
): Promise<Result<UsedCode, PortFailed>> => {
  const { policy, ports } = context
  const checker = stateOf(accountAggregate, records.checker.before)
  const issued = stateOf(authorisationCodeAggregate, records.code.before)
  const sessionEpoch = isExistingAccount(checker) ? checker.sessionEpoch : -1
  const command = { type: 'UseAuthorisationCode', at, request, codeRound, sessionEpoch } as const
  const isAsked = nextAuthorisationCodeFact(issued, command, new Set(), policy) === 'matches'
  const mac = issued.stage === 'Issued' && isAsked ? records.code.before?.vault[issued.credential] : undefined
  const matches =
    mac === undefined
      ? ok(false)
      : await callPort(context, 'secretBox', () =>
          ports.secretBox.verifyMac(mac, authorisationCodeMessage(checkerId, request, code)),
        )
  if (matches.isErr()) return err(matches.error)
  const complete = { ...command, matches: matches.value }
  const used = changeFromCommand(authorisationCodeAggregate, records.code, complete, policy)
  if (used.isErr()) return ok({ approved: '', refused: used.error })
  const [event] = used.value.events
  if (issued.stage === 'Issued' && event?.type === 'AuthorisationCodeUsed')
    return ok({ approved: issued.entryDigest, change: used.value })
  const reason = event?.type === 'AuthorisationCodeRevoked' ? `code-${event.reason}` : 'wrong-code'
  return ok({ approved: '', change: used.value, refused: { reason, rule: event?.rule ?? 'DMS-04' } })
}
