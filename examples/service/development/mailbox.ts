import { appendFileSync } from 'node:fs'
import type { Mailer } from 'ccass-2fa'

/** A mailer that sends nothing, and shows the newest code of each account to anyone who asks. */
export interface InsecureMailbox extends Mailer {
  codeFor(userId: string): string | undefined
}

/**
 * For development and loads alone: a load needs the codes that its made-up holders are sent. Of a notice it
 * notes in `file`, if there is one, that it was sent: its id, its type and its User ID, a line each, so that
 * a verification can hold them against what was promised.
 */
export const insecureMailbox = (file: string | undefined): InsecureMailbox => {
  const codes = new Map<string, string>()
  return {
    codeFor: (userId) => codes.get(userId),
    send: async (mail, id) => {
      if (mail.type === 'code') codes.set(mail.userId, mail.code)
      else if (file !== undefined) {
        const subject = mail.type === 'eservice' ? mail.reference : mail.userId
        appendFileSync(file, `${JSON.stringify({ operation: 'notice', id, type: mail.type, subject })}\n`)
      }
      return 'delivered'
    },
  }
}
