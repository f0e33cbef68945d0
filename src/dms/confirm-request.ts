import { err, ok, type Result } from 'neverthrow'
import { dmsDenial, dmsPartDenial } from '../access-control/authority.ts'
import { channelOf } from '../account/channel.ts'
import { isExistingAccount } from '../account/state.ts'
import { callPort, phaseOf, type ServiceContext } from '../engine/context.ts'
import type { RecordChange } from '../engine/record-change.ts'
import { load, transact } from '../engine/unit-of-work.ts'
import { parseUserId, type UserId } from '../identity/user-id.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { accountKey } from '../records/handle-account-command.ts'
import { accountAggregate } from '../records/model/account-aggregate.ts'
import { changeFromCommand, keyOf, stateOf } from '../records/model/aggregate.ts'
import { participantAggregate } from '../records/model/participant-aggregate.ts'
import type { Session } from '../session/session.ts'
import { checkCommand } from '../session/sessions.ts'
import { administratorOf, type DenialReason, isSessionCurrent, refusedOperation } from './administrator.ts'
import { effectsOf } from './apply-entry.ts'
import { houseOf, isSharedMailbox, lateSmartcard, requestKey, toRefusal } from './enter-request.ts'
import { authorisationCodeAggregate, requestAggregate } from './model/aggregates.ts'
import { needsOf, profileDigest } from './model/entry.ts'
import { codeMessage } from './review-request.ts'

const authorisationRefused: Refusal = { code: 'authorisation-refused', rule: 'DMS-04' }

