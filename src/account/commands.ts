import type { Role, System } from '../identity/participant.ts'
import type { UserId } from '../identity/user-id.ts'
import type { Instant } from '../kernel/instant.ts'
import type { SmartcardRefusalReason } from '../kernel/refusal.ts'
import type { CodePurpose } from '../otp/email-code.ts'
import type { TimeStep } from '../otp/totp.ts'
import type { ProfileChanges } from './profile.ts'
import type { ChallengeId, CredentialId, OtpChannel } from './state.ts'

/**
 * What was found out about a code, outside: the TOTP step it fits, or whether it is the newest emailed
 * one of its purpose.
 */
export type CodeFact =
  | { readonly kind: 'MobileApp'; readonly step: TimeStep | undefined }
  | { readonly kind: 'Email'; readonly matches: boolean }

/** Why the door to a login page is shut for an account, whatever its password; the access table tells (MIG-15). */
export type ShutDoor =
  | 'before-launch'
  | 'users-do-not-enter-dms'
  | 'administrators-enter-dms-only'
  | 'administrator-without-business-group'

/** Why a smartcard that the existing flow has admitted is refused all the same; the access table tells (MIG-15). */
export type ShutToSmartcard = Exclude<
  SmartcardRefusalReason,
  'another-smartcard' | 'locked' | 'disabled' | 'not-yet-enabled' | 'no-longer-enabled'
>

/** A command of somebody who came with a smartcard. */
export interface WithSmartcard {
  /** Absent: the door is open. */
  readonly shut?: ShutToSmartcard | undefined
  /** The serial number of the card, as far as the existing flow tells. */
  readonly srn?: string | undefined
}

/** A command that goes on with a challenge. */
export interface OnChallenge {
  readonly challenge: ChallengeId
}

/** A command of somebody logged in. */
export interface OfPrincipal {
  /** The generation of the account at that login. */
  readonly generation: number
  /** Whether that login was by smartcard, which proves neither password nor OTP (MIG-19). */
  readonly bySmartcard?: boolean | undefined
}

/** What each command holds besides its `type` and `at`. */
export interface CommandContents {
  /** An account is registered under a User ID. */
  Register: {
    readonly userId: UserId
    readonly role: Role
    /** `created` here and now, or `imported`, because it was there before; that, unless said otherwise. */
    readonly origin?: 'created' | 'imported'
  } & ProfileChanges
  ChangeProfile: { readonly changes: ProfileChanges }
  /** Unlock/Reset OTP Device Registration. */
  Unlock: object
  Delete: object
  /** LOG IN is pressed, with a password. */
  EnterPassword: {
    readonly correct: boolean
    readonly system: System
    /** Absent: the door is open. */
    readonly shut?: ShutDoor | undefined
    /** For the challenge that a right password opens. */
    readonly challenge: ChallengeId
    /** For the code that is emailed, if one is. */
    readonly code: CredentialId
    /** For a hash with today's settings, if the old one's were weaker (PW-15). */
    readonly rehashed?: CredentialId
  }
  EnterLoginCode: OnChallenge & { readonly fact: CodeFact | undefined }
  /** Another emailed code is asked for. */
  ResendLoginCode: OnChallenge & { readonly code: CredentialId }
  CancelChallenge: OnChallenge
  /** A mail with a code did not get through. */
  ReportUndelivered: { readonly purpose: CodePurpose; readonly code: CredentialId }
  /** Forgot/Reset is pressed, or the first password is to be set. */
  RequestPasswordCode: OnChallenge & {
    readonly code: CredentialId
    /** Absent: the door is open. */
    readonly shut?: ShutDoor | undefined
  }
  EnterPasswordCode: OnChallenge & { readonly fact: CodeFact | undefined }
  SetPassword: OnChallenge & { readonly credential: CredentialId; readonly reused: boolean }
  ChooseChannel: OnChallenge & {
    readonly channel: OtpChannel
    /** For the device's secret, or for the emailed code. */
    readonly credential: CredentialId
  }
  EnterChannelCode: OnChallenge & { readonly fact: CodeFact | undefined }
  ChangePassword: OfPrincipal & {
    readonly correct: boolean
    readonly credential: CredentialId
    readonly reused: boolean
  }
  /** Authentication Settings: another device at the next login. */
  RequestDeviceChange: OfPrincipal
  /** Does the login still hold? Brings nothing about. */
  ConfirmPrincipal: OfPrincipal
  /** The existing flow has admitted the holder's smartcard. */
  AdmitSmartcard: WithSmartcard & { readonly system: System; readonly site: 'primary' | 'backup' }
  /** Does the login by smartcard still hold? Brings nothing about. */
  ConfirmSmartcard: WithSmartcard & Pick<OfPrincipal, 'generation'>
  /** The smartcard has been decommissioned: the profile knows it no longer. */
  RetireSmartcard: object
}

/** The name of a command. */
export type CommandType = keyof CommandContents

/** One command, with the instant at which it was given. Every outside fact is in it. */
export type CommandOf<Type extends CommandType> = {
  [T in Type]: { readonly type: T; readonly at: Instant } & CommandContents[T]
}[Type]

/** Everything that an account can be told to do. */
export type AccountCommand = CommandOf<CommandType>

/** Every command, in the order of a life. */
export const commandTypes = [
  'Register',
  'ChangeProfile',
  'RequestPasswordCode',
  'EnterPasswordCode',
  'SetPassword',
  'EnterPassword',
  'ChooseChannel',
  'EnterChannelCode',
  'EnterLoginCode',
  'ResendLoginCode',
  'CancelChallenge',
  'ReportUndelivered',
  'ChangePassword',
  'RequestDeviceChange',
  'ConfirmPrincipal',
  'AdmitSmartcard',
  'ConfirmSmartcard',
  'RetireSmartcard',
  'Unlock',
  'Delete',
] as const satisfies readonly CommandType[]
