/**
 * A mailer that keeps what it is given, for tests and demonstrations.
 *
 * @module ccass-2fa/capture-mailer
 */
import type { DeliveryResult, Mail, Mailer } from '../ports/mailer.ts'

/**
 * A mailer that exposes its mails.
 *
 * @category Adapters
 */
export interface CaptureMailer extends Mailer {
  /** Every mail that was delivered, oldest first; codes in the clear. */
  readonly mails: readonly Mail[]
  /** The code in the newest mail to an account. */
  codeFor(userId: string): string | undefined
  /** The outcome of all further mails; initially `delivered`. */
  answer(delivery: DeliveryResult): void
}

/**
 * A mailer that sends nothing. Not for production: it remembers every code.
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
      // A copy: what was sent is what it held then.
      if (delivery === 'delivered') mails.push({ ...mail })
      return delivery
    },
  }
}
