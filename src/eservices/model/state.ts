import type { ParticipantKey } from '../../identity/participant.ts'
import type { UserId } from '../../identity/user-id.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { RuleId } from '../../kernel/rule-id.ts'
import type { ClientConnectPerson } from './client-connect.ts'
import type { EserviceContents } from './contents.ts'
import type { FormName } from './forms.ts'
import type { EserviceReference } from './reference.ts'
import type { LineRefusalReason } from './refusal-reason.ts'

/**
 * The outcome of one line; an accepted new account includes the assigned User ID (ID-11).
 *
 * @rule ESV-10
 * @category eServices
 */
export type LineOutcome =
  | { readonly kind: 'accepted'; readonly userId?: UserId }
  | { readonly kind: 'refused'; readonly reason: LineRefusalReason; readonly rule: RuleId }

/**
 * A line that HKEX has processed.
 *
 * @category eServices
 */
export interface ProcessedLine {
  /** The line's index on the form, from 0. */
  readonly line: number
  readonly outcome: LineOutcome
  readonly at: Instant
}

/**
 * The fields of every form, regardless of its stage.
 *
 * @category eServices
 */
export interface EserviceForm {
  readonly form: FormName
  /** The one participant that the form is for. */
  readonly participant: ParticipantKey
  /** The person who drafted it. Only they can edit, submit, reclaim and discard it (ESV-12). */
  readonly maker: ClientConnectPerson
  readonly contents: EserviceContents
  /** The instant at which it got its present status. */
  readonly since: Instant
}

/**
 * A form with its reference number, which it keeps even if it is returned to its maker.
 *
 * @category eServices
 */
export interface NumberedForm extends EserviceForm {
  readonly reference: EserviceReference
}

/**
 * A form that does not exist. Refused operations on it are recorded anyway.
 *
 * @category eServices
 */
export interface UnknownEservice {
  readonly stage: 'Unknown'
}

/**
 * A form that its maker is filling in.
 *
 * @category eServices
 */
export interface DraftForm extends EserviceForm {
  readonly stage: 'Draft'
  /** Present if the form was submitted before. */
  readonly reference?: EserviceReference
  /** Why a checker returned it, the last time. */
  readonly remark?: { readonly by: ClientConnectPerson; readonly at: Instant; readonly text: string }
}

/**
 * A form that was submitted and waits for a checker.
 *
 * @category eServices
 */
export interface ReadyToSendForm extends NumberedForm {
  readonly stage: 'ReadyToSend'
}

/**
 * A form that a checker has claimed. Its status is still Ready to Send to HKEX.
 *
 * @category eServices
 */
export interface ClaimedForm extends NumberedForm {
  readonly stage: 'Claimed'
  readonly claimant: ClientConnectPerson
  readonly claimedAt: Instant
}

/**
 * A form that its checker has confirmed and that HKEX processes line by line.
 *
 * @category eServices
 */
export interface SentForm extends NumberedForm {
  readonly stage: 'SentToHkex'
  readonly checker: ClientConnectPerson
  /** The lines that HKEX has processed, in the order of processing. */
  readonly processed: readonly ProcessedLine[]
}

/**
 * A form of which every line has its outcome.
 *
 * @category eServices
 */
export interface CompletedForm extends NumberedForm {
  readonly stage: 'Completed'
  readonly checker: ClientConnectPerson
  readonly processed: readonly ProcessedLine[]
}

/**
 * A form that its maker has discarded.
 *
 * @category eServices
 */
export interface DiscardedForm extends EserviceForm {
  readonly stage: 'Discarded'
  /** Present if the form was submitted before. */
  readonly reference?: EserviceReference
}

/**
 * The state of one eService form: a union of its stages.
 *
 * @rule ESV-02
 * @category eServices
 */
export type Eservice =
  | UnknownEservice
  | DraftForm
  | ReadyToSendForm
  | ClaimedForm
  | SentForm
  | CompletedForm
  | DiscardedForm

/**
 * The name of a form's stage.
 *
 * @category eServices
 */
export type EserviceStage = Eservice['stage']

/**
 * A form that exists, whether discarded or not.
 *
 * @category eServices
 */
export type ExistingEservice = Exclude<Eservice, UnknownEservice>

/**
 * The names of all stages, in the order of a form's life.
 *
 * @category eServices
 */
export const eserviceStages = [
  'Unknown',
  'Draft',
  'ReadyToSend',
  'Claimed',
  'SentToHkex',
  'Completed',
  'Discarded',
] as const satisfies readonly EserviceStage[]

/**
 * The state of a form before its first event.
 *
 * @category eServices
 */
export const unknownEservice: UnknownEservice = /* @__PURE__ */ Object.freeze({ stage: 'Unknown' })

/**
 * A form's status in the words of its page; a claimed form is still Ready to Send to HKEX.
 *
 * @category eServices
 */
export type EserviceStatus = 'Draft' | 'Ready to Send to HKEX' | 'Sent to HKEX' | 'Completed' | 'Discarded'

/**
 * The status that a form shows at each stage.
 *
 * @rule ESV-02
 * @category eServices
 */
export const statusByStage: Readonly<Record<ExistingEservice['stage'], EserviceStatus>> = {
  Draft: 'Draft',
  ReadyToSend: 'Ready to Send to HKEX',
  Claimed: 'Ready to Send to HKEX',
  SentToHkex: 'Sent to HKEX',
  Completed: 'Completed',
  Discarded: 'Discarded',
}

/**
 * The initial contents of a draft that is cloned from a form at any stage: all of them except the
 * declaration, which the maker must tick again.
 *
 * @rule ESV-11
 * @rule ESV-16
 * @category eServices
 */
export const clonedContents = ({ contents }: ExistingEservice): EserviceContents => ({
  ...contents,
  declared: false,
})

/**
 * Returns the indexes of the lines that HKEX has not processed yet; empty if the form is not with HKEX.
 *
 * @rule ESV-13
 * @category eServices
 */
export const outstandingLines = (eservice: Eservice): readonly number[] => {
  if (eservice.stage !== 'SentToHkex') return []
  const done = new Set(eservice.processed.map(({ line }) => line))
  return eservice.contents.lines.map((_, line) => line).filter((line) => !done.has(line))
}
