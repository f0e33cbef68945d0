import { err, ok, type Result } from 'neverthrow'
import type { ServiceContext } from '../engine/context.ts'
import type { RecordChange } from '../engine/record-change.ts'
import type { CommitRefusal, PortFailed } from '../engine/refusals.ts'
import { load, transact } from '../engine/unit-of-work.ts'
import type { RecordKey } from '../ports/storage.ts'
import { changeFromCommand, changeFromEvents, keyOf } from '../records/model/aggregate.ts'
import { eserviceAggregate, hkexPartition, inboxAggregate } from './model/aggregates.ts'
import type { ClientConnectUser } from './model/client-connect.ts'
import type { EserviceCommand } from './model/commands.ts'
import { eserviceNotices } from './model/notices.ts'
import { type ExistingEservice, statusAt } from './model/state.ts'
import { type EservicesRefusal, noSuchForm } from './refusals.ts'

/** A form as its participant sees it. */
export interface EserviceView {
  /** The name of the form, by which its steps are taken; the reference comes with submission. */
  readonly id: string
  readonly status: (typeof statusAt)[ExistingEservice['stage']]
  /** All that stands on it and in it; `stage` tells a claimed form from one that is not. */
  readonly form: ExistingEservice
}

/** Where a form lives. */
export const formKey = (participant: string, id: string): RecordKey =>
  keyOf(eserviceAggregate, participant, id)

/** A form, to be shown. */
export const viewOf = (id: string, form: ExistingEservice): EserviceView => ({
  id,
  status: statusAt[form.stage],
  form,
})

/** A step of a Client Connect user. */
export interface Step {
  readonly actor: ClientConnectUser
  readonly id: string
  readonly commandAt: (at: number) => EserviceCommand
  /** Whom a submission is told to. */
  readonly users?: readonly ClientConnectUser[]
}

/** Takes one step on one form. A refused one stands in the form's trail, with the reason. */
export const takeStep = async (
  context: ServiceContext,
  { actor, id, commandAt, users = [] }: Step,
): Promise<Result<EserviceView, CommitRefusal | EservicesRefusal>> => {
  const key = formKey(actor.participant, id)
  const done = await transact<Result<EserviceView, EservicesRefusal>, PortFailed>(context, {
    keys: [key],
    by: actor.id,
    decide: async ({ records: [before], now: at }) => {
      const place = { key, before }
      const command = commandAt(at)
      const decided = changeFromCommand(eserviceAggregate, place, command, context.policy)
      if (decided.isErr()) {
        const { reason, rule } = decided.error
        const refused = changeFromEvents(eserviceAggregate, place, [
          { type: 'CommandRefused', at, rule, operation: command.type, reason },
        ])
        return ok({ changes: [refused], answer: err({ code: 'form-refused', rule, reason }) })
      }
      const { after, events } = decided.value
      if (after.stage === 'Unknown')
        return ok({
          changes: [],
          answer: err(noSuchForm),
        })
      const notices = eserviceNotices(after, events, users)
      const changes: RecordChange[] = [{ ...decided.value, notices }]
      const moved = events.some(({ type }) => type === 'FormConfirmed')
        ? 'Receive'
        : events.some(({ type }) => type === 'FormReclaimed') && after.stage === 'Claimed'
          ? 'Withdraw'
          : undefined
      if (moved !== undefined && 'reference' in after && after.reference !== undefined) {
        const inboxKey = keyOf(inboxAggregate, hkexPartition, after.reference)
        const read = await load(context, [inboxKey])
        if (read.isErr()) return err(read.error)
        const inbox = { key: inboxKey, before: read.value[0] }
        const toInbox =
          moved === 'Receive'
            ? ({ type: 'Receive', at, participant: after.participant, form: id } as const)
            : ({ type: 'Withdraw', at } as const)
        const put = changeFromCommand(inboxAggregate, inbox, toInbox, undefined)
        // Refused only where the same form has just been sent or reclaimed: its own write then conflicts.
        if (put.isOk()) changes.push(put.value)
      }
      return ok({ changes, answer: ok(viewOf(id, after)) })
    },
  })
  return done.andThen((answer) => answer)
}
