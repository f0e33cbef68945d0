/**
 * Mail by SMTP, over `nodemailer` (an optional peer: install it beside this package), worded in English,
 * traditional and simplified Chinese.
 *
 * @module ccass-2fa/smtp
 */

import { callHost } from '../kernel/call-host.ts'
import type { DeliveryResult, Mail, Mailer } from '../ports/mailer.ts'
import { wireAddress } from './mail/address.ts'
import type { MailText } from './mail/layout.ts'
import { isLocales, type Locales } from './mail/locale.ts'
import { messageIdOf, messageOf } from './mail/message.ts'
import type { MailTemplate } from './mail/templates.ts'
import { handOver } from './smtp/hand-over.ts'
import { lineTo } from './smtp/line.ts'
import { type DeliveryFailure, type SmtpOptions, type SmtpSettings, settingsOf } from './smtp/options.ts'
import { deliveryFailure } from './smtp/outcome.ts'
import { poolOf } from './smtp/pool.ts'

export { escapeHtml, type MailText, renderMail } from './mail/layout.ts'
export { hongKongTime, type Locale, type Locales, supportedLocales } from './mail/locale.ts'
export type { MailContent, MailOf } from './mail/mail-content.ts'
export { defaultTemplates, type MailTemplate, type MailTemplates } from './mail/templates.ts'
export type { DeliveryFailure, SmtpOptions, SmtpStep, SmtpTimeouts, SmtpTls } from './smtp/options.ts'

/**
 * A mailer that keeps its connections for a while.
 *
 * @category Adapters
 */
export interface SmtpMailer extends Mailer {
  /** Waits for mails in progress, then closes the connections. Later mails are answered with `try-again`. */
  close(): Promise<void>
}

const isText = (value: unknown): value is MailText =>
  typeof value === 'object' &&
  value !== null &&
  ['subject', 'text', 'html'].every((part) => typeof (value as Record<string, unknown>)[part] === 'string')

/** What the host's own functions make of a mail. */
const worded = async ({ locales: wanted, templates }: SmtpSettings, mail: Mail) => {
  const locales: Locales = typeof wanted === 'function' ? await wanted(mail) : wanted
  if (!isLocales(locales)) throw new TypeError('locales must be languages of the mails, none twice')
  // Each type has its own template; the compiler does not see that mail and template belong together.
  const template = templates[mail.type] as MailTemplate<Mail['type']>
  const text = await template(mail, locales)
  if (!isText(text)) throw new TypeError('a template must give subject, text and html')
  return { locales, ...text }
}

/** The first of two: the answer, or the end of the time there is. */
const inTime = <T>(answer: Promise<T>, signal: AbortSignal): Promise<T | undefined> =>
  new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
    answer.then(resolve, reject)
  })

/** A host's error as it may be shown: what failed over a code may hold the code. */
const wordingFailed = (mail: Mail, cause: unknown) =>
  mail.type === 'code'
    ? new Error('a mail of type code could not be worded; the error may hold the code, and is left out')
    : new Error(`a mail of type ${mail.type} could not be worded`, { cause })

/**
 * A mailer that speaks SMTP: STARTTLS is required unless the options say otherwise, one mail goes to exactly
 * one recipient, and every mail has its outcome within `timeouts.total`.
 *
 * `refused` is answered when the server refuses this recipient or this message permanently (5xx), or the
 * address is not exactly one; `try-again` for anything that may pass: 4xx, no connection, no TLS, a wrong
 * password of the host's, a timeout. It rejects only if a template or `locales` fails, and then without the
 * code.
 *
 * @throws TypeError or RangeError, naming the option, for options that can't be.
 * @rule OTP-07
 * @rule LOCK-11
 * @rule ESV-08
 * @rule PW-15
 * @example
 * ```ts
 * const mailer = smtpMailer({
 *   host: 'mail.participant.example',
 *   credentials: { user: 'ccass-2fa', password },
 *   from: { name: 'CCASS/CCMS', address: 'no-reply@participant.example' },
 *   locales: ['en', 'zh-Hant'],
 *   onDeliveryFailure: (failure) => log.warn(failure),
 * })
 * ```
 * @category Adapters
 */
export const smtpMailer = (options: SmtpOptions): SmtpMailer => {
  const settings = settingsOf(options)
  const { from, replyTo, returnPath, timeouts } = settings
  const pool = poolOf(() => lineTo(settings), settings.connections, timeouts.idle)
  const underWay = new Set<Promise<unknown>>()
  let closed = false

  const told = (failure: DeliveryFailure): DeliveryResult => {
    // A callback that only listens has no say in what became of a mail.
    callHost(
      () => settings.onDeliveryFailure(failure),
      () => {},
    )
    return failure.delivery
  }

  const compose = async (mail: Mail, to: string, id: string | undefined) => {
    try {
      const text = await worded(settings, mail)
      return await messageOf({ ...text, from, replyTo, to, messageId: messageIdOf(mail, id, from) })
    } catch (cause) {
      told({ mail: mail.type, delivery: 'try-again', step: 'wording', uncertain: false })
      throw wordingFailed(mail, cause)
    }
  }

  const post = async (mail: Mail, id: string | undefined): Promise<DeliveryResult> => {
    const { type } = mail
    const to = wireAddress(mail.to)
    if (to === undefined) return told({ mail: type, delivery: 'refused', step: 'address', uncertain: false })
    const timeUp = new AbortController()
    const timer = setTimeout(() => timeUp.abort(), timeouts.total)
    try {
      const message = await inTime(compose(mail, to, id), timeUp.signal)
      if (message === undefined)
        return told({
          mail: type,
          delivery: 'try-again',
          step: 'wording',
          code: 'ETIMEDOUT',
          uncertain: false,
        })
      const failure = await handOver(pool, { from: returnPath, to }, message, timeUp.signal)
      if (failure === undefined) return 'delivered'
      return told(
        failure.step === 'waiting'
          ? { mail: type, delivery: 'try-again', step: 'waiting', code: 'ETIMEDOUT', uncertain: false }
          : deliveryFailure(type, failure),
      )
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    send: async (mail, id) => {
      if (closed) return told({ mail: mail.type, delivery: 'try-again', step: 'waiting', uncertain: false })
      const sending = post(mail, id)
      underWay.add(sending)
      return sending.finally(() => underWay.delete(sending))
    },
    close: async () => {
      closed = true
      await Promise.allSettled(underWay)
      await pool.close()
    },
  }
}
