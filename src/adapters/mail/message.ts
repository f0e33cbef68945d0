import { createHash, randomUUID } from 'node:crypto'
import MailComposer from 'nodemailer/lib/mail-composer/index.js'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import type { Mail } from '../../ports/mailer.ts'
import type { Sender } from './address.ts'
import type { MailText } from './layout.ts'
import type { Locales } from './locale.ts'

/**
 * The Message-ID of a mail. A notice has the same at each try, so that a server or reader can tell a mail sent
 * twice from two: made from the notice's id, or from all that it says. A code's is drawn: two codes are never
 * one mail.
 */
export const messageIdOf = (mail: Mail, id: string | undefined, { address }: Sender): string => {
  const domain = address.slice(address.lastIndexOf('@') + 1)
  if (mail.type === 'code') return `<${randomUUID()}@${domain}>`
  const named = id === undefined ? `content:${canonicalJson(mail)}` : `id:${id}`
  return `<notice.${createHash('sha256').update(named).digest('hex').slice(0, 40)}@${domain}>`
}

/** Everything that a message is made of. */
export interface MessageParts extends MailText {
  readonly from: Sender
  readonly replyTo: Sender | undefined
  /** One wire address. */
  readonly to: string
  readonly messageId: string
  readonly locales: Locales
}

/** Any line ending of the body, and no control character but the line feed: what is left can't be read as SMTP. */
const bodyOf = (body: string) => body.replace(/\r\n?|[\u2028\u2029]/g, '\n').replace(/[^\P{Cc}\n\t]/gu, '')

/**
 * The message as it goes over the wire, headers and body. Files and addresses in it are never opened.
 *
 * @rule LOCK-11
 */
export const messageOf = (parts: MessageParts): Promise<Buffer> => {
  const { from, replyTo, to, subject, text, html, messageId, locales } = parts
  const composer = new MailComposer({
    from: { ...from },
    ...(replyTo === undefined ? {} : { replyTo: { ...replyTo } }),
    to: { name: '', address: to },
    subject: subject.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, 300),
    text: bodyOf(text),
    html: bodyOf(html),
    messageId,
    // No reader's absence note comes back, and no list answers (RFC 3834).
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
