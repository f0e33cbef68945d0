import type { ParticipantKey } from '../../identity/participant.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { RuleId } from '../../kernel/rule-id.ts'
import type { ClientConnectPerson } from './client-connect.ts'
import type { EserviceCommandType } from './commands.ts'
import type { EserviceContents } from './contents.ts'
import type { FormName } from './forms.ts'
import type { EserviceReference } from './reference.ts'
import type { EserviceDenialReason } from './refusal-reason.ts'
import type { LineOutcome } from './state.ts'

/**
 * The fields of an event that records a step of a Client Connect user.
 *
 * @category eServices
 */
export interface PersonEvent {
  readonly by: ClientConnectPerson
}

/**
 * The fields of each event in addition to `type`, `at` and `rule`.
 *
 * @category eServices
 */
export interface EserviceEventContents {
  FormDrafted: PersonEvent & {
    readonly form: FormName
    readonly participant: ParticipantKey
    readonly contents: EserviceContents
    readonly clonedFrom?: EserviceReference
  }
  FormEdited: PersonEvent & { readonly contents: EserviceContents }
  FormSubmitted: PersonEvent & { readonly reference: EserviceReference }
  FormReclaimed: PersonEvent
  FormClaimed: PersonEvent
  /** Another checker took the form over from `from`, who had claimed it. */
  FormTakenOver: PersonEvent & { readonly from: ClientConnectPerson }
  FormReleased: PersonEvent
  FormReferred: PersonEvent & { readonly to: ClientConnectPerson }
  FormReverted: PersonEvent & { readonly remark: string }
  FormConfirmed: PersonEvent
  FormDiscarded: PersonEvent
  /** HKEX processed a line: accepted, or refused with the reason. */
  LineProcessed: { readonly line: number; readonly outcome: LineOutcome }
  /** HKEX processed every line. */
  FormCompleted: object
  /** An operation was refused. */
  CommandRefused: { readonly operation: EserviceCommandType; readonly reason: EserviceDenialReason }
}

/**
 * The name of an event of a form.
 *
 * @category eServices
 */
export type EserviceEventType = keyof EserviceEventContents

/**
 * One event of a form: what happened, when, by which rule and, for a Client Connect step, who did it.
 *
 * @category eServices
 */
export type EserviceEventOf<Type extends EserviceEventType> = {
  [T in Type]: { readonly type: T; readonly at: Instant; readonly rule: RuleId } & EserviceEventContents[T]
}[Type]

/**
 * An event of a form.
 *
 * @rule ESV-12
 * @rule AUD-01
 * @category eServices
 */
export type EserviceEvent = EserviceEventOf<EserviceEventType>
