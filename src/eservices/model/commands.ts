import type { Phase } from '../../access-control/timeline.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { ClientConnectUser } from './client-connect.ts'
import type { EserviceContents } from './contents.ts'
import type { FormName } from './forms.ts'
import type { EserviceReference } from './reference.ts'
import type { LineOutcome } from './state.ts'

/**
 * A command of a Client Connect user.
 *
 * @category eServices
 */
export interface ActorCommand {
  /** Who acts, as the host knows them at this moment. */
  readonly actor: ClientConnectUser
}

/**
 * The fields of each command besides `type` and `at`.
 *
 * @category eServices
 */
export interface EserviceCommandContents {
  /** A maker begins a form for the participant in whose name they act. */
  Draft: ActorCommand & {
    readonly form: FormName
    readonly contents: EserviceContents
    /** The reference of the form whose Clone button was pressed, if it has one. */
    readonly clonedFrom?: EserviceReference
  }
  Edit: ActorCommand & { readonly contents: EserviceContents }
  Submit: ActorCommand & {
    readonly phase: Phase
    /** The next number; a form that was submitted before keeps its own. */
    readonly reference: EserviceReference
  }
  /**
   * The maker takes the form back before it is claimed; the checker who sent it, before HKEX has processed a
   * line (ESV-16).
   */
  Reclaim: ActorCommand
  Claim: ActorCommand
  /** Another checker takes over a form that is claimed already (ESV-17). */
  TakeOver: ActorCommand
  Release: ActorCommand
  /** The checker sends the form to HKEX. */
  Confirm: ActorCommand & { readonly phase: Phase }
  /** The checker hands the form back to its maker. */
  Revert: ActorCommand & { readonly remark: string }
  /** The checker passes the form to another, with whom it is then. */
  Refer: ActorCommand & { readonly to: ClientConnectUser }
  Discard: ActorCommand
  /** A user looks at the form. It changes nothing; a refused look is recorded (ESV-18). */
  View: ActorCommand
  /** HKEX is done with a line. */
  ProcessLine: { readonly line: number; readonly outcome: LineOutcome }
  /** HKEX is done with the form. */
  Complete: object
}

/**
 * The name of a command on a form.
 *
 * @category eServices
 */
export type EserviceCommandType = keyof EserviceCommandContents

/** A command on a form without its one outside fact: the reference number that is drawn for a submission. */
export type GivenEserviceCommand =
  | Exclude<EserviceCommand, { readonly type: 'Submit' }>
  | Omit<EserviceCommandOf<'Submit'>, 'reference'>

/**
 * One command on a form, with the instant at which it was given. Every outside fact is in it.
 *
 * @category eServices
 */
export type EserviceCommandOf<Type extends EserviceCommandType> = {
  [T in Type]: { readonly type: T; readonly at: Instant } & EserviceCommandContents[T]
}[Type]

/**
 * Every command of a form.
 *
 * @rule ESV-11
 * @category eServices
 */
export type EserviceCommand = EserviceCommandOf<EserviceCommandType>

/**
 * Every command, in the order of an account's life.
 *
 * @category eServices
 */
export const eserviceCommandTypes = [
  'Draft',
  'Edit',
  'Discard',
  'Submit',
  'Reclaim',
  'Claim',
  'TakeOver',
  'Release',
  'Refer',
  'Revert',
  'Confirm',
  'View',
  'ProcessLine',
  'Complete',
] as const satisfies readonly EserviceCommandType[]