/** On the maker's page, Checker ID and Authorisation Code are entered: the request takes effect, or it does not. */
export const confirmRequest = async (
  context: ServiceContext,
  input: {
    readonly session: Session
    readonly request: string
    readonly checkerId: string
    readonly authorisationCode: string
  },
): Promise<Result<void, Refusal>> => {
  const { ports, policy } = context
  const operation = { operation: 'dms.confirm', subject: input.request }
  const administrator = await administratorOf(context, input.session, operation)
  if (administrator.isErr()) return err(administrator.error)
  const maker = administrator.value
  const { participant } = maker
  const parsed = parseUserId(input.checkerId, policy.userId.seochAdministratorOrder)
  // A malformed Checker ID is a wrong confirmation too (DMS-09); the maker stands in for what is loaded of it.
  const checker = parsed.unwrapOr({ userId: maker.session.userId, participant })

  // The subject stands in the request; where it is looked at again, it must be the one that was loaded.
  const key = requestKey(maker, input.request)
  const read = await load(context, [key])
  if (read.isErr()) return err(read.error)
  const known = stateOf(requestAggregate, read.value[0])
  const subjectId = known.stage === 'Unknown' ? maker.session.userId : known.entry.userId

  const participantKey = keyOf(participantAggregate, participant, participant)
  const codeKey = keyOf(authorisationCodeAggregate, checker.participant, checker.userId)
  const subjectKey = accountKey({ participant, userId: subjectId })
  const done = await transact<Result<void, Refusal>>(context, {
    keys: [participantKey, key, maker.key, accountKey(checker), codeKey, subjectKey],
    by: maker.userId,
    decide: async ({ records, now: at }) => {
      const [participantRecord, before, own, checkerRecord, codeRecord, subjectRecord] = records
      const refuse = (why: DenialReason, refusal = toRefusal(why), others: readonly RecordChange[] = []) =>
        refusedOperation<void>(maker, own, { ...operation, at }, why, refusal, others)
      if (!isSessionCurrent(context, maker, own, at))
        return refuse({ reason: 'session-ended', rule: 'ACC-15' })

      // First the request, as if the code were right: a code is not spent on what can't be confirmed.
      const request = stateOf(requestAggregate, before)
      const subject = stateOf(accountAggregate, subjectRecord)
      const drawn = stateOf(authorisationCodeAggregate, codeRecord)
      const rules = { dms: policy.dms, participant }
      const place = { key, before }
      const confirm = (approved: string) =>
        changeFromCommand(
          requestAggregate,
          place,
          {
            type: 'Confirm',
            at,
            maker: maker.session.userId,
            checker: parsed.isOk() ? checker.userId : ('' as UserId),
            approved,
            profileDigest: request.stage === 'Pending' ? profileDigest(subject, request.entry) : '',
          },
          rules,
        )
      const possible = confirm(request.stage === 'Pending' ? request.entryDigest : '')
      if (possible.isErr()) return refuse(possible.error)
      const { stage } = possible.value.after
      if (request.stage !== 'Pending' || stage !== 'Confirmed') {
        const because = stage === 'Stale' ? 'stale' : 'expired'
        return refuse(
          { reason: `request-${because}`, rule: 'DMS-05' },
          { code: 'request-not-open', rule: 'DMS-05', reason: because },
          [possible.value],
        )
      }

      const wrong = (why: DenialReason, others: readonly RecordChange[] = []) => {
        const command = { type: 'RejectConfirmation', at, maker: maker.session.userId } as const
        const counted = changeFromCommand(requestAggregate, place, command, rules)
        if (counted.isErr()) return refuse(counted.error)
        return refuse(why, parsed.isErr() ? parsed.error : authorisationRefused, [counted.value, ...others])
      }
      if (parsed.isErr()) return wrong({ reason: parsed.error.code, rule: parsed.error.rule })

      // Then the checker, who must be able to sign in at this moment, and the code.
      const checkerAccount = stateOf(accountAggregate, checkerRecord)
      const { sessionEpoch = -1, card } = drawn.stage === 'Drawn' ? drawn : {}
      const itsLogin = {
        participant,
        system: 'DMS',
        sessionEpoch,
        ...(card === undefined ? {} : { card }),
      } as const
      const able = accountAggregate.decider.decide(
        checkerAccount,
        checkCommand(context, itsLogin, checkerAccount, at),
        policy,
      )
      const isAdministrator =
        isExistingAccount(checkerAccount) && checkerAccount.role === 'DelegatedAdministrator'
      if (checker.participant !== participant || !isAdministrator)
        return wrong({ reason: 'checker-not-of-the-participant', rule: 'DMS-02' })
      const makerAccount = stateOf(accountAggregate, own)
      if (isSharedMailbox(policy, participant, makerAccount, checkerAccount))
        return refuse({ reason: 'shared-mailbox', rule: 'DMS-02' })
      const limited = dmsPartDenial(checker.userId, 'checker', policy)
      if (limited !== undefined) return wrong({ reason: `checker-${limited.reason}`, rule: limited.rule })
      if (drawn.stage === 'Drawn' && able.isErr())
        return wrong({ reason: `checker-${able.error.reason}`, rule: 'DMS-02' })
      const mac = drawn.stage === 'Drawn' ? codeRecord?.vault[drawn.credential] : undefined
      const matches =
        drawn.stage === 'Drawn' && mac !== undefined
          ? await callPort(context, 'secretBox', () =>
              ports.secretBox.verifyMac(
                mac,
                codeMessage(checker.userId, drawn.request, input.authorisationCode),
              ),
            )
          : ok(false)
      if (matches.isErr()) return err(matches.error)
      const current = isExistingAccount(checkerAccount) ? checkerAccount.sessionEpoch : -1
      const used = changeFromCommand(
        authorisationCodeAggregate,
        { key: codeKey, before: codeRecord },
        {
          type: 'UseAuthorisationCode',
          at,
          request: input.request,
          codeRound: request.codeRound,
          sessionEpoch: current,
          matches: matches.value,
        },
        policy,
      )
      if (used.isErr()) return wrong(used.error)
      if (!used.value.events.some(({ type }) => type === 'AuthorisationCodeUsed')) {
        const [event] = used.value.events
        const reason = event?.type === 'AuthorisationCodeRevoked' ? `code-${event.reason}` : 'wrong-code'
        return wrong({ reason, rule: event?.rule ?? 'DMS-04' }, [used.value])
      }

      // Then exactly what was approved, by an administrator who may still do it.
      const confirmed = confirm(drawn.stage === 'Drawn' ? drawn.entryDigest : '')
      if (confirmed.isErr()) return refuse(confirmed.error)
      const actor = {
        userId: subjectId,
        participant,
        role: isExistingAccount(subject) ? subject.role : ('User' as const),
        clearingHouse: houseOf(
          policy,
          { userId: subjectId },
          subject,
          request.entry.kind === 'create' ? request.entry.profile.clearingHouseOptions : undefined,
        ),
      }
      const both = [
        { ...maker, clearingHouse: houseOf(policy, maker, makerAccount) },
        { ...maker, userId: checker.userId, clearingHouse: houseOf(policy, checker, checkerAccount) },
      ]
      const situation = { channel: channelOf(subject), phase: phaseOf(context, participant, at) }
      for (const need of needsOf(request.entry)) {
        for (const acting of both) {
          const forbidden = dmsDenial(acting, actor, { need, ...situation })
          if (forbidden !== undefined) return refuse(forbidden)
        }
      }
      const late = lateSmartcard(request.entry, situation.phase, policy)
      if (late !== undefined) return refuse(late)
      const places = {
        subject: { key: subjectKey, before: subjectRecord },
        participant: { key: participantKey, before: participantRecord },
      }
      const effects = effectsOf(request.entry, places, at, policy)
      if (effects.isErr()) return refuse(effects.error)
      return ok({
        changes: [confirmed.value, used.value, ...effects.value],
        unchanged: [
          { key: maker.key, before: own },
          { key: accountKey(checker), before: checkerRecord },
        ],
        answer: ok(undefined),
      })
    },
  })
  return done.andThen((answer) => answer)
}
