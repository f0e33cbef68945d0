import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import * as z from 'zod'
import { phaseOf, type ServiceContext } from '../engine/context.ts'
import { endpoint } from '../engine/endpoint.ts'
import type { ChangeRefusal, CommitRefusal, PortFailed } from '../engine/refusals.ts'
import { load, randomHex, transact } from '../engine/unit-of-work.ts'
import { actorName, cursor, participantKey, recordId } from '../fields/identifiers.ts'
import type { WithRequestContext } from '../fields/request-context.ts'
import { lineOfText, linesOfText } from '../fields/text.ts'
import type { GroupDigit, ParticipantKey } from '../identity/participant.ts'
import type { OperationName } from '../ports/operation.ts'
import { changeFromCommand, keyOf, stateOf } from '../records/model/aggregate.ts'
import { type LineReport, processForm, type SentFormRef, sentForms } from './form-processing.ts'
import { listForms } from './list-forms.ts'
import { eserviceAggregate, hkexPartition, referenceCounterAggregate } from './model/aggregates.ts'
import { type ClientConnectUser, clientConnectUserShape } from './model/client-connect.ts'
import type { GivenEserviceCommand } from './model/commands.ts'
import { contentsShape, type EserviceContents } from './model/contents.ts'
import { type FormName, formNames } from './model/forms.ts'
import { formatReference } from './model/reference.ts'
import type { ExistingEservice } from './model/state.ts'
import { clonedContents } from './model/state.ts'
import { type EservicesRefusal, type EservicesRefusals, noSuchForm } from './refusals.ts'
import { type EserviceView, formKey, takeStep } from './take-step.ts'

/**
 * Identifies a form and the user who acts on it.
 *
 * @category eServices
 */
export interface FormInput extends WithRequestContext {
  /** The acting Client Connect user, whom the host has signed in. */
  readonly actor: ClientConnectUser
  /** The form's id, as `draft` returned it. */
  readonly id: string
}

/**
 * The form after a step, or the reason why the step was refused.
 *
 * @category eServices
 */
export type EserviceResult = ResultAsync<EserviceView, ChangeRefusal | EservicesRefusal>

/**
 * The eServices DA 3, DA 4 and SCard 1: a participant's Client Connect users, one as maker and another as
 * checker, submit requests to HKEX, and HKEX processes them. Every step returns the form after it; or
 * `form-refused` with reason and rule, `malformed-input`, `busy`, `port-failed`. Refused steps are recorded
 * in the form's trail. A form of another participant is treated as nonexistent (`no-such-form`).
 *
 * @rule ESV-01
 * @rule ESV-02
 * @rule ESV-12
 * @category eServices
 */
export interface Eservices {
  /**
   * A maker starts a form.
   *
   * @returns the form; or `form-refused` with reason and rule, `malformed-input`, `busy`, `port-failed`.
   * @rule ESV-01
   */
  draft(
    input: WithRequestContext & {
      readonly actor: ClientConnectUser
      readonly form: FormName
      readonly contents: EserviceContents
    },
  ): EserviceResult
  /**
   * The maker edits it.
   *
   * @returns the form; or `form-refused` with reason and rule, `malformed-input`, `busy`, `port-failed`.
   * @rule ESV-02
   */
  edit(input: FormInput & { readonly contents: EserviceContents }): EserviceResult
  /**
   * The maker submits it. It gets its reference number, and the checkers among `users` are notified.
   *
   * @returns the form; or `form-refused` with reason and rule, `malformed-input`, `busy`, `port-failed`.
   * @rule ESV-02
   * @rule ESV-03
   * @rule ESV-07
   * @rule ESV-08
   */
  submit(input: FormInput & { readonly users: readonly ClientConnectUser[] }): EserviceResult
  /**
   * The person who passed the form on takes it back: the maker, until a checker has claimed it; or the
   * checker who sent it to HKEX, until HKEX has processed a line. It is then claimed by that checker again.
   *
   * @returns the form; or `form-refused` with reason and rule, `malformed-input`, `busy`, `port-failed`.
   * @rule ESV-11
   * @rule ESV-16
   */
  reclaim(input: FormInput): EserviceResult
  /**
   * A checker claims it.
   *
   * @returns the form; or `form-refused` with reason and rule, `malformed-input`, `busy`, `port-failed`.
   * @rule ESV-02
   */
  claim(input: FormInput): EserviceResult
  /**
   * Another checker takes over a claimed form, e.g. from a colleague who has left.
   *
   * @returns the form; or `form-refused` with reason and rule, `malformed-input`, `busy`, `port-failed`.
   * @rule ESV-17
   */
  takeOver(input: FormInput): EserviceResult
  /**
   * The checker un-claims it.
   *
   * @returns the form; or `form-refused` with reason and rule, `malformed-input`, `busy`, `port-failed`.
   * @rule ESV-11
   */
  release(input: FormInput): EserviceResult
  /**
   * The checker passes it to another checker.
   *
   * @returns the form; or `form-refused` with reason and rule, `malformed-input`, `busy`, `port-failed`.
   * @rule ESV-11
   */
  refer(input: FormInput & { readonly to: ClientConnectUser }): EserviceResult
  /**
   * The checker returns it to the maker, with a remark.
   *
   * @returns the form; or `form-refused` with reason and rule, `malformed-input`, `busy`, `port-failed`.
   * @rule ESV-11
   */
  revert(input: FormInput & { readonly remark: string }): EserviceResult
  /**
   * The checker sends it to HKEX.
   *
   * @returns the form; or `form-refused` with reason and rule, `malformed-input`, `busy`, `port-failed`.
   * @rule ESV-02
   */
  confirm(input: FormInput): EserviceResult
  /**
   * The maker discards a draft.
   *
   * @returns the form; or `form-refused` with reason and rule, `malformed-input`, `busy`, `port-failed`.
   * @rule ESV-11
   */
  discard(input: FormInput): EserviceResult
  /**
   * Starts a new draft with the contents of a form; the declaration must be ticked again.
   *
   * @returns the form; or `form-refused` with reason and rule, `malformed-input`, `busy`, `port-failed`.
   * @rule ESV-11
   */
  clone(input: FormInput): EserviceResult
  /**
   * Shows a form to a user who has the right and a role; a refused request is recorded.
   *
   * @returns the form; or `form-refused` with reason and rule, `malformed-input`, `busy`, `port-failed`.
   * @rule ESV-18
   */
  view(input: FormInput): EserviceResult

