import type { OtpChannel } from '../identity/otp-channel.ts'
import type { Role } from '../identity/role.ts'
import type { System } from '../identity/system.ts'
import type { UserId } from '../identity/user-id.ts'
import type { Instant } from '../kernel/instant.ts'
import type { RuleId } from '../kernel/rule-id.ts'
import type { RateWindow } from '../lockout/rate-window.ts'
import type { CodePurpose } from '../otp/email-code.ts'
import type { AccountCommandOf, AccountCommandType } from './commands.ts'
import type { ProfileChanges } from './profile.ts'
import type { AccountDenialReason } from './refusal-reason.ts'
import type {
  AccountOrigin,
  Challenge,
  ChallengeId,
  CredentialId,
  EnrolledChannel,
  IssuedEmailCode,
  SessionId,
} from './state.ts'

/**
 * The fields of each event in addition to `type`, `at` and `rule`.
 *
 * @category Accounts
 */
export interface AccountEventContents {
  Registered: {
    readonly userId: UserId
    readonly role: Role
    readonly origin: AccountOrigin
  } & ProfileChanges
  ProfileChanged: { readonly changes: ProfileChanges }
  /** The password was correct and a challenge is open. Pressing LOG IN also gave consent (ACC-11). */
  PasswordAccepted: {
    readonly system: System
    readonly challenge: Challenge
  }
  /** The password was hashed again with the present settings (PW-15). */
  PasswordRehashed: { readonly credential: CredentialId }
  /** A wrong password was counted. */
  PasswordRejected: { readonly via: System | 'ChangePassword' }
  CodeIssued: {
    readonly purpose: CodePurpose
    readonly code: IssuedEmailCode
    readonly window: RateWindow
    /** Set if no further password code can be sent for now: the first instant at which one can. */
    readonly blockedUntil?: Instant
  }
  CodeUndelivered: { readonly purpose: CodePurpose; readonly window: RateWindow }
  /** A wrong, replayed or outdated OTP was counted. */
  SignInCodeRejected: { readonly challenge: ChallengeId; readonly reason: 'wrong' | 'replayed' | 'outdated' }
  ChallengeEnded: {
    readonly challenge: ChallengeId
    readonly reason: 'too-many-attempts' | 'cancelled' | 'superseded'
  }
  /** Both factors were correct. The counters are reset, and a session with the challenge's id is open. */
  SignInCompleted: {
    readonly challenge: ChallengeId
    /** The instant at which the session expires. */
    readonly expiresAt: Instant
    readonly system: System
    readonly channel: OtpChannel
    readonly consentedAt: Instant
    /** The accepted time step of an authenticator app. */
    readonly step?: number
  }
  /** The old device has confirmed the change to a new one; the channel must now be set up. */
  DeviceChangeVerified: { readonly challenge: ChallengeId; readonly step: number; readonly opens: Challenge }
  Locked: { readonly historySize: number }
  Unlocked: { readonly historySize: number }
  PasswordCodeRequested: { readonly challenge: Challenge }
  PasswordCodeAccepted: { readonly challenge: Challenge }
  /** A wrong set-up code was counted in its separate budget. */
  EnrolmentCodeRejected: {
    readonly purpose: 'password' | 'enrolment'
    readonly window: RateWindow
    /** Whether it was the last entry that the emailed code allows (LOCK-15). */
    readonly voidsCode: boolean
  }
  /** The budget is used up: everything in progress with codes of this purpose has ended. */
  EnrolmentAborted: {
    readonly purpose: 'password' | 'enrolment'
    /** The first instant at which codes of this purpose are accepted again. */
    readonly blockedUntil: Instant
  }
  PasswordSet: {
    readonly credential: CredentialId
    readonly reason: 'first-sign-in' | 'forgotten' | 'expired' | 'voluntary'
    /** The number of former passwords that are remembered (PW-08). */
    readonly historySize: number
    /** The open sessions that end (ACC-20). */
    readonly ends: 'all' | 'others' | 'none'
    /** The session in which the password was changed; it remains open if the others end. */
    readonly session?: SessionId
  }
  ChannelChosen: { readonly challenge: Challenge }
  ChannelEnrolled: { readonly channel: EnrolledChannel; readonly endsSessions: boolean }
  DeviceChangeRequested: object
  /**
   * A sign-in by smartcard, as the host's existing flow reports it. Failed sign-ins are neither counted nor
   * reset (LOCK-12).
   */
  SmartcardSignInCompleted: {
    readonly system: System
    readonly site: 'primary' | 'backup'
    readonly srn?: string
    readonly session: SessionId
    /** The instant at which the session expires. */
    readonly expiresAt: Instant
  }
  SessionsEnded: {
    readonly sessions: readonly SessionId[]
    readonly reason: AccountCommandOf<'EndSessions'>['reason'] | 'superseded'
  }
  /** The smartcard was decommissioned and removed from the profile. */
  SmartcardDecommissioned: { readonly srn: string }
  Deleted: object
  /** An operation was refused. The caller may have received a less specific refusal. */
  CommandRefused: { readonly operation: AccountCommandType; readonly reason: AccountDenialReason }
  /** An administrative operation of the holder on another account was refused, with its reason. */
  AdministrationRefused: { readonly operation: string; readonly reason: string; readonly subject: string }
}

/**
 * The name of an event.
 *
 * @category Accounts
 */
export type AccountEventType = keyof AccountEventContents

/**
 * One event: what happened, when and by which rule. Its trail entry names the actor. An event never contains
 * a secret.
 *
 * @category Accounts
 */
export type AccountEventOf<Type extends AccountEventType> = {
  [T in Type]: { readonly type: T; readonly at: Instant; readonly rule: RuleId } & AccountEventContents[T]
}[Type]

/**
 * An event of an account.
 *
 * @rule AUD-01
 * @category Accounts
 */
export type AccountEvent = AccountEventOf<AccountEventType>
