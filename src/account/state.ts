import type { OtpChannel } from '../identity/otp-channel.ts'
import type { Role } from '../identity/role.ts'
import type { System } from '../identity/system.ts'
import type { UserId } from '../identity/user-id.ts'
import type { Instant } from '../kernel/instant.ts'
import type { FailedAttempts } from '../lockout/attempts.ts'
import type { RateWindow } from '../lockout/rate-window.ts'
import type { CodePurpose } from '../otp/email-code.ts'
import type { TimeStep, TotpParameters } from '../otp/totp.ts'
import type { Profile } from './profile.ts'

/**
 * The name of a vault entry that verifies a secret; not a secret itself (AUD-06).
 *
 * @category Accounts
 */
export type CredentialId = string

/**
 * The digest of a challenge token, which only the caller has (OTP-11).
 *
 * @category Accounts
 */
export type ChallengeId = string

/**
 * The OTP channel of an account; exactly one at a time.
 *
 * @rule OTP-03
 * @rule OTP-05
 * @category Accounts
 */
export type EnrolledChannel =
  | {
      readonly kind: 'MobileApp'
      readonly credential: CredentialId
      /** The last accepted time step; no step up to it is accepted again. */
      readonly lastAcceptedStep: TimeStep
      /** What the app was enrolled with; its codes are verified by it (OTP-12). */
      readonly totp: TotpParameters
    }
  | { readonly kind: 'Email' }

/**
 * The password of an account, as the state knows it.
 *
 * @category Accounts
 */
export interface PasswordRecord {
  readonly credential: CredentialId
  readonly changedAt: Instant
}

/**
 * An operation in progress; each kind continues differently.
 *
 * @category Accounts
 */
export type Challenge = {
  readonly id: ChallengeId
  /** The first instant at which it has ended. */
  readonly expiresAt: Instant
} & (
  | {
      /** A sign-in between its password and its code. */
      readonly awaits: 'sign-in-code'
      readonly system: System
      readonly consentedAt: Instant
      /** Wrong codes given in it. */
      readonly failedAttempts: number
    }
  | {
      /** The first sign-in, or the one after a change of device: the channel is set up. */
      readonly awaits: 'enrolment'
      readonly chosen?: Readonly<
        { kind: 'MobileApp'; credential: CredentialId; totp: TotpParameters } | { kind: 'Email' }
      >
    }
  /** The right, but expired password was given: a new one must be. */
  | { readonly awaits: 'expired-password-change' }
  /** An emailed code was asked for, to set the first password or a forgotten one. */
  | { readonly awaits: 'password-code' }
  /** …and was given: now the new password. */
  | { readonly awaits: 'new-password' }
)

/**
 * An emailed code; only the newest of a purpose is valid (OTP-06).
 *
 * @category Accounts
 */
export interface IssuedEmailCode {
  readonly credential: CredentialId
  /** The first instant at which it is no longer valid. */
  readonly expiresAt: Instant
  /** Wrong entries so far, of a code that sets a password or a channel (LOCK-15). */
  readonly failedAttempts?: number
}

/**
 * The name of a session; itself no secret.
 *
 * @category Accounts
 */
export type SessionId = string

/**
 * How a session was opened: with password and an OTP by some channel, or with the smartcard (MIG-03).
 *
 * @category Accounts
 */
export type SignInMethod = OtpChannel | 'Smartcard'

/**
 * A session of an account that was neither ended nor superseded; it may have expired.
 *
 * @category Accounts
 */
export interface OpenSession {
  readonly id: SessionId
  readonly system: System
  readonly method: SignInMethod
  readonly signedInAt: Instant
  /** The first instant at which it has ended. */
  readonly expiresAt: Instant
}

/**
 * Whether an account was created by the library, or was there before and imported.
 *
 * @category Accounts
 */
export type AccountOrigin = 'created' | 'imported'

/**
 * What every account has at any stage: its profile and the data of the rules.
 *
 * @category Accounts
 */
