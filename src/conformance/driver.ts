/**
 * What a system answers when it refuses: what its caller sees, word for word.
 *
 * @category Conformance
 */
export interface DriverRefusal {
  /** The answer as the caller sees it, e.g. a code or a message. Answers that must not differ are compared by it. */
  readonly refused: string
}

/**
 * An answer of the system under test: what was asked for, or a refusal.
 *
 * @category Conformance
 */
export type DriverResult<T = object> = T | DriverRefusal

/**
 * A message in a mailbox.
 *
 * @category Conformance
 */
export type MailboxMessage =
  /** A one-time code. */
  | { readonly kind: 'code'; readonly code: string }
  /** The notice that the account was locked (LOCK-11). */
  | { readonly kind: 'locked' }
  /** Anything else; not compared. */
  | { readonly kind: 'other' }

/**
 * What a maker enters in DMS.
 *
 * @category Conformance
 */
export type ConformanceEntry =
  | { readonly kind: 'create'; readonly userId: string; readonly email: string }
  | { readonly kind: 'disable' | 'enable' | 'unlock' | 'delete'; readonly userId: string }

/**
 * A system under test, as a set of functions. All are optional: what is missing is not tested, and the report says so.
 *
 * Tokens (`challenge`, `session`, `request`) are texts of the system's own; the kit gives them back unchanged. Instants
 * are epoch milliseconds. A function that throws is reported as a fault of the system (API-02). If the system answers
 * that it is busy, the driver asks again.
 *
 * @category Conformance
 */
export interface ConformanceDriver {
  /** Moves the system's clock forward. Without it the clock must stand still, and no rule about time is tested. */
  advance?(input: { readonly milliseconds: number }): Promise<void>
  /** Every message ever sent to an address, oldest first. */
  mailbox?(input: { readonly email: string }): Promise<readonly MailboxMessage[]>

  /** An administrator creates an account without a password. */
  createAccount?(input: {
    readonly userId: string
    readonly role: 'User' | 'DelegatedAdministrator'
    readonly email: string
  }): Promise<DriverResult>
  /** An administrator sets the status of an account. */
  setStatus?(input: {
    readonly userId: string
    readonly status: 'ENABLED' | 'DISABLED'
  }): Promise<DriverResult>
  /** Unlock/Reset OTP Device Registration, by an administrator. */
  unlock?(input: { readonly userId: string }): Promise<DriverResult>
  /** An administrator deletes an account. */
  deleteAccount?(input: { readonly userId: string }): Promise<DriverResult>
  /** Sets how many accounts the participant may have. */
  setMaximum?(input: { readonly participant: string; readonly maximum: number }): Promise<DriverResult>
  /** Whether an account is locked, as an administrator sees it. */
  isLocked?(input: { readonly userId: string }): Promise<boolean>

  /** Forgot/Reset Password, and the first password: a code is emailed if the account may have one. */
  requestPasswordCode?(input: {
    readonly userId: string
  }): Promise<DriverResult<{ readonly challenge: string }>>
  /** The emailed code. */
  confirmPasswordCode?(input: { readonly challenge: string; readonly code: string }): Promise<DriverResult>
  /** The new password; `session` only if the system signs the caller in by it. */
  setPassword?(input: {
    readonly challenge: string
    readonly password: string
  }): Promise<DriverResult<{ readonly session?: string | undefined }>>

  /** LOG IN: User ID and password at the sign-in page of a system. */
  beginSignIn?(input: {
    readonly userId: string
    readonly password: string
    readonly system: 'CCASS/CCMS' | 'DMS'
  }): Promise<
    DriverResult<{ readonly next: 'otp' | 'enrolOtp' | 'changePassword'; readonly challenge: string }>
  >
  /** The one-time code of a sign-in. */
  confirmOtp?(input: {
    readonly challenge: string
    readonly code: string
  }): Promise<
    DriverResult<{ readonly next: 'done'; readonly session: string } | { readonly next: 'enrolOtp' }>
  >
  /** Sends another code by email. */
  resendCode?(input: { readonly challenge: string }): Promise<DriverResult>
  /** Gives a sign-in up. */
  cancelSignIn?(input: { readonly challenge: string }): Promise<DriverResult>

  /** Chooses the OTP channel; for the mobile app `secret` is the authenticator's, in Base32. */
  chooseChannel?(input: {
    readonly challenge: string
    readonly channel: 'MobileApp' | 'Email'
  }): Promise<DriverResult<{ readonly secret?: string | undefined }>>
  /** The first code of the chosen channel. */
  confirmChannel?(input: { readonly challenge: string; readonly code: string }): Promise<DriverResult>

  /** Whether a session still holds; refused, if it does not. */
  checkSession?(input: { readonly session: string }): Promise<DriverResult>
  /** Change Password, by the holder of a session. */
  changePassword?(input: {
    readonly session: string
    readonly current: string
    readonly password: string
  }): Promise<DriverResult>
  /** Change of mobile device: at the next sign-in the channel is set up again. */
  changeDevice?(input: { readonly session: string }): Promise<DriverResult>

  /** Generate User ID, for a new user of the Delegated Administrator's participant. */
  proposeUserId?(input: { readonly session: string }): Promise<DriverResult<{ readonly userId: string }>>
  /** A maker enters a request. */
  enterRequest?(input: {
    readonly session: string
    readonly entry: ConformanceEntry
  }): Promise<DriverResult<{ readonly request: string }>>
  /** The maker enters something else under the same request. */
  amendRequest?(input: {
    readonly session: string
    readonly request: string
    readonly entry: ConformanceEntry
  }): Promise<DriverResult>
  /** The maker withdraws a request. */
  withdrawRequest?(input: { readonly session: string; readonly request: string }): Promise<DriverResult>
  /** A checker reads a request and gets an Authorisation Code for it. */
  getAuthorisationCode?(input: {
    readonly session: string
    readonly request: string
  }): Promise<DriverResult<{ readonly code: string }>>
  /** On the maker's page: Checker ID and Authorisation Code. */
  confirmRequest?(input: {
    readonly session: string
    readonly request: string
    readonly checkerId: string
    readonly code: string
  }): Promise<DriverResult>

  /** Releases what the system under test holds. */
  close?(): Promise<void>
}

/**
 * The name of a function of a driver that the kit tests.
 *
 * @category Conformance
 */
export type DriverFunction = Exclude<keyof ConformanceDriver, 'close'>
