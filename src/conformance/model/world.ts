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

/** Everything that the model knows: states of the pure deciders. Secrets in it are names, see {@link Code}. */
export interface World {
  readonly now: number
  readonly policy: Policy
  readonly accounts: Readonly<Record<string, Account>>
  readonly participant: Participant
  readonly requests: Readonly<Record<string, ProfileRequest>>
  readonly issued: Readonly<Record<string, AuthorisationCodeState>>
}

/** An empty system. */
export const emptyWorld = (now: number, policy: Policy): World => ({
  ...{ now, policy, accounts: {}, participant: unknownParticipant, requests: {}, issued: {} },
})

/** The account of a User ID. */
export const accountOf = (world: World, userId: string): Account => world.accounts[userId] ?? unknownAccount

/** A code, by what it is rather than by its digits. */
export type Code =
  /** Of an authenticator: of which enrolment, and of which time step. */
  | { readonly kind: 'app'; readonly device: string; readonly step: number }
  /** Of an email: which operation issued it. */
  | { readonly kind: 'email'; readonly issuedBy: string }
  /** Of the right form, and none that is good. */
  | { readonly kind: 'wrong' }
  /** Of another form. */
  | { readonly kind: 'malformed' }

/** A session by the names that the model gives. */
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

/** What each operation holds besides its name; each has a driver function of the same name. */
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
    /** As it is typed. */
    readonly checkerId: string
    /** The operation that drew the code that is entered; none: a wrong one. */
    readonly issuedBy: string | undefined
  }
}

/** The name of an operation. */
export type OperationName = keyof OperationContents

/** Operations of some kinds. `id` names one, and what it opens: a challenge, a device, a code, a request. */
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
  readonly after: World
  readonly accepted: boolean
  /** What the answer leads to, where an answer says so: the next step, or a proposed User ID. */
  readonly next?: string
  /** A refusal that must look like every other one of its operation, and the rule that says so. */
  readonly uniform?: RuleId
  /** The rule by which it is so. */
  readonly rule: RuleId
  /** Why it is refused, for the report. */
  readonly reason?: string
  /** Rules that were exercised by it, {@link Expected.rule} among them. */
  readonly exercised: readonly RuleId[]
  /** Rules on whose account a later answer may be as it is: what this operation must, or must not, have changed. */
  readonly bearing: readonly RuleId[]
  /** The events of an account, for what is mailed. */
  readonly events: readonly AccountEvent[]
  /** What the subject's account was asked to do, where one was. */
  readonly command?: AccountCommand
}

/** Names a User ID that is known to be well-formed. */
export const asUserId = (text: string): UserId => text as UserId
