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
  /** The acting user, as the host knows them at this moment. */
  readonly actor: ClientConnectUser
}

/**
 * The fields of each command in addition to `type` and `at`.
 *
 * @category eServices
 */
export interface EserviceCommandContents {
  /** A maker starts a form for the participant that they act for. */
  Draft: ActorCommand & {
    readonly form: FormName
    readonly contents: EserviceContents
    /** The reference of the form that was cloned, if it has one. */
    readonly clonedFrom?: EserviceReference
  }
  Edit: ActorCommand & { readonly contents: EserviceContents }
  Submit: ActorCommand & {
    readonly phase: Phase
    /** The next number; a form that was submitted before keeps its own. */
    readonly reference: EserviceReference
  }
  /**
   * The maker takes the form back before it is claimed; or the checker who sent it, before HKEX has processed
   * a line (ESV-16).
   */
  Reclaim: ActorCommand
  Claim: ActorCommand
  /** Another checker takes over a form that is already claimed (ESV-17). */
  TakeOver: ActorCommand
  Release: ActorCommand
  /** The checker sends the form to HKEX. */
  Confirm: ActorCommand & { readonly phase: Phase }
  /** The checker returns the form to its maker. */
  Revert: ActorCommand & { readonly remark: string }
  /** The checker passes the form to another checker, who then has it claimed. */
  Refer: ActorCommand & { readonly to: ClientConnectUser }
  Discard: ActorCommand
  /** A user views the form. Nothing changes; a refused view is recorded (ESV-18). */
  View: ActorCommand
  /** HKEX has processed a line. */
  ProcessLine: { readonly line: number; readonly outcome: LineOutcome }
  /** HKEX has processed the whole form. */
  Complete: object
}

/**
 * The name of a command on a form.
 *
 * @category eServices
 */
export type EserviceCommandType = keyof EserviceCommandContents

/** A command on a form before its one outside fact is known: the reference number of a submission. */
export type GivenEserviceCommand =
  | Exclude<EserviceCommand, { readonly type: 'Submit' }>
  | Omit<EserviceCommandOf<'Submit'>, 'reference'>

/**
 * One command on a form, with the instant at which it was given. It contains every outside fact.
 *
 * @category eServices
 */
export type EserviceCommandOf<Type extends EserviceCommandType> = {
  [T in Type]: { readonly type: T; readonly at: Instant } & EserviceCommandContents[T]
}[Type]

/**
 * A command on a form.
 *
 * @rule ESV-11
 * @category eServices
 */
export type EserviceCommand = EserviceCommandOf<EserviceCommandType>

/**
 * The types of all commands, in the order of a form's life.
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
