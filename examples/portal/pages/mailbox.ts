import type { Mail } from 'ccass-2fa'
import { Hono } from 'hono'
import { html } from 'hono/html'
import { type Env, page, table } from '../web/portal.ts'

const about = (mail: Mail): string => {
  switch (mail.type) {
    case 'code':
      return `${mail.userId} · ${mail.purpose}`
    case 'account-locked':
      return `${mail.userId} · locked`
    case 'enrolment-blocked':
      return `${mail.userId} · ${mail.purpose} blocked`
    case 'credential-changed':
      return `${mail.userId} · ${mail.change}`
    case 'eservice':
      return `${mail.reference} · ${mail.status} · ${mail.notification}`
  }
}

/** For development only: every mail that was sent, newest first, including codes. */
export const mailboxPages = () =>
  new Hono<Env>().get('/', (c) =>
    page(c, {
      title: 'mailbox',
      wide: true,
      body: html`<p><a href="/mailbox">${c.var.say('refresh')}</a></p>${table(
        c,
        'mailbox',
        [c.var.say('to'), c.var.say('subject'), c.var.say('code')],
        c.var.portal.mailer.mails
          .slice(-100)
          .reverse()
          .map((mail) => [mail.to, about(mail), mail.type === 'code' ? html`<code>${mail.code}</code>` : '']),
      )}`,
    }),
  )
