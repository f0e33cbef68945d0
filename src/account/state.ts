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
 * The OTP channel of an account. An account has exactly one at a time.
 *
 * @rule OTP-03
 * @rule OTP-05
 * @category Accounts
 */
export type EnrolledChannel =
  | {
      readonly kind: 'MobileApp'
      readonly credential: CredentialId
      /** The last accepted time step; it and all earlier steps are refused. */
      readonly lastAcceptedStep: TimeStep
      /** The parameters with which the app was enrolled, and with which its codes are verified (OTP-12). */
      readonly totp: TotpParameters
    }
  | { readonly kind: 'Email' }

/**
 * The password of an account as its state records it.
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
      /** The number of wrong codes entered in it. */
      readonly failedAttempts: number
    }
  | {
      /** The set-up of the channel, at the first sign-in or after a change of device. */
      readonly awaits: 'enrolment'
      readonly chosen?: Readonly<
        { kind: 'MobileApp'; credential: CredentialId; totp: TotpParameters } | { kind: 'Email' }
      >
    }
  /** A correct but expired password was entered; a new one is required. */
  | { readonly awaits: 'expired-password-change' }
  /** An emailed code was requested, to set a first or forgotten password. */
  | { readonly awaits: 'password-code' }
  /** The emailed code was entered; the new password is required. */
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
  /** The number of wrong entries so far, for a code that sets a password or a channel (LOCK-15). */
  readonly failedAttempts?: number
}

/**
 * The id of a session. It is not a secret.
 *
 * @category Accounts
 */
export type SessionId = string

/**
 * How a session was opened: with password and an OTP by a channel, or with the smartcard (MIG-03).
 *
 * @category Accounts
 */
export type SignInMethod = OtpChannel | 'Smartcard'

/**
 * A session of an account that was neither ended nor superseded. It may have expired.
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
 * Whether the library created an account, or the account already existed and was imported.
 *
 * @category Accounts
 */
export type AccountOrigin = 'created' | 'imported'

/**
 * The fields of an account at every stage: its profile and the data that the rules need.
 *
 * @category Accounts
 */
export interface AccountBase extends Profile {
  readonly userId: UserId
  readonly role: Role
  readonly origin: AccountOrigin
  readonly registeredAt: Instant
  /** When an email was first registered; absent if the account was registered with one. */
  readonly emailRegisteredAt?: Instant
  /** Increases each time that all open challenges and sessions become void (ACC-08, ACC-15). */
  readonly sessionEpoch: number
  readonly failedAttempts: FailedAttempts
  /** Open sessions, oldest first; some may have expired (ACC-19). */
  readonly sessions: readonly OpenSession[]
  /** Open challenges, oldest first; some may have expired. */
  readonly challenges: readonly Challenge[]
  readonly codes: Readonly<Partial<Record<CodePurpose, IssuedEmailCode>>>
  /** The codes sent (OTP-07), by purpose. */
  readonly codesIssued: Readonly<Partial<Record<CodePurpose, RateWindow>>>
  /** The wrong set-up codes (LOCK-10), by purpose. */
  readonly failedEnrolmentAttempts: Readonly<Partial<Record<'password' | 'enrolment', RateWindow>>>
  /** The previous passwords, newest first, as many as the policy remembers (PW-08). */
  readonly passwordHistory: readonly CredentialId[]
}

/**
 * A User ID under which no account was ever registered. Refused operations are recorded anyway.
 *
 * @category Accounts
 */
export interface UnknownAccount {
  readonly stage: 'Unknown'
}

/**
 * A registered account without a password: new, or after an unlock.
 *
 * @category Accounts
 */
export interface RegisteredAccount extends AccountBase {
  readonly stage: 'Registered'
}

/**
 * An account with a password but no channel.
 *
 * @category Accounts
 */
export interface PasswordSetAccount extends AccountBase {
  readonly stage: 'PasswordSet'
  readonly password: PasswordRecord
}

/**
 * An account with password and channel: 2FA is initialised (ACC-03).
 *
 * @category Accounts
 */
export interface InitialisedAccount extends AccountBase {
  readonly stage: 'Initialised'
  readonly password: PasswordRecord
  readonly channel: EnrolledChannel
  /** Whether a change of device was requested, which happens at the next sign-in (OTP-08). */
  readonly deviceChangePending: boolean
}

/**
 * A locked account. Password and device are deleted; only an unlock ends this stage (ACC-08).
 *
 * @category Accounts
 */
export interface LockedAccount extends AccountBase {
  readonly stage: 'Locked'
  /** The channel that it had, if 2FA was initialised; it determines who can help (MNT-11). */
  readonly channel?: OtpChannel
}

/**
 * A deleted account. Its User ID is never allocated again (ID-12).
 *
 * @category Accounts
 */
export interface DeletedAccount {
  readonly stage: 'Deleted'
  readonly userId: UserId
}

/**
 * The state of one account: a union of its stages.
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
 * The name of an account's stage.
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
 * The names of all stages, in the order of an account's life.
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
 * The state of an account before its first event.
 *
 * @category Accounts
 */
export const unknownAccount: UnknownAccount = /* @__PURE__ */ Object.freeze({ stage: 'Unknown' })

/**
 * Whether an account exists: it is registered and not deleted.
 *
 * @category Accounts
 */
export const isExistingAccount = (account: Account): account is ExistingAccount =>
  account.stage !== 'Unknown' && account.stage !== 'Deleted'

/**
 * Returns the vault names to which the state refers; all other vault entries are removed.
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
