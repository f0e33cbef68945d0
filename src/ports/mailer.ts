import type { CodePurpose } from '../otp/email-code.ts'

/**
 * A mail to a person. An adapter supplies the wording.
 *
 * @category Ports
 */
export type Mail =
  /** A one-time code that a holder waits for. The only mail with a secret: it is sent and never stored. */
  | {
      readonly type: 'code'
      readonly to: string
      readonly userId: string
      readonly purpose: CodePurpose
      /** Digits, 6–8. */
      readonly code: string
      /** How long it is valid. */
      readonly validSeconds: number
    }
  | Notice

/**
 * What changed in how someone proves who they are. `reset-by-administrator`: unlocked, or password and OTP
 * channel reset, by others; the old ones are void. `email-changed`: the registered address was replaced or
 * taken away.
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
 * A message that must reach its recipient: written in the commit that causes it.
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
   * Setting a password or an OTP channel is blocked for a while, because someone gave too many wrong codes or asked
   * for too many (LOCK-15).
   */
  | {
      readonly type: 'enrolment-blocked'
      readonly to: string
      readonly userId: string
      readonly purpose: 'password' | 'enrolment'
      /** The first instant at which it is possible again, epoch milliseconds. */
      readonly until: number
      /** When it happened, epoch milliseconds. */
      readonly at: number
    }
  /** A credential changed. Anyone who did not bring it about should know at once. */
  | {
      readonly type: 'credential-changed'
      /** The registered address; when that changes, a notice goes to the former one too. */
      readonly to: string
      readonly userId: string
      readonly change: CredentialChange
      /** When it happened, epoch milliseconds. */
      readonly at: number
    }
  /** Where an eService stands. */
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
      /** By whom the last step was. */
      readonly processedBy: string
      /** When it happened, epoch milliseconds. */
      readonly at: number
    }

/**
 * The outcome of a mail: handed to the mail server; refused permanently (for example because of the address),
 * so that another try is useless; or not delivered for now.
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
   * Resolves once the outcome is known; a rejection counts as `try-again`, and its error goes to `onError`: no
   * code may be in it.
   *
   * @param id - names a notice, the same at each try, so that a mail sent twice can be recognised as one (by
   * its Message-ID, say); codes have none. ASCII, no secret.
   */
  send(mail: Mail, id?: string): Promise<DeliveryResult>
}
