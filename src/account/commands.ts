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
 * The result of verifying a code: the TOTP step that it matches, or whether it is the newest emailed code of
 * its purpose.
 *
 * @rule AUD-01
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
  /** Why the method is denied; absent if it is allowed. */
  readonly denial?: SmartcardDenial | undefined
  /** The card's serial number, if the host's existing flow reports it. */
  readonly srn?: string | undefined
}

/**
 * A command that continues a challenge.
 *
 * @category Accounts
 */
export interface ChallengeCommand {
  readonly challenge: ChallengeId
}

/**
 * A command of a signed-in holder.
 *
 * @category Accounts
 */
export interface SessionCommand {
  /** The sessionEpoch of the account at that sign-in. */
  readonly sessionEpoch: number
  /** The session itself; absent if only the epoch is known, for example of a code issued in the session. */
  readonly session?: SessionId | undefined
  /** Whether that sign-in was by smartcard, which proves neither password nor OTP (MIG-19). */
  readonly bySmartcard?: boolean | undefined
  /** Why the sign-in page of the session's system is denied now; absent if it is allowed (ACC-20). */
  readonly denial?: SignInDenial | undefined
}

/**
 * The fields of each command in addition to `type` and `at`.
 *
 * @category Accounts
 */
export interface AccountCommandContents {
  /** An account is registered under a User ID. */
  Register: {
    readonly userId: UserId
    readonly role: Role
    /**
     * Whether the account is `created` now, or `imported` because it already existed. Default: `imported`.
     */
    readonly origin?: 'created' | 'imported'
  } & ProfileChanges
  ChangeProfile: { readonly changes: ProfileChanges }
  /** Unlock/Reset OTP Device Registration. */
  Unlock: object
  Delete: object
  /** LOG IN was pressed, with a password. */
  EnterPassword: {
    readonly passwordMatches: boolean
    readonly system: System
    /** Why the method is denied; absent if it is allowed. */
    readonly denial?: SignInDenial | undefined
    /** The id of the challenge that a correct password opens. */
    readonly challenge: ChallengeId
    /** The vault's name for the emailed code, if one is sent. */
    readonly code: CredentialId
  }
  /** Replaces the hash of the present password by one with the present settings (PW-15). */
  ReplacePasswordHash: { readonly former: CredentialId; readonly credential: CredentialId }
  EnterSignInCode: ChallengeCommand & { readonly fact: CodeFact | undefined }
  /** Requests another emailed code. */
  ResendSignInCode: ChallengeCommand & { readonly code: CredentialId }
  CancelChallenge: ChallengeCommand
  /** A mail with a code was not delivered. */
  ReportUndelivered: { readonly purpose: CodePurpose; readonly code: CredentialId }
  /** Forgot/Reset was pressed, for a forgotten or a first password. */
  RequestPasswordCode: ChallengeCommand & {
    readonly code: CredentialId
    /** Why the method is denied; absent if it is allowed. */
    readonly denial?: SignInDenial | undefined
  }
  EnterPasswordCode: ChallengeCommand & { readonly fact: CodeFact | undefined }
  SetPassword: ChallengeCommand & { readonly credential: CredentialId; readonly reused: boolean }
  ChooseChannel: ChallengeCommand & {
    readonly channel: OtpChannel
    /** The vault's name for the device's secret or for the emailed code. */
    readonly credential: CredentialId
  }
  EnterEnrolmentCode: ChallengeCommand & { readonly fact: CodeFact | undefined }
  ChangePassword: SessionCommand & {
    readonly passwordMatches: boolean
    readonly credential: CredentialId
    readonly reused: boolean
  }
  /** Authentication Settings: requests another device, which is set up at the next sign-in. */
  RequestDeviceChange: SessionCommand
  /** Checks whether the sign-in is still valid; changes nothing. */
  CheckSession: SessionCommand
  /** Ends one session, or all except one, for the holder or an administrator (ACC-19). */
  EndSessions: {
    /** The session to end; absent: all. */
    readonly session?: SessionId | undefined
    /** The session that remains if all others end. */
    readonly except?: SessionId | undefined
    readonly reason: 'signed-out' | 'ended-by-holder' | 'ended-by-administrator'
  }
  /** The host's existing flow has admitted the holder's smartcard. */
  SignInWithSmartcard: SmartcardCommand & {
    readonly system: System
    readonly site: 'primary' | 'backup'
    readonly session: SessionId
  }
  /** Checks whether the smartcard sign-in is still valid; changes nothing. */
  CheckSmartcardSession: SmartcardCommand & Pick<SessionCommand, 'sessionEpoch' | 'session'>
  /** The smartcard has been decommissioned and is removed from the profile. */
  DecommissionSmartcard: object
}

/**
 * The name of a command.
 *
 * @category Accounts
 */
export type AccountCommandType = keyof AccountCommandContents

/**
 * The outside facts of each command: the results of a password hash, a keyed hash, a device or the random
 * source. They are found only if the deciding row reads them, as the transition table says.
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
 * One command, with the instant at which it was given. It contains every outside fact.
 *
 * @category Accounts
 */
export type AccountCommandOf<Type extends AccountCommandType> = {
  [T in Type]: { readonly type: T; readonly at: Instant } & AccountCommandContents[T]
}[Type]

/**
 * A command of an account.
 *
 * @category Accounts
 */
export type AccountCommand = AccountCommandOf<AccountCommandType>

/**
 * The types of all commands, in the order of an account's life.
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