export interface AccountBase extends Profile {
  readonly userId: UserId
  readonly role: Role
  readonly origin: AccountOrigin
  readonly registeredAt: Instant
  /** When an email was registered where there was none; absent: it came with the account. */
  readonly emailRegisteredAt?: Instant
  /** Increases when every open challenge and session becomes void (ACC-08, ACC-15). */
  readonly sessionEpoch: number
  readonly failedAttempts: FailedAttempts
  /** Open sessions, oldest first; some may have expired (ACC-19). */
  readonly sessions: readonly OpenSession[]
  /** Open challenges, oldest first; some may have expired. */
  readonly challenges: readonly Challenge[]
  readonly codes: Readonly<Partial<Record<CodePurpose, IssuedEmailCode>>>
  /** Codes sent (OTP-07), by purpose. */
  readonly codesIssued: Readonly<Partial<Record<CodePurpose, RateWindow>>>
  /** Wrong set-up codes (LOCK-10), by purpose. */
  readonly failedEnrolmentAttempts: Readonly<Partial<Record<'password' | 'enrolment', RateWindow>>>
  /** Passwords before the present one, newest first, as far as the policy remembers them (PW-08). */
  readonly passwordHistory: readonly CredentialId[]
}

/**
 * No account was ever registered under the User ID. Refused operations are recorded anyway.
 *
 * @category Accounts
 */
export interface UnknownAccount {
  readonly stage: 'Unknown'
}

/**
 * Registered, without a password: the state of a new account, and after an unlock.
 *
 * @category Accounts
 */
export interface RegisteredAccount extends AccountBase {
  readonly stage: 'Registered'
}

/**
 * The password is set, the channel is not.
 *
 * @category Accounts
 */
export interface PasswordSetAccount extends AccountBase {
  readonly stage: 'PasswordSet'
  readonly password: PasswordRecord
}

/**
 * Password and channel are complete: 2FA is initialised (ACC-03).
 *
 * @category Accounts
 */
export interface InitialisedAccount extends AccountBase {
  readonly stage: 'Initialised'
  readonly password: PasswordRecord
  readonly channel: EnrolledChannel
  /** A change of device was asked for, and awaits the next sign-in (OTP-08). */
  readonly deviceChangePending: boolean
}

/**
 * Locked. Password and device are deleted; only an unlock leads out of this stage (ACC-08).
 *
 * @category Accounts
 */
export interface LockedAccount extends AccountBase {
  readonly stage: 'Locked'
  /** The channel it had, if 2FA was initialised: it decides who can help (MNT-11). */
  readonly channel?: OtpChannel
}

/**
 * Deleted; its User ID is never allocated again (ID-12).
 *
 * @category Accounts
 */
export interface DeletedAccount {
  readonly stage: 'Deleted'
  readonly userId: UserId
}

/**
 * The state of one account: a union over its stages.
 *
 * @category Accounts
 */
export type Account =
  | UnknownAccount
  | RegisteredAccount
  | PasswordSetAccount
  | InitialisedAccount
  | LockedAccount
  | DeletedAccount

/**
 * The name of a stage.
 *
 * @category Accounts
 */
export type AccountStage = Account['stage']

/**
 * An account at one of the given stages.
 *
 * @category Accounts
 */
export type AccountAt<S extends AccountStage> = Extract<Account, { readonly stage: S }>

/**
 * An account that exists.
 *
 * @category Accounts
 */
export type ExistingAccount = Exclude<Account, UnknownAccount | DeletedAccount>

/**
 * Every stage, in the order of an account's life.
 *
 * @category Accounts
 */
export const accountStages = [
  'Unknown',
  'Registered',
  'PasswordSet',
  'Initialised',
  'Locked',
  'Deleted',
] as const satisfies readonly AccountStage[]

/**
 * The state before the first event.
 *
 * @category Accounts
 */
export const unknownAccount: UnknownAccount = /* @__PURE__ */ Object.freeze({ stage: 'Unknown' })

/**
 * Whether there is an account: registered, and not deleted.
 *
 * @category Accounts
 */
export const isExistingAccount = (account: Account): account is ExistingAccount =>
  account.stage !== 'Unknown' && account.stage !== 'Deleted'

/**
 * The vault names that the state refers to; all other vault entries are removed.
 *
 * @rule AUD-06
 * @category Accounts
 */
export const credentialsOf = (account: Account): readonly CredentialId[] => {
  if (!isExistingAccount(account)) return []
  const password = 'password' in account ? [account.password.credential] : []
  const device =
    account.stage === 'Initialised' && account.channel.kind === 'MobileApp'
      ? [account.channel.credential]
      : []
  const enrolling = account.challenges.flatMap((challenge) =>
    challenge.awaits === 'enrolment' && challenge.chosen?.kind === 'MobileApp'
      ? [challenge.chosen.credential]
      : [],
  )
  const codes = Object.values(account.codes).map((code) => code.credential)
  return [...password, ...device, ...enrolling, ...codes, ...account.passwordHistory]
}
