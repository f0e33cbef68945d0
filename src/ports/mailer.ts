import type { CodePurpose } from '../otp/email-code.ts'

/**
 * A mail to a person. The mailer supplies the wording.
 *
 * @category Ports
 */
export type Mail =
  /**
   * A one-time code that the holder is waiting for. It is the only mail with a secret: it is sent and never
   * stored.
   */
  | {
      readonly type: 'code'
      readonly to: string
      readonly userId: string
      readonly purpose: CodePurpose
      /** Digits, 6–8. */
      readonly code: string
      /** How long the code is valid, in seconds. */
      readonly validSeconds: number
    }
  | Notice

/**
 * How a holder's credentials changed. `reset-by-administrator`: an administrator unlocked the account or
 * reset its password and OTP channel, and the old ones are void. `email-changed`: the registered address was
 * replaced or removed.
 *
 * @rule ACC-17
 * @category Ports
 */
export type CredentialChange =
  | 'password-set'
  | 'password-changed'
  | 'password-reset'
  | 'channel-set'
  | 'channel-changed'
  | 'reset-by-administrator'
  | 'email-changed'

/**
 * A message that must reach its recipient. It is written in the commit that causes it.
 *
 * @rule LOCK-11
 * @rule LOCK-15
 * @rule ACC-17
 * @rule ESV-08
 * @category Ports
 */
export type Notice =
  | {
      readonly type: 'account-locked'
      readonly to: string
      readonly userId: string
      /** When it happened, epoch milliseconds. */
      readonly at: number
    }
  /**
   * Setting a password or an OTP channel is blocked for a while, because of too many wrong codes or too many
   * requests for codes (LOCK-15).
   */
  | {
      readonly type: 'enrolment-blocked'
      readonly to: string
      readonly userId: string
      readonly purpose: 'password' | 'enrolment'
      /** The first instant at which it is possible again, in epoch milliseconds. */
      readonly until: number
      /** When it happened, epoch milliseconds. */
      readonly at: number
    }
  /** A credential changed. If the holder did not make the change, they should learn of it at once. */
  | {
      readonly type: 'credential-changed'
      /** The registered address. If the address itself changes, the former address receives a notice too. */
      readonly to: string
      readonly userId: string
      readonly change: CredentialChange
      /** When it happened, epoch milliseconds. */
      readonly at: number
    }
  /** An eService form reached a new status. */
  | {
      readonly type: 'eservice'
      readonly to: string
      /** E.g. `DA3_00013361`. */
      readonly reference: string
      readonly form: string
      readonly participant: string
      /** E.g. `Ready to Send to HKEX`. */
      readonly status: string
      readonly notification: 'for-action' | 'for-reference'
      /** Who took the last step. */
      readonly processedBy: string
      /** When it happened, epoch milliseconds. */
      readonly at: number
    }

/**
 * The outcome of sending a mail. `delivered`: the mail server accepted it. `refused`: it was refused
 * permanently, for example because of the address, so another try is useless. `try-again`: it was not
 * delivered this time.
 *
 * @rule OTP-07
 * @category Ports
 */
export type DeliveryResult = 'delivered' | 'refused' | 'try-again'

/**
 * Hands mail to a mail server.
 *
 * @category Ports
 */
export interface Mailer {
  /**
   * Resolves once the outcome is known. A rejection counts as `try-again`, and its error is passed to
   * `onError`, so the error must not contain the code.
   *
   * @param id - identifies a notice and stays the same at each try, so that a mail that is sent twice can be
   * recognised, for example by its Message-ID. Codes have no id. ASCII, no secret.
   */
  send(mail: Mail, id?: string): Promise<DeliveryResult>
}
