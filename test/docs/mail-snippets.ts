/** The code of docs/mail.md, as it runs. */
import { testMailServer } from '../support/test-mail-server.ts'

/** A mail server on the loopback. */
export const mailServer = await testMailServer()
export const warned: unknown[] = []
const log = { warn: (what: unknown) => warned.push(what) }
const password = 'only-for-this-test'
const server = {
  host: '127.0.0.1',
  port: mailServer.port,
  tls: 'none',
  from: 'no-reply@participant.example',
} as const
const desk = 'Desk <3>'

// #region setUp
import { smtpMailer } from 'ccass-2fa/smtp'

const mailer = smtpMailer({
  host: 'mail.participant.example', // port 587, STARTTLS required
  credentials: { user: 'ccass-2fa', password },
  from: { name: 'CCASS/CCMS', address: 'no-reply@participant.example' },
  locales: ['en', 'zh-Hant'], // or (mail) => …, mail by mail
  onDeliveryFailure: (failure) => log.warn(failure),
})

// #endregion

// #region templates
import { defaultTemplates, escapeHtml } from 'ccass-2fa/smtp'

const worded = smtpMailer({
  ...server,
  templates: {
    'account-locked': async (mail, locales) => {
      const { subject, text, html } = await defaultTemplates['account-locked'](mail, locales)
      const signed = html.replace('</body>', () => `<p>${escapeHtml(desk)}</p></body>`)
      return { subject: `[Desk] ${subject}`, text: `${text}\n${desk}\n`, html: signed }
    },
  },
})

// #endregion

export { mailer, worded }
