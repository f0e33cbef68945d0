import { type DeliveryFailure, type SmtpMailer, smtpMailer } from 'ccass-2fa/smtp'
import type { Settings } from './settings.ts'

/**
 * Creates a mailer for `smtp://user:password@host:port`, which requires STARTTLS. `smtps:` is encrypted from
 * the first byte.
 */
export const mailBySmtp = (
  { url, from }: NonNullable<Settings['smtp']>,
  onFailure: (failure: DeliveryFailure) => void,
): SmtpMailer => {
  const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)]
  return smtpMailer({
    host: url.hostname,
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    tls: url.protocol === 'smtps:' ? 'implicit' : 'starttls',
    ...(user === '' ? {} : { credentials: { user, password } }),
    from,
    locales: ['en', 'zh-Hant'],
    // The failure contains neither the mail nor its recipient.
    onDeliveryFailure: onFailure,
  })
}
