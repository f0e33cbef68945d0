/**
 * Sends mail over SMTP, based on `nodemailer` (an optional peer dependency: install it alongside this
 * package). It has texts in English, and in traditional and simplified Chinese.
 *
 * @module ccass-2fa/smtp
 */

import { callHost } from '../kernel/call-host.ts'
import type { DeliveryResult, Mail, Mailer } from '../ports/mailer.ts'
import { wireAddress } from './mail/address.ts'
import { isLocales, type Locales } from './mail/locale.ts'
import { messageIdOf, messageOf } from './mail/message.ts'
import type { MailText } from './mail/render-mail.ts'
import type { MailTemplate } from './mail/templates.ts'
import { connectionTo } from './smtp/connection.ts'
import { deliveryFailure } from './smtp/delivery-failure.ts'
import { type DeliveryFailure, type SmtpOptions, type SmtpSettings, settingsOf } from './smtp/options.ts'
import { poolOf } from './smtp/pool.ts'
import { sendMessage } from './smtp/send-message.ts'

export { hongKongTime, type Locale, type Locales, supportedLocales } from './mail/locale.ts'
export type { MailContent, MailOf } from './mail/mail-content.ts'
export { escapeHtml, type MailText, renderMail } from './mail/render-mail.ts'
export { defaultTemplates, type MailTemplate, type MailTemplates } from './mail/templates.ts'
export type { DeliveryFailure, SmtpOptions, SmtpStep, SmtpTimeouts, SmtpTls } from './smtp/options.ts'

/**
 * A mailer that reuses its connections.
 *
 * @category Adapters
 */
export interface SmtpMailer extends Mailer {
  /** Waits for mails in progress, then closes the connections. Any later mail gets `try-again`. */
  close(): Promise<void>
}

const isText = (value: unknown): value is MailText =>
  typeof value === 'object' &&
  value !== null &&
  ['subject', 'text', 'html'].every((part) => typeof Reflect.get(value, part) === 'string')

/** Produces the text of a mail with the host's templates and locales. */
const rendered = async ({ locales: wanted, templates }: SmtpSettings, mail: Mail) => {
  const locales: Locales = typeof wanted === 'function' ? await wanted(mail) : wanted
  if (!isLocales(locales)) throw new TypeError('locales must be supported languages without duplicates')
  // Each type has its own template. The compiler cannot see that mail and template belong together.
  const template = templates[mail.type] as MailTemplate<Mail['type']>
  const text = await template(mail, locales)
  if (!isText(text)) throw new TypeError('a template must return subject, text and html')
  return { locales, ...text }
}

/** Resolves with the answer, or with `undefined` when the time is up. */
const inTime = <T>(answer: Promise<T>, signal: AbortSignal): Promise<T | undefined> =>
  new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
    answer.then(resolve, reject)
  })

/**
 * Wraps an error of the host's code. For a code mail the cause is left out, because it may contain the code.
 */
const renderingFailed = (mail: Mail, cause: unknown) =>
  mail.type === 'code'
    ? new Error('composing a mail of type code failed; the cause is left out because it may contain the code')
    : new Error(`composing a mail of type ${mail.type} failed`, { cause })

/**
 * Creates a mailer that speaks SMTP. It requires STARTTLS by default, sends each mail to exactly one
 * recipient, and knows the outcome of every mail within `timeouts.total`.
 *
 * - `refused`: the server refused this recipient or this message permanently (5xx), or the address is not
 *   exactly one address.
 * - `try-again`: any problem that may pass, such as 4xx, no connection, no TLS, wrong credentials of the
 *   host, or a timeout.
 * - It rejects only if a template or `locales` fails, and the error never contains the code.
 *
 * @throws TypeError or RangeError that names the option, for invalid options.
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
  const pool = poolOf(() => connectionTo(settings), settings.connections, timeouts.idle)
  const underWay = new Set<Promise<unknown>>()
  let closed = false

  const report = (failure: DeliveryFailure): DeliveryResult => {
    // The callback only observes: neither an error in it nor a change to what it gets changes the outcome.
    callHost(
      () => settings.onDeliveryFailure({ ...failure }),
      () => {},
    )
    return failure.delivery
  }

  const compose = async (mail: Mail, to: string, id: string | undefined) => {
    try {
      const text = await rendered(settings, mail)
      return await messageOf({ ...text, from, replyTo, to, messageId: messageIdOf(mail, id, from) })
    } catch (cause) {
      report({ mail: mail.type, delivery: 'try-again', step: 'render', uncertain: false })
      throw renderingFailed(mail, cause)
    }
  }

  const post = async (mail: Mail, id: string | undefined): Promise<DeliveryResult> => {
    const { type } = mail
    const to = wireAddress(mail.to)
    if (to === undefined)
      return report({ mail: type, delivery: 'refused', step: 'address', uncertain: false })
    const timeUp = new AbortController()
    const timer = setTimeout(() => timeUp.abort(), timeouts.total)
    try {
      const message = await inTime(compose(mail, to, id), timeUp.signal)
      if (message === undefined)
        return report({
          mail: type,
          delivery: 'try-again',
          step: 'render',
          code: 'ETIMEDOUT',
          uncertain: false,
        })
      const failure = await sendMessage(pool, { from: returnPath, to }, message, timeUp.signal)
      if (failure === undefined) return 'delivered'
      return report(
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
      if (closed) return report({ mail: mail.type, delivery: 'try-again', step: 'waiting', uncertain: false })
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
