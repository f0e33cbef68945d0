import type { AccountCommand } from '../../account/commands.ts'
import type { AccountEvent } from '../../account/events.ts'
import { type Account, unknownAccount } from '../../account/state.ts'
import type { AuthorisationCodeState } from '../../dms/model/authorisation-code.ts'
import type { ProfileRequest } from '../../dms/model/request.ts'
import type { UserId } from '../../identity/user-id.ts'
import type { RuleId } from '../../kernel/rule-id.ts'
import { type Participant, unknownParticipant } from '../../participant/state.ts'
import type { Policy } from '../../policy/policy.ts'
import type { ConformanceEntry } from '../driver.ts'

/**
 * The complete state of the model: states of the pure deciders. Secrets are represented by names, see {@link
 * Code}.
 */
export interface ModelState {
  readonly now: number
  readonly policy: Policy
  readonly accounts: Readonly<Record<string, Account>>
  readonly participant: Participant
  readonly requests: Readonly<Record<string, ProfileRequest>>
  readonly issued: Readonly<Record<string, AuthorisationCodeState>>
}

/** An empty system. */
export const emptyModel = (now: number, policy: Policy): ModelState => ({
  ...{ now, policy, accounts: {}, participant: unknownParticipant, requests: {}, issued: {} },
})

/** The account with a User ID. */
export const accountOf = (model: ModelState, userId: string): Account =>
  model.accounts[userId] ?? unknownAccount

/** A code, identified by its origin instead of its digits. */
export type Code =
  /** From an authenticator app: the enrolment and the time step. */
  | { readonly kind: 'app'; readonly device: string; readonly step: number }
  /** From an email: the operation that issued it. */
  | { readonly kind: 'email'; readonly issuedBy: string }
  /** In the right format, but not valid. */
  | { readonly kind: 'wrong' }
  /** In another format. */
  | { readonly kind: 'malformed' }

/** A session, by the model's names. */
export interface SessionName {
  readonly userId: string
  /** The operation that began its sign-in. */
  readonly id: string
  readonly expiresAt: number
  readonly system: 'CCASS/CCMS' | 'DMS'
}

interface OnUser {
  readonly userId: string
}
interface OnChallenge extends OnUser {
  readonly challenge: string
}
interface WithCode extends OnChallenge {
  readonly code: Code
}
interface InSession {
  readonly session: SessionName
}
interface OnRequest extends InSession {
  readonly request: string
}

/** The contents of each operation besides its name. Each has a driver function with the same name. */
interface OperationContents {
  createAccount: OnUser & { readonly role: 'User' | 'DelegatedAdministrator'; readonly email: string }
  setStatus: OnUser & { readonly status: 'ENABLED' | 'DISABLED' }
  unlock: OnUser
  deleteAccount: OnUser
  setMaximum: { readonly maximum: number }
  requestPasswordCode: OnUser
  confirmPasswordCode: WithCode
  setPassword: OnChallenge & { readonly password: string }
  beginSignIn: OnUser & { readonly password: string; readonly system: 'CCASS/CCMS' | 'DMS' }
  confirmOtp: WithCode
  resendCode: OnChallenge
  cancelSignIn: OnChallenge
  chooseChannel: OnChallenge & { readonly channel: 'MobileApp' | 'Email' }
  confirmChannel: WithCode
  checkSession: InSession
  changeDevice: InSession
  changePassword: InSession & { readonly current: string; readonly password: string }
  proposeUserId: InSession
  enterRequest: InSession & { readonly entry: ConformanceEntry }
  amendRequest: OnRequest & { readonly entry: ConformanceEntry }
  withdrawRequest: OnRequest
  getAuthorisationCode: OnRequest
  confirmRequest: OnRequest & {
    /** As the user enters it. */
    readonly checkerId: string
    /** The operation that issued the code that is entered, or `undefined` for a wrong code. */
    readonly issuedBy: string | undefined
  }
}

/** The name of an operation. */
export type OperationName = keyof OperationContents

/**
 * Operations of the given kinds. `id` names the operation and what it opens: a challenge, a device, a code, a
 * request.
 */
export type OperationOf<O extends OperationName> = {
  [Name in O]: { readonly op: Name; readonly id: string } & OperationContents[Name]
}[O]

/**
 * One operation.
 *
 * @category Conformance
 */
export type Operation = OperationOf<OperationName>

/** What the model expects of an operation. */
export interface Expected {
  readonly after: ModelState
  readonly accepted: boolean
  /** The next step or a proposed User ID, if the answer contains it. */
  readonly next?: string
  /** For a refusal that must look like all others of its operation: the rule that requires it. */
  readonly uniform?: RuleId
  /** The rule that determines the outcome. */
  readonly rule: RuleId
  /** The reason of a refusal, for the report. */
  readonly reason?: string
  /** The rules that the operation exercised, including {@link Expected.rule}. */
  readonly exercised: readonly RuleId[]
  /** Rules that may explain a later answer, because of what this operation must or must not have changed. */
  readonly bearing: readonly RuleId[]
  /** The events of an account, from which mails follow. */
  readonly events: readonly AccountEvent[]
  /** The command to the subject's account, if any. */
  readonly command?: AccountCommand
}

/** Casts a well-formed text to a User ID. */
// For User IDs that the conformance test itself chose.
export const asUserId = (text: string): UserId => text as UserId
