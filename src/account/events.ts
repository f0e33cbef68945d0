import type { Role, System } from '../identity/participant.ts'
import type { UserId } from '../identity/user-id.ts'
import type { Instant } from '../kernel/instant.ts'
import type { RuleId } from '../kernel/rule-id.ts'
import type { Allowance } from '../lockout/rate-window.ts'
import type { CodePurpose } from '../otp/email-code.ts'
import type { CommandType } from './commands.ts'
import type { ProfileChanges } from './profile.ts'
import type { RefusalReason } from './refusal-reason.ts'
import type { Challenge, ChallengeId, Channel, CredentialId, EmailCode, Origin, OtpChannel } from './state.ts'

/** What each event says besides its `type`, `at` and `rule`. */
export interface EventContents {
  Registered: { readonly userId: UserId; readonly role: Role; readonly origin: Origin } & ProfileChanges
  ProfileChanged: { readonly changes: ProfileChanges }
  /** The password was right: a challenge is open. Pressing LOG IN was also consent (ACC-11). */
  PasswordAccepted: {
    readonly system: System
    readonly challenge: Challenge
    readonly rehashed?: CredentialId
  }
  /** A wrong password was counted. */
  PasswordRejected: { readonly through: System | 'ChangePassword' }
  CodeIssued: { readonly purpose: CodePurpose; readonly code: EmailCode; readonly issued: Allowance }
  CodeUndelivered: { readonly purpose: CodePurpose; readonly issued: Allowance }
  /** A wrong, replayed or outdated OTP was counted. */
  LoginCodeRejected: { readonly challenge: ChallengeId; readonly why: 'wrong' | 'replayed' | 'outdated' }
  ChallengeEnded: { readonly challenge: ChallengeId; readonly why: 'misses' | 'cancelled' | 'displaced' }
  /** Both factors were right. The counters are cleared, and a principal is given. */
  LoginCompleted: {
    readonly challenge: ChallengeId
    readonly system: System
    readonly channel: OtpChannel
    readonly consentedAt: Instant
    /** The accepted time step of a mobile app. */
    readonly step?: number
  }
  /** The old device has proved the change to another: now the channel is set up. */
  OldDeviceProved: { readonly challenge: ChallengeId; readonly step: number; readonly opened: Challenge }
  Locked: { readonly remember: number }
  Unlocked: { readonly remember: number }
  PasswordCodeRequested: { readonly challenge: Challenge }
  PasswordCodeAccepted: { readonly challenge: Challenge }
  /** A wrong set-up code went to the budget of its own. */
  SetUpCodeRejected: { readonly purpose: 'password' | 'channel'; readonly misses: Allowance }
  /** The budget is spent: what was begun with codes of this purpose is over. */
  SetUpEnded: { readonly purpose: 'password' | 'channel' }
  PasswordSet: {
    readonly credential: CredentialId
    readonly because: 'first-login' | 'forgotten' | 'expired' | 'own-wish'
    /** How many former passwords are remembered (PW-08). */
    readonly remember: number
  }
  ChannelChosen: { readonly challenge: Challenge }
  ChannelSet: { readonly channel: Channel }
  DeviceChangeRequested: object
  /** A login by smartcard, as the existing flow reports it. It neither counts nor clears (LOCK-12). */
  SmartcardAdmitted: {
    readonly system: System
    readonly site: 'primary' | 'backup'
    readonly srn?: string
  }
  /** Decommissioned: the profile knows the card no longer. */
  SmartcardRetired: { readonly srn: string }
  Deleted: object
  /** An act was refused. The caller saw less than this. */
  ActRefused: { readonly act: CommandType; readonly reason: RefusalReason }
  /** What the holder tried to do for somebody else was refused. The reason is the administration's. */
  AdministrationRefused: { readonly act: string; readonly reason: string; readonly about: string }
}

/** The name of an event. */
export type EventType = keyof EventContents

/** One event: what, when, by which rule. Who, stands in the trail's entry. No secret is ever in it. */
export type EventOf<Type extends EventType> = {
  [T in Type]: { readonly type: T; readonly at: Instant; readonly rule: RuleId } & EventContents[T]
}[Type]

/**
 * Everything that can happen to an account.
 *
 * @rule AUD-01
 */
export type AccountEvent = EventOf<EventType>
