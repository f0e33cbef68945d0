/**
 * A mailer that keeps all mails in memory, for tests and demonstrations.
 *
 * @module ccass-2fa/capture-mailer
 */
import type { DeliveryResult, Mail, Mailer } from '../ports/mailer.ts'

/**
 * A mailer that gives access to its mails.
 *
 * @rule OTP-06
 * @category Adapters
 */
export interface CaptureMailer extends Mailer {
  /** Every delivered mail, oldest first. Codes are in plain text. */
  readonly mails: readonly Mail[]
  /** The code in the newest mail to an account. */
  codeFor(userId: string): string | undefined
  /** Sets the outcome of all further mails. Initially `delivered`. */
  answer(delivery: DeliveryResult): void
}

/**
 * Creates a mailer that sends nothing. It keeps every code in memory, so do not use it in production.
 *
 * @category Adapters
 */
export const captureMailer = (): CaptureMailer => {
  const mails: Mail[] = []
  let delivery: DeliveryResult = 'delivered'
  return {
    mails,
    codeFor: (userId) => {
      const mail = mails.findLast((sent) => sent.type === 'code' && sent.userId === userId)
      return mail?.type === 'code' ? mail.code : undefined
    },
    answer: (next) => {
      delivery = next
    },
    send: async (mail) => {
      // Stores a copy, so that later changes of the object do not change what was sent.
      if (delivery === 'delivered') mails.push({ ...mail })
      return delivery
    },
  }
}
