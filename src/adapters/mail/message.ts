import { createHash, randomUUID } from 'node:crypto'
import MailComposer from 'nodemailer/lib/mail-composer/index.js'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import type { Mail } from '../../ports/mailer.ts'
import type { Sender } from './address.ts'
import type { Locales } from './locale.ts'
import { type MailText, oneLine } from './render-mail.ts'

/**
 * The Message-ID of a mail. A notice has the same one at each try, so that servers and readers recognise a
 * mail that was sent twice. It is derived from the notice's id, or else from its content. The Message-ID of a
 * code is random, because two codes are never the same mail.
 */
export const messageIdOf = (mail: Mail, id: string | undefined, { address }: Sender): string => {
  const domain = address.slice(address.lastIndexOf('@') + 1)
  if (mail.type === 'code') return `<${randomUUID()}@${domain}>`
  const named = id === undefined ? `content:${canonicalJson(mail)}` : `id:${id}`
  return `<notice.${createHash('sha256').update(named).digest('hex').slice(0, 40)}@${domain}>`
}

/** All parts of a message. */
export interface MessageParts extends MailText {
  readonly from: Sender
  readonly replyTo: Sender | undefined
  /** One address in its wire form. */
  readonly to: string
  readonly messageId: string
  readonly locales: Locales
}

/**
 * Normalises line endings and removes control characters other than line feed and tab, so that nothing in the
 * body can be read as SMTP.
 */
const bodyOf = (body: string) => body.replace(/\r\n?|[\u2028\u2029]/g, '\n').replace(/[^\P{Cc}\n\t]/gu, '')

/**
 * Builds the message as sent over the wire, headers and body. It never opens files or addresses in the text.
 *
 * @rule LOCK-11
 */
export const messageOf = (parts: MessageParts): Promise<Buffer> => {
  const { from, replyTo, to, subject, text, html, messageId, locales } = parts
  const composer = new MailComposer({
    from: { ...from },
    ...(replyTo === undefined ? {} : { replyTo: { ...replyTo } }),
    to: { name: '', address: to },
    subject: oneLine(subject).slice(0, 300),
    text: bodyOf(text),
    html: bodyOf(html),
    messageId,
    // Suppresses automatic replies, such as absence notes, and answers of mailing lists (RFC 3834).
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'Content-Language': locales.join(', '),
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return new Promise((resolve, reject) => {
    composer.compile().build((error, message) => (error ? reject(error) : resolve(message)))
  })
}
