import type { ParticipantKey } from '../../identity/participant.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { RuleId } from '../../kernel/rule-id.ts'
import type { Person } from './client-connect.ts'
import type { EserviceCommandType } from './commands.ts'
import type { EserviceContents } from './contents.ts'
import type { FormName } from './forms.ts'
import type { EserviceReference } from './reference.ts'
import type { EserviceRefusalReason } from './refusal-reason.ts'
import type { LineOutcome } from './state.ts'

/** A step of somebody at Client Connect, stamped with who it was. */
export interface ByPerson {
  readonly by: Person
}

/** What each event says besides its `type`, `at` and `rule`. */
export interface EserviceEventContents {
  FormDrafted: ByPerson & {
    readonly form: FormName
    readonly participant: ParticipantKey
    readonly contents: EserviceContents
    readonly clonedFrom?: EserviceReference
  }
  FormEdited: ByPerson & { readonly contents: EserviceContents }
  FormSubmitted: ByPerson & { readonly reference: EserviceReference }
  FormReclaimed: ByPerson
  FormClaimed: ByPerson
  FormReleased: ByPerson
  FormReferred: ByPerson & { readonly to: Person }
  FormReverted: ByPerson & { readonly remark: string }
  FormConfirmed: ByPerson
  FormDiscarded: ByPerson
  /** HKEX is done with a line: accepted or refused, with the reason. */
  LineProcessed: { readonly line: number; readonly outcome: LineOutcome }
  /** HKEX is done with every line. */
  FormCompleted: object
  /** An act was refused. */
  ActRefused: { readonly act: EserviceCommandType; readonly reason: EserviceRefusalReason }
}

/** The name of an event of a form. */
export type EserviceEventType = keyof EserviceEventContents

/** One event: what, when, by which rule; of a step at Client Connect also who. */
export type EserviceEventOf<Type extends EserviceEventType> = {
  [T in Type]: { readonly type: T; readonly at: Instant; readonly rule: RuleId } & EserviceEventContents[T]
}[Type]

/**
 * Everything that can happen to a form.
 *
 * @rule ESV-12
 * @rule AUD-01
 */
export type EserviceEvent = EserviceEventOf<EserviceEventType>
