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
 * What HKEX made of one line; of an accepted new account with the User ID that was assigned (ID-11).
 *
 * @rule ESV-10
 * @category eServices
 */
export type LineOutcome =
  | { readonly kind: 'accepted'; readonly userId?: UserId }
  | { readonly kind: 'refused'; readonly reason: LineRefusalReason; readonly rule: RuleId }

/**
 * A line that HKEX is done with.
 *
 * @category eServices
 */
export interface ProcessedLine {
  /** Its place on the form, from 0. */
  readonly line: number
  readonly outcome: LineOutcome
  readonly at: Instant
}

/**
 * What every form has, regardless of its stage.
 *
 * @category eServices
 */
export interface EserviceForm {
  readonly form: FormName
  /** The one participant that it is for. */
  readonly participant: ParticipantKey
  /** Who drafted it, and alone edits, submits, reclaims and discards it (ESV-12). */
  readonly maker: ClientConnectPerson
  readonly contents: EserviceContents
  /** Since when it has had its present status. */
  readonly since: Instant
}

/**
 * A form with its number; it keeps it permanently, handed back to its maker or not.
 *
 * @category eServices
 */
export interface NumberedForm extends EserviceForm {
  readonly reference: EserviceReference
}

/**
 * No such form. Refused operations are recorded anyway.
 *
 * @category eServices
 */
export interface UnknownEservice {
  readonly stage: 'Unknown'
}

/**
 * With its maker.
 *
 * @category eServices
 */
export interface DraftForm extends EserviceForm {
  readonly stage: 'Draft'
  /** Set if it was submitted before. */
  readonly reference?: EserviceReference
  /** Why a checker handed it back, the last time. */
  readonly remark?: { readonly by: ClientConnectPerson; readonly at: Instant; readonly text: string }
}

/**
 * Submitted, and waiting for a checker.
 *
 * @category eServices
 */
export interface ReadyToSendForm extends NumberedForm {
  readonly stage: 'ReadyToSend'
}

/**
 * With a checker; its status is Ready to Send to HKEX still.
 *
 * @category eServices
 */
export interface ClaimedForm extends NumberedForm {
  readonly stage: 'Claimed'
  readonly claimant: ClientConnectPerson
  readonly claimedAt: Instant
}

/**
 * Confirmed by its checker, and with HKEX, which processes it line by line.
 *
 * @category eServices
 */
export interface SentForm extends NumberedForm {
  readonly stage: 'SentToHkex'
  readonly checker: ClientConnectPerson
  /** The lines that HKEX is done with, in the order in which it was. */
  readonly processed: readonly ProcessedLine[]
}

/**
 * Done: every line has its outcome.
 *
 * @category eServices
 */
export interface CompletedForm extends NumberedForm {
  readonly stage: 'Completed'
  readonly checker: ClientConnectPerson
  readonly processed: readonly ProcessedLine[]
}

/**
 * Discarded by its maker.
 *
 * @category eServices
 */
export interface DiscardedForm extends EserviceForm {
  readonly stage: 'Discarded'
  /** Set if it was submitted before. */
  readonly reference?: EserviceReference
}

/**
 * The state of one eService: a sum over its stages.
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
 * The name of a stage.
 *
 * @category eServices
 */
export type EserviceStage = Eservice['stage']

/**
 * A form that exists, discarded or not.
 *
 * @category eServices
 */
export type ExistingEservice = Exclude<Eservice, UnknownEservice>

/**
 * Every stage, in the order of an account's life.
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
 * The state before the first event.
 *
 * @category eServices
 */
export const unknownEservice: UnknownEservice = /* @__PURE__ */ Object.freeze({ stage: 'Unknown' })

/**
 * A form's status in the words of its page; a claimed one is Ready to Send to HKEX still.
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
 * The contents with which a new draft begins that is cloned from a form, at any of its stages: all but the
 * tick, since no one has declared anything of the new one.
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
 * The lines that HKEX is not done with yet, by their places; none where the form is not with HKEX.
 *
 * @rule ESV-13
 * @category eServices
 */
export const outstandingLines = (eservice: Eservice): readonly number[] => {
  if (eservice.stage !== 'SentToHkex') return []
  const done = new Set(eservice.processed.map(({ line }) => line))
  return eservice.contents.lines.map((_, line) => line).filter((line) => !done.has(line))
}
