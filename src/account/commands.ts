import type { SignInDenial, SmartcardDenial } from '../access-control/denials.ts'
import type { OtpChannel } from '../identity/otp-channel.ts'
import type { Role } from '../identity/role.ts'
import type { System } from '../identity/system.ts'
import type { UserId } from '../identity/user-id.ts'
import type { Instant } from '../kernel/instant.ts'
import type { CodePurpose } from '../otp/email-code.ts'
import type { TimeStep } from '../otp/totp.ts'
import type { ProfileChanges } from './profile.ts'
import type { ChallengeId, CredentialId, SessionId } from './state.ts'

/**
 * What was found out about a code, outside: the TOTP step it fits, or whether it is the newest emailed
 * one of its purpose.
 *
 * @category Accounts
 */
export type CodeFact =
  | { readonly kind: 'MobileApp'; readonly step: TimeStep | undefined }
  | { readonly kind: 'Email'; readonly matches: boolean }

/**
 * A command of a holder with a smartcard.
 *
 * @category Accounts
 */
export interface SmartcardCommand {
  /** Absent: the method is allowed. */
  readonly denial?: SmartcardDenial | undefined
  /** The serial number of the card, as far as the existing flow tells. */
  readonly srn?: string | undefined
}

/**
 * A command that goes on with a challenge.
 *
 * @category Accounts
 */
export interface ChallengeCommand {
  readonly challenge: ChallengeId
}

/**
 * A command of someone signed in.
 *
 * @category Accounts
 */
export interface SessionCommand {
  /** The sessionEpoch of the account at that sign-in. */
  readonly sessionEpoch: number
  /** The session itself; absent where only the epoch is known, as of what was issued in it. */
  readonly session?: SessionId | undefined
  /** Whether that sign-in was by smartcard, which proves neither password nor OTP (MIG-19). */
  readonly bySmartcard?: boolean | undefined
  /** Why the sign-in page of its system would not open now; absent: it would (ACC-20). */
  readonly denial?: SignInDenial | undefined
}

/**
 * The fields of each command besides `type` and `at`.
 *
 * @category Accounts
 */
export interface AccountCommandContents {
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
    readonly passwordMatches: boolean
    readonly system: System
    /** Absent: the method is allowed. */
    readonly denial?: SignInDenial | undefined
    /** For the challenge that a right password opens. */
    readonly challenge: ChallengeId
    /** For the code that is emailed, if one is. */
    readonly code: CredentialId
  }
  /** The hash of the present password is replaced by one made with today's settings (PW-15). */
  ReplacePasswordHash: { readonly former: CredentialId; readonly credential: CredentialId }
  EnterSignInCode: ChallengeCommand & { readonly fact: CodeFact | undefined }
  /** Another emailed code is asked for. */
  ResendSignInCode: ChallengeCommand & { readonly code: CredentialId }
  CancelChallenge: ChallengeCommand
  /** A mail with a code did not get through. */
  ReportUndelivered: { readonly purpose: CodePurpose; readonly code: CredentialId }
  /** Forgot/Reset is pressed, or the first password is to be set. */
  RequestPasswordCode: ChallengeCommand & {
    readonly code: CredentialId
    /** Absent: the method is allowed. */
    readonly denial?: SignInDenial | undefined
  }
  EnterPasswordCode: ChallengeCommand & { readonly fact: CodeFact | undefined }
  SetPassword: ChallengeCommand & { readonly credential: CredentialId; readonly reused: boolean }
  ChooseChannel: ChallengeCommand & {
    readonly channel: OtpChannel
    /** For the device's secret, or for the emailed code. */
    readonly credential: CredentialId
  }
  EnterEnrolmentCode: ChallengeCommand & { readonly fact: CodeFact | undefined }
  ChangePassword: SessionCommand & {
    readonly passwordMatches: boolean
    readonly credential: CredentialId
    readonly reused: boolean
  }
  /** Authentication Settings: another device at the next sign-in. */
  RequestDeviceChange: SessionCommand
  /** Checks whether the sign-in is still valid; changes nothing. */
  CheckSession: SessionCommand
  /** Ends one session, or all but one: the holder's, or an administrator's doing (ACC-19). */
  EndSessions: {
    /** Absent: all. */
    readonly session?: SessionId | undefined
    /** The one that goes on, where all others end. */
    readonly except?: SessionId | undefined
    readonly reason: 'signed-out' | 'ended-by-holder' | 'ended-by-administrator'
  }
  /** The existing flow has admitted the holder's smartcard. */
  SignInWithSmartcard: SmartcardCommand & {
    readonly system: System
    readonly site: 'primary' | 'backup'
    readonly session: SessionId
  }
  /** Checks whether the smartcard sign-in is still valid; changes nothing. */
  CheckSmartcardSession: SmartcardCommand & Pick<SessionCommand, 'sessionEpoch' | 'session'>
  /** The smartcard has been decommissioned: it is removed from the profile. */
  DecommissionSmartcard: object
}

/**
 * The name of a command.
 *
 * @category Accounts
 */
export type AccountCommandType = keyof AccountCommandContents

/**
 * The outside facts of each command: what a hash, a keyed hash, a device or the random source answers. They are
 * found out only when the row that decides reads them, as the transition table says.
 */
export const outsideFacts = {
  RequestPasswordCode: ['code'],
  EnterPasswordCode: ['fact'],
  SetPassword: ['reused', 'credential'],
  EnterPassword: ['passwordMatches', 'code'],
  ReplacePasswordHash: ['credential'],
  ChooseChannel: ['credential'],
  EnterEnrolmentCode: ['fact'],
  EnterSignInCode: ['fact'],
  ResendSignInCode: ['code'],
  ChangePassword: ['passwordMatches', 'reused', 'credential'],
} as const satisfies { readonly [T in AccountCommandType]?: readonly (keyof AccountCommandContents[T])[] }

/** The name of an outside fact of a command. */
export type OutsideFactOf<Type extends AccountCommandType> = Type extends keyof typeof outsideFacts
  ? (typeof outsideFacts)[Type][number]
  : never

/** A command without its outside facts. */
export type GivenCommandOf<Type extends AccountCommandType> = {
  [T in Type]: Omit<AccountCommandOf<T>, OutsideFactOf<T>>
}[Type]

/**
 * One command, with the instant at which it was given. Every outside fact is in it.
 *
 * @category Accounts
 */
export type AccountCommandOf<Type extends AccountCommandType> = {
  [T in Type]: { readonly type: T; readonly at: Instant } & AccountCommandContents[T]
}[Type]

/**
 * Every command of an account.
 *
 * @category Accounts
 */
export type AccountCommand = AccountCommandOf<AccountCommandType>

/**
 * Every command, in the order of an account's life.
 *
 * @category Accounts
 */
export const accountCommandTypes = [
  'Register',
  'ChangeProfile',
  'RequestPasswordCode',
  'EnterPasswordCode',
  'SetPassword',
  'EnterPassword',
  'ReplacePasswordHash',
  'ChooseChannel',
  'EnterEnrolmentCode',
  'EnterSignInCode',
  'ResendSignInCode',
  'CancelChallenge',
  'ReportUndelivered',
  'ChangePassword',
  'RequestDeviceChange',
  'CheckSession',
  'EndSessions',
  'SignInWithSmartcard',
  'CheckSmartcardSession',
  'DecommissionSmartcard',
  'Unlock',
  'Delete',
] as const satisfies readonly AccountCommandType[]
