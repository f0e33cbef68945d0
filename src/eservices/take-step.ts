import { err, ok, type Result } from 'neverthrow'
import type { ServiceContext } from '../engine/context.ts'
import type { RecordChange } from '../engine/record-change.ts'
import type { CommitRefusal, PortFailed } from '../engine/refusals.ts'
import { loadNamed, transact } from '../engine/unit-of-work.ts'
import type { RecordKey } from '../ports/storage.ts'
import { changeFromCommand, changeFromEvents, keyOf, stateOf } from '../records/model/aggregate.ts'
import { eserviceAggregate, hkexPartition, inboxAggregate } from './model/aggregates.ts'
import type { ClientConnectUser } from './model/client-connect.ts'
import type { EserviceCommand, GivenEserviceCommand } from './model/commands.ts'
import { nextEserviceFact } from './model/decide.ts'
import type { EserviceEvent } from './model/events.ts'
import type { FormName } from './model/forms.ts'
import { eserviceNotices } from './model/notices.ts'
import type { EserviceRules } from './model/rules.ts'
import { type Eservice, type ExistingEservice, statusByStage } from './model/state.ts'
import { type EservicesRefusal, noSuchForm } from './refusals.ts'

/**
 * A form as its participant sees it.
 *
 * @rule ESV-12
 * @category eServices
 */
export interface EserviceView {
  /** The form's id, which its steps take; the reference is assigned on submission. */
  readonly id: string
  readonly status: (typeof statusByStage)[ExistingEservice['stage']]
  /** The form's state and contents; `stage` distinguishes a claimed form from an unclaimed one. */
  readonly form: ExistingEservice
}

/** The record key of a form. */
export const formKey = (participant: string, id: string): RecordKey =>
  keyOf(eserviceAggregate, participant, id)

/** The view of a form. */
export const viewOf = (id: string, form: ExistingEservice): EserviceView => ({
  id,
  status: statusByStage[form.stage],
  form,
})

/** A step of a Client Connect user. */
export interface Step {
  readonly actor: ClientConnectUser
  readonly id: string
  readonly commandAt: (at: number) => GivenEserviceCommand
  /** The users who may be notified of a submission. */
  readonly users?: readonly ClientConnectUser[]
  /** Reserves the reference number of a submission, when the form's table asks for it. */
  readonly reference?: (form: FormName) => Promise<Result<string, CommitRefusal | EservicesRefusal>>
}

type StepRefusal = CommitRefusal | EservicesRefusal

/** Adds the reference number to the command, if the table asks for one. */
const completeStep = async (
  { reference }: Step,
  form: Eservice,
  given: GivenEserviceCommand,
  rules: EserviceRules,
): Promise<Result<EserviceCommand, StepRefusal>> => {
  if (given.type !== 'Submit') return ok(given)
  const isAsked = form.stage === 'Draft' && nextEserviceFact(form, given, new Set(), rules) !== undefined
  if (!isAsked || reference === undefined) return ok({ ...given, reference: '' })
  return (await reference(form.form)).map((drawn) => ({ ...given, reference: drawn }))
}

/** The command to HKEX's inbox: a form that was confirmed is added, one that its checker reclaimed is removed. */
const inboxCommand = (id: string, form: ExistingEservice, event: EserviceEvent | undefined, at: number) => {
  if (event?.type === 'FormConfirmed' && form.stage === 'SentToHkex')
    return {
      reference: form.reference,
      command: { type: 'Receive', at, participant: form.participant, form: id },
    } as const
  if (event?.type === 'FormReclaimed' && form.stage === 'Claimed')
    return { reference: form.reference, command: { type: 'Withdraw', at } } as const
  return undefined
}

const inboxChanges = async (
  context: ServiceContext,
  id: string,
  after: ExistingEservice,
  [event]: readonly EserviceEvent[],
  at: number,
): Promise<Result<readonly RecordChange[], PortFailed>> => {
  const due = inboxCommand(id, after, event, at)
  if (due === undefined) return ok([])
  const loaded = await loadNamed(context, { inbox: keyOf(inboxAggregate, hkexPartition, due.reference) })
  return loaded.map(({ inbox }) => {
    const put = changeFromCommand(inboxAggregate, inbox, due.command, undefined)
    // The inbox refuses only if the same form was sent or reclaimed at the same moment; the form's own write
    // then conflicts.
    return put.isOk() ? [put.value] : []
  })
}

/** Takes one step on one form. A refused step is recorded in the form's trail, with the reason. */
export const takeStep = async (
  context: ServiceContext,
  step: Step,
): Promise<Result<EserviceView, StepRefusal>> => {
  const { actor, id, commandAt, users = [] } = step
  const done = await transact<'form', Result<EserviceView, EservicesRefusal>, StepRefusal>(context, {
    records: { form: formKey(actor.participant, id) },
    contended: 'form',
    by: { person: actor.id },
    decide: async ({ records: { form }, now: at }) => {
      const before = stateOf(eserviceAggregate, form.before)
      const command = await completeStep(step, before, commandAt(at), context.policy)
      if (command.isErr()) return err(command.error)
      const decided = changeFromCommand(eserviceAggregate, form, command.value, context.policy)
      if (decided.isErr()) {
        const { reason, rule } = decided.error
        const operation = command.value.type
        const refused = { type: 'CommandRefused', at, rule, operation, reason } as const
        return ok({
          changes: [changeFromEvents(eserviceAggregate, form, [refused])],
          answer: err({ code: 'form-refused', rule, reason }),
        })
      }
      const { after, events } = decided.value
      if (after.stage === 'Unknown') return ok({ changes: [], answer: err(noSuchForm) })
      const inbox = await inboxChanges(context, id, after, events, at)
      if (inbox.isErr()) return err(inbox.error)
      const own = { ...decided.value, notices: eserviceNotices(after, events, users) }
      return ok({ changes: [own, ...inbox.value], answer: ok(viewOf(id, after)) })
    },
  })
  return done.andThen((answer) => answer)
}
