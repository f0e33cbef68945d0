import { appendFileSync } from 'node:fs'
import type { Mailer } from 'ccass-2fa'

/** A mailer that sends nothing and shows the newest code of each account to any caller. */
export interface InsecureMailbox extends Mailer {
  codeFor(userId: string): string | undefined
}

/**
 * Only for development and load tests, which need the codes of their simulated holders. If `file` is given,
 * each notice that was sent is recorded there, one per line with its id, type and User ID, so that a
 * verification can compare them with the trail.
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
