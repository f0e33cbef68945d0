/**
 * A refusal by the system under test, exactly as its caller sees it.
 *
 * @category Conformance
 */
export interface DriverRefusal {
  /**
   * The answer as the caller sees it, such as a code or a message. The kit uses it to compare answers that
   * must not differ.
   */
  readonly refused: string
}

/**
 * An answer of the system under test: the requested result, or a refusal.
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
  /** Any other message. It is not compared. */
  | { readonly kind: 'other' }

/**
 * The entry that a maker makes in DMS.
 *
 * @category Conformance
 */
export type ConformanceEntry =
  | { readonly kind: 'create'; readonly userId: string; readonly email: string }
  | { readonly kind: 'disable' | 'enable' | 'unlock' | 'delete'; readonly userId: string }

/**
 * The system under test, as a set of functions. All of them are optional: rules that need a missing one are
 * not tested, and the report says so.
 *
 * Tokens (`challenge`, `session`, `request`) are texts that the system chooses. The kit returns them
 * unchanged. Instants are epoch milliseconds. A function that throws is reported as a fault of the system
 * (API-02). If the system answers that it is busy, the driver must repeat the call.
 *
 * @category Conformance
 */
export interface ConformanceDriver {
  /**
   * Advances the system's clock. Without this function, the clock must stand still, and no rule about time is
   * tested.
   */
  advance?(input: { readonly milliseconds: number }): Promise<void>
  /** Returns every message ever sent to an address, oldest first. */
  mailbox?(input: { readonly email: string }): Promise<readonly MailboxMessage[]>

  /** Creates an account without a password, as an administrator. */
  createAccount?(input: {
    readonly userId: string
    readonly role: 'User' | 'DelegatedAdministrator'
    readonly email: string
  }): Promise<DriverResult>
  /** Sets the status of an account, as an administrator. */
  setStatus?(input: {
    readonly userId: string
    readonly status: 'ENABLED' | 'DISABLED'
  }): Promise<DriverResult>
  /** Performs Unlock/Reset OTP Device Registration, as an administrator. */
  unlock?(input: { readonly userId: string }): Promise<DriverResult>
  /** Deletes an account, as an administrator. */
  deleteAccount?(input: { readonly userId: string }): Promise<DriverResult>
  /** Sets how many accounts the participant may have. */
  setMaximum?(input: { readonly participant: string; readonly maximum: number }): Promise<DriverResult>
  /** Whether an administrator sees the account as locked. */
  isLocked?(input: { readonly userId: string }): Promise<boolean>

  /**
   * Starts Forgot/Reset Password or the first password set-up. A code is emailed if the account may receive
   * one.
   */
  requestPasswordCode?(input: {
    readonly userId: string
  }): Promise<DriverResult<{ readonly challenge: string }>>
  /** Enters the emailed code. */
  confirmPasswordCode?(input: { readonly challenge: string; readonly code: string }): Promise<DriverResult>
  /** Sets the new password. Returns `session` only if the system signs the caller in with it. */
  setPassword?(input: {
    readonly challenge: string
    readonly password: string
  }): Promise<DriverResult<{ readonly session?: string | undefined }>>

  /** LOG IN: enters User ID and password on the sign-in page of a system. */
  beginSignIn?(input: {
    readonly userId: string
    readonly password: string
    readonly system: 'CCASS/CCMS' | 'DMS'
  }): Promise<
    DriverResult<{ readonly next: 'otp' | 'enrolOtp' | 'changePassword'; readonly challenge: string }>
  >
  /** Enters the one-time code of a sign-in. */
  confirmOtp?(input: {
    readonly challenge: string
    readonly code: string
  }): Promise<
    DriverResult<{ readonly next: 'done'; readonly session: string } | { readonly next: 'enrolOtp' }>
  >
  /** Sends another code by email. */
  resendCode?(input: { readonly challenge: string }): Promise<DriverResult>
  /** Cancels a sign-in. */
  cancelSignIn?(input: { readonly challenge: string }): Promise<DriverResult>

  /** Chooses the OTP channel. For the mobile app, `secret` is the authenticator's secret in Base32. */
  chooseChannel?(input: {
    readonly challenge: string
    readonly channel: 'MobileApp' | 'Email'
  }): Promise<DriverResult<{ readonly secret?: string | undefined }>>
  /** Enters the first code of the chosen channel. */
  confirmChannel?(input: { readonly challenge: string; readonly code: string }): Promise<DriverResult>

  /** Whether a session is still valid. Returns a refusal if it is not. */
  checkSession?(input: { readonly session: string }): Promise<DriverResult>
  /** Change Password, by the holder of a session. */
  changePassword?(input: {
    readonly session: string
    readonly current: string
    readonly password: string
  }): Promise<DriverResult>
  /** Change of mobile device: the channel is set up again at the next sign-in. */
  changeDevice?(input: { readonly session: string }): Promise<DriverResult>

  /** Generate User ID, for a new user of the Delegated Administrator's participant. */
  proposeUserId?(input: { readonly session: string }): Promise<DriverResult<{ readonly userId: string }>>
  /** Enters a request, as its maker. */
  enterRequest?(input: {
    readonly session: string
    readonly entry: ConformanceEntry
  }): Promise<DriverResult<{ readonly request: string }>>
  /** Replaces the entry of a request, as its maker. */
  amendRequest?(input: {
    readonly session: string
    readonly request: string
    readonly entry: ConformanceEntry
  }): Promise<DriverResult>
  /** Withdraws a request, as its maker. */
  withdrawRequest?(input: { readonly session: string; readonly request: string }): Promise<DriverResult>
  /** Reads a request and gets an Authorisation Code for it, as a checker. */
  getAuthorisationCode?(input: {
    readonly session: string
    readonly request: string
  }): Promise<DriverResult<{ readonly code: string }>>
  /** Confirms a request on the maker's page, with Checker ID and Authorisation Code. */
  confirmRequest?(input: {
    readonly session: string
    readonly request: string
    readonly checkerId: string
    readonly code: string
  }): Promise<DriverResult>

  /** Releases the resources of the system under test. */
  close?(): Promise<void>
}

/**
 * The name of a driver function that the kit tests.
 *
 * @category Conformance
 */
export type DriverFunction = Exclude<keyof ConformanceDriver, 'close'>