  /**
   * Lists the forms of a participant by id, in pages, for one of its users who has the right and a role.
   *
   * @param input - `after`: the cursor of the previous page (empty for the first); `limit`: 1–1,000, default
   * 1,000.
   * @returns the forms, discarded ones included; `after` is the cursor of the next page, absent on the last
   * page. Or `form-refused` with reason and rule, `malformed-input`, `port-failed`.
   * @rule ESV-18
   */
  list(
    input: WithRequestContext & {
      readonly actor: ClientConnectUser
      readonly after?: string | undefined
      readonly limit?: number | undefined
    },
  ): ResultAsync<
    { readonly forms: readonly EserviceView[]; readonly after?: string },
    EservicesRefusals['list']
  >

  /**
   * Lists the forms that wait for HKEX by reference, in pages. It checks no authority: the caller acts for
   * HKEX.
   *
   * @param input - `after`: the cursor of the previous page (empty for the first); `limit`: 1–1,000.
   * @returns the page; `after` is the cursor of the next page, absent on the last page. Or `malformed-input`,
   * `port-failed`.
   * @rule ESV-13
   */
  sent(
    input: WithRequestContext & {
      readonly after?: string | undefined
      readonly limit?: number | undefined
    },
  ): ResultAsync<
    { readonly forms: readonly SentFormRef[]; readonly after?: string },
    EservicesRefusals['sent']
  >

  /**
   * Processes one waiting form line by line, for HKEX. Each line is accepted or refused with its reason; its
   * action and its outcome are one commit. After an interruption, the next call continues where this one
   * stopped; if two calls run at once, each line is still processed once. When the form is completed, maker
   * and checker are notified. It checks no authority: the caller acts for HKEX.
   *
   * @param input - `group`: the group in which new User IDs of HKCC and SEOCH are assigned; default `1`.
   * @returns the outcomes of the lines processed by this call; or `form-refused` with reason and rule,
   * `malformed-input`, `busy`, `port-failed`.
   * @rule ESV-10
   * @rule ESV-13
   * @rule ID-11
   */
  process(
    input: WithRequestContext & {
      readonly form: { readonly reference: string; readonly participant: ParticipantKey; readonly id: string }
      readonly by: string
      readonly group?: GroupDigit | undefined
    },
  ): ResultAsync<readonly LineReport[], EservicesRefusals['process']>
}

/**
 * Reserves the next reference of a form. It is committed first: if the submission then fails, its number
 * stays unused.
 */
const nextReference = async (
  context: ServiceContext,
  form: FormName,
  person: string,
): Promise<Result<string, CommitRefusal | EservicesRefusal>> => {
  return transact<'counter', string, EservicesRefusal>(context, {
    records: { counter: keyOf(referenceCounterAggregate, hkexPartition, form) },
    contended: 'counter',
    by: { person },
    decide: async ({ records, now: at }) => {
      const drawn = changeFromCommand(
        referenceCounterAggregate,
        records.counter,
        { type: 'IssueReferenceNumber', at },
        undefined,
      )
      const reference = drawn.isOk() ? formatReference(form, drawn.value.after.last) : undefined
      if (drawn.isErr() || reference === undefined)
        return err({ code: 'form-refused', rule: 'ESV-03', reason: 'numbers-exhausted' } as const)
      return ok({ changes: [drawn.value], answer: reference })
    },
  })
}

