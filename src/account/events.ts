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
 * The fields of each event besides `type`, `at` and `rule`.
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
  /** The password was right: a challenge is open. Pressing LOG IN was also consent (ACC-11). */
  PasswordAccepted: {
    readonly system: System
    readonly challenge: Challenge
  }
  /** The same password under a hash with today's settings (PW-15). */
  PasswordRehashed: { readonly credential: CredentialId }
  /** A wrong password was counted. */
  PasswordRejected: { readonly via: System | 'ChangePassword' }
  CodeIssued: {
    readonly purpose: CodePurpose
    readonly code: IssuedEmailCode
    readonly window: RateWindow
    /** Set if it is the last code that sets a password for now: the first instant at which another is sent. */
    readonly blockedUntil?: Instant
  }
  CodeUndelivered: { readonly purpose: CodePurpose; readonly window: RateWindow }
  /** A wrong, replayed or outdated OTP was counted. */
  SignInCodeRejected: { readonly challenge: ChallengeId; readonly reason: 'wrong' | 'replayed' | 'outdated' }
  ChallengeEnded: {
    readonly challenge: ChallengeId
    readonly reason: 'too-many-attempts' | 'cancelled' | 'superseded'
  }
  /** Both factors were right. The counters are cleared, and a session named like the challenge is open. */
  SignInCompleted: {
    readonly challenge: ChallengeId
    /** When the session expires. */
    readonly expiresAt: Instant
    readonly system: System
    readonly channel: OtpChannel
    readonly consentedAt: Instant
    /** The accepted time step of a mobile app. */
    readonly step?: number
  }
  /** The old device has proved the change to another: now the channel is set up. */
  DeviceChangeVerified: { readonly challenge: ChallengeId; readonly step: number; readonly opens: Challenge }
  Locked: { readonly historySize: number }
  Unlocked: { readonly historySize: number }
  PasswordCodeRequested: { readonly challenge: Challenge }
  PasswordCodeAccepted: { readonly challenge: Challenge }
  /** A wrong set-up code went to the budget of its own. */
  EnrolmentCodeRejected: {
    readonly purpose: 'password' | 'enrolment'
    readonly window: RateWindow
    /** Whether it was the last entry that the emailed code allows (LOCK-15). */
    readonly voidsCode: boolean
  }
  /** The budget is spent: what was begun with codes of this purpose is over. */
  EnrolmentAborted: {
    readonly purpose: 'password' | 'enrolment'
    /** The first instant at which codes of this purpose are taken again. */
    readonly blockedUntil: Instant
  }
  PasswordSet: {
    readonly credential: CredentialId
    readonly reason: 'first-sign-in' | 'forgotten' | 'expired' | 'voluntary'
    /** How many former passwords are remembered (PW-08). */
    readonly historySize: number
    /** Which open sessions it ends (ACC-20). */
    readonly ends: 'all' | 'others' | 'none'
    /** The session in which the password was changed; it goes on where the others end. */
    readonly session?: SessionId
  }
  ChannelChosen: { readonly challenge: Challenge }
  ChannelEnrolled: { readonly channel: EnrolledChannel; readonly endsSessions: boolean }
  DeviceChangeRequested: object
  /** A sign-in by smartcard, as the existing flow reports it. It neither counts nor clears (LOCK-12). */
  SmartcardSignInCompleted: {
    readonly system: System
    readonly site: 'primary' | 'backup'
    readonly srn?: string
    readonly session: SessionId
    /** When the session expires. */
    readonly expiresAt: Instant
  }
  SessionsEnded: {
    readonly sessions: readonly SessionId[]
    readonly reason: AccountCommandOf<'EndSessions'>['reason'] | 'superseded'
  }
  /** Decommissioned: the card was removed from the profile. */
  SmartcardDecommissioned: { readonly srn: string }
  Deleted: object
  /** An operation was refused. The caller saw less than this. */
  CommandRefused: { readonly operation: AccountCommandType; readonly reason: AccountDenialReason }
  /** An operation of the holder for another account was refused. The reason is that of the administration. */
  AdministrationRefused: { readonly operation: string; readonly reason: string; readonly subject: string }
}

/**
 * The name of an event.
 *
 * @category Accounts
 */
export type AccountEventType = keyof AccountEventContents

/**
 * One event: what happened, when, by which rule. The trail entry names the actor. An event never contains a
 * secret.
 *
 * @category Accounts
 */
export type AccountEventOf<Type extends AccountEventType> = {
  [T in Type]: { readonly type: T; readonly at: Instant; readonly rule: RuleId } & AccountEventContents[T]
}[Type]

/**
 * Every event of an account.
 *
 * @rule AUD-01
 * @category Accounts
 */
export type AccountEvent = AccountEventOf<AccountEventType>
