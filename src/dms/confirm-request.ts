import { err, ok, type Result } from 'neverthrow'
import { exists } from '../account/state.ts'
import { forbiddenInDms } from '../access-control/authority.ts'
import { needsOf, profileDigest } from './model/entry.ts'
import { parseUserId } from '../identity/user-id.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { ask, type Context, phaseOf } from '../engine/context.ts'
import { accountKey } from '../records/handle-account-command.ts'
import {
  accountMachine,
  authorisationMachine,
  change,
  keyOf,
  participantMachine,
  requestMachine,
  stateOf,
} from '../records/aggregates.ts'
import type { Principal } from '../session/session.ts'
import { confirming } from '../session/sessions.ts'
import { type Change, load, transact } from '../engine/unit-of-work.ts'
import { administratorOf, channelOf, refusedAct, stillIn, type Why } from './administrator.ts'
import { codeMessage } from './review-request.ts'
import { effectsOf } from './apply-entry.ts'
import { lateSmartcard, requestKey, told } from './enter-request.ts'

const authorisationRefused: Refusal = { code: 'authorisation-refused', rule: 'DMS-04' }

/** On the maker's page, Checker ID and Authorisation Code are entered: the request takes effect, or it does not. */
export const confirmRequest = async (
  context: Context,
  input: {
    readonly principal: Principal
    readonly request: string
    readonly checkerId: string
    readonly authorisationCode: string
  },
): Promise<Result<void, Refusal>> => {
  const { ports, policy } = context
  const attempt = { act: 'dms.confirm', about: input.request }
  const administrator = await administratorOf(context, input.principal, attempt)
  if (administrator.isErr()) return err(administrator.error)
  const maker = administrator.value
  const { participant } = maker
  const parsed = parseUserId(input.checkerId, policy.userId.seochAdministratorOrder)
  if (parsed.isErr()) return err(parsed.error)
  const checker = parsed.value

  // The subject stands in the request; where it is looked at again, it must be the one that was loaded.
  const key = requestKey(maker, input.request)
  const read = await load(context, [key])
  if (read.isErr()) return err(read.error)
  const known = stateOf(requestMachine, read.value[0])
  const subjectId = known.stage === 'Unknown' ? maker.login.userId : known.entry.userId

  const participantKey = keyOf(participantMachine, participant, participant)
  const codeKey = keyOf(authorisationMachine, checker.participant, checker.userId)
  const subjectKey = accountKey({ participant, userId: subjectId })
  const done = await transact<Result<void, Refusal>>(context, {
    keys: [participantKey, key, maker.key, accountKey(checker), codeKey, subjectKey],
    by: maker.userId,
    decide: async ({ records, now: at }) => {
      const [participantRecord, before, own, checkerRecord, codeRecord, subjectRecord] = records
      const refuse = (why: Why, refusal = told(why), others: readonly Change[] = []) =>
        refusedAct<void>(maker, own, { ...attempt, at }, why, refusal, others)
      if (!stillIn(context, maker, own, at)) return refuse({ reason: 'login-void', rule: 'ACC-15' })

      // First the request, as if the code were right: a code is not spent on what can't be confirmed.
      const request = stateOf(requestMachine, before)
      const subject = stateOf(accountMachine, subjectRecord)
      const drawn = stateOf(authorisationMachine, codeRecord)
      const rules = { dms: policy.dms, participant }
      const place = { key, before }
      const confirm = (approved: string) =>
        change(
          requestMachine,
          place,
          {
            type: 'Confirm',
            at,
            maker: maker.login.userId,
            checker: checker.userId,
            approved,
            seen: profileDigest(subject),
          },
          rules,
        )
      const possible = confirm(request.stage === 'Pending' ? request.digest : '')
      if (possible.isErr()) return refuse(possible.error)
      const { stage } = possible.value.after
      if (request.stage !== 'Pending' || stage !== 'Confirmed') {
        const because = stage === 'Stale' ? 'stale' : 'expired'
        return refuse(
          { reason: `request-${because}`, rule: 'DMS-05' },
          { code: 'request-not-open', rule: 'DMS-05', because },
          [possible.value],
        )
      }

      // Then the checker, who must be able to log in at this moment, and the code.
      const checkerAccount = stateOf(accountMachine, checkerRecord)
      const { generation = -1, card } = drawn.stage === 'Drawn' ? drawn : {}
      const itsLogin = {
        participant,
        system: 'DMS',
        generation,
        ...(card === undefined ? {} : { card }),
      } as const
      const able = accountMachine.decider.decide(
        checkerAccount,
        confirming(context, itsLogin, checkerAccount, at),
        policy,
      )
      const isAdministrator = exists(checkerAccount) && checkerAccount.role === 'DelegatedAdministrator'
      if (checker.participant !== participant || !isAdministrator)
        return refuse({ reason: 'checker-not-of-the-participant', rule: 'DMS-02' }, authorisationRefused)
      if (drawn.stage === 'Drawn' && able.isErr())
        return refuse({ reason: `checker-${able.error.reason}`, rule: 'DMS-02' }, authorisationRefused)
      const mac = drawn.stage === 'Drawn' ? codeRecord?.vault[drawn.credential] : undefined
      const matches =
        drawn.stage === 'Drawn' && mac !== undefined
          ? await ask(context, 'secretBox', () =>
              ports.secretBox.verifyMac(
                mac,
                codeMessage(checker.userId, drawn.request, input.authorisationCode),
              ),
            )
          : ok(false)
      if (matches.isErr()) return err(matches.error)
      const current = exists(checkerAccount) ? checkerAccount.generation : -1
      const used = change(
        authorisationMachine,
        { key: codeKey, before: codeRecord },
        { type: 'UseCode', at, request: input.request, generation: current, matches: matches.value },
        policy,
      )
      if (used.isErr()) return refuse(used.error, authorisationRefused)
      if (!used.value.events.some(({ type }) => type === 'CodeUsed')) {
        const [event] = used.value.events
        const reason = event?.type === 'CodeVoided' ? `code-${event.why}` : 'wrong-code'
        return refuse({ reason, rule: event?.rule ?? 'DMS-04' }, authorisationRefused, [used.value])
      }

      // Then exactly what was approved, by whoever may still do it.
      const confirmed = confirm(drawn.stage === 'Drawn' ? drawn.digest : '')
      if (confirmed.isErr()) return refuse(confirmed.error)
      const actor = {
        userId: subjectId,
        participant,
        role: exists(subject) ? subject.role : ('User' as const),
      }
      const situation = { channel: channelOf(subject), phase: phaseOf(context, participant, at) }
      for (const need of needsOf(request.entry)) {
        const forbidden = forbiddenInDms(maker, actor, { need, ...situation })
        if (forbidden !== undefined) return refuse(forbidden)
      }
      const late = lateSmartcard(request.entry, situation.phase)
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