const existing = async (
  context: ServiceContext,
  { actor, id }: FormInput,
): Promise<Result<ExistingEservice, PortFailed | EservicesRefusal>> => {
  const read = await load(context, [formKey(actor.participant, id)])
  if (read.isErr()) return err(read.error)
  const form = stateOf(eserviceAggregate, read.value[0])
  return form.stage === 'Unknown' ? err(noSuchForm) : ok(form)
}

/** The steps that need no further input. */
type PlainStep = 'Reclaim' | 'Claim' | 'TakeOver' | 'Release' | 'Discard' | 'View'

/** Creates the eService operations of a service. */
export const eservices = (context: ServiceContext): Eservices => {
  const actor = clientConnectUserShape
  const onForm = { actor, id: recordId }
  const step = <I extends FormInput>(
    operation: OperationName,
    shape: z.ZodType<I>,
    command: (input: I, at: number) => GivenEserviceCommand,
  ) =>
    endpoint(context, operation, shape, (input: I, context) =>
      takeStep(context, { ...input, commandAt: (at) => command(input, at) }),
    )
  const plain = (operation: OperationName, type: PlainStep) =>
    step(operation, z.object(onForm), (input, at) => ({ type, at, actor: input.actor }))
  const begin = async (
    context: ServiceContext,
    who: ClientConnectUser,
    form: FormName,
    contents: EserviceContents,
    clonedFrom?: string,
  ): Promise<Result<EserviceView, CommitRefusal | EservicesRefusal>> => {
    const id = await randomHex(context, 12)
    if (id.isErr()) return err(id.error)
    const from = clonedFrom === undefined ? {} : { clonedFrom }
    const commandAt = (at: number) => ({ type: 'Draft', at, actor: who, form, contents, ...from }) as const
    return takeStep(context, { actor: who, id: id.value, commandAt })
  }
  return {
    draft: endpoint(
      context,
      'eservices.draft',
      z.object({ actor, form: z.enum(formNames), contents: contentsShape }),
      ({ actor: who, form, contents }, context) => begin(context, who, form, contents),
    ),
    edit: step('eservices.edit', z.object({ ...onForm, contents: contentsShape }), (input, at) => ({
      type: 'Edit',
      at,
      actor: input.actor,
      contents: input.contents,
    })),
    submit: endpoint(
      context,
      'eservices.submit',
      z.object({ ...onForm, users: z.array(actor).max(1_000) }),
      ({ actor: who, id, users }, context) => {
        // The number is reserved once, when the form's table asks for it: a refused form uses no number.
        let drawn: ReturnType<typeof nextReference> | undefined
        return takeStep(context, {
          actor: who,
          id,
          users,
          commandAt: (at) => ({
            type: 'Submit',
            at,
            actor: who,
            phase: phaseOf(context, who.participant, at),
          }),
          reference: (form) => {
            drawn ??= nextReference(context, form, who.id)
            return drawn
          },
        })
      },
    ),
    reclaim: plain('eservices.reclaim', 'Reclaim'),
    claim: plain('eservices.claim', 'Claim'),
    takeOver: plain('eservices.takeOver', 'TakeOver'),
    release: plain('eservices.release', 'Release'),
    discard: plain('eservices.discard', 'Discard'),
    refer: step('eservices.refer', z.object({ ...onForm, to: actor }), (input, at) => ({
      type: 'Refer',
      at,
      actor: input.actor,
      to: input.to,
    })),
    revert: step('eservices.revert', z.object({ ...onForm, remark: linesOfText(1_000) }), (input, at) => ({
      type: 'Revert',
      at,
      actor: input.actor,
      remark: input.remark,
    })),
    confirm: step('eservices.confirm', z.object(onForm), (input, at) => ({
      type: 'Confirm',
      at,
      actor: input.actor,
      phase: phaseOf(context, input.actor.participant, at),
    })),
    clone: endpoint(
      context,
      'eservices.clone',
      z.object(onForm),
      async (input, context): Promise<Result<EserviceView, CommitRefusal | EservicesRefusal>> => {
        const form = await existing(context, input)
        if (form.isErr()) return err(form.error)
        const reference = 'reference' in form.value ? form.value.reference : undefined
        return begin(context, input.actor, form.value.form, clonedContents(form.value), reference)
      },
    ),
    view: plain('eservices.view', 'View'),
    list: endpoint(
      context,
      'eservices.list',
      z.object({ actor, after: cursor.optional(), limit: z.int().min(1).max(1_000).optional() }),
      ({ actor: who, after = '', limit = 1_000 }, context) => listForms(context, who, { after, limit }),
    ),
    sent: endpoint(
      context,
      'eservices.sent',
      z.object({ after: cursor.optional(), limit: z.int().min(1).max(1_000).optional() }),
      ({ after = '', limit = 1_000 }, context) => sentForms(context, { after, limit }),
    ),
    process: endpoint(
      context,
      'eservices.process',
      z.object({
        form: z.object({ reference: lineOfText(64), participant: participantKey, id: recordId }),
        by: actorName,
        group: z.enum(['1', '2', '3', '4']).optional(),
      }),
      ({ form, by, group }, context) => processForm(context, form, { by, group }),
    ),
  }
}
