import type { Mail } from '../../ports/mailer.ts'
import { english } from './english.ts'
import type { Locale, Locales } from './locale.ts'
import type { MailOf, Wording } from './mail-content.ts'
import { type MailText, renderMail } from './render-mail.ts'
import { simplifiedChinese } from './simplified-chinese.ts'
import { traditionalChinese } from './traditional-chinese.ts'

/**
 * Provides the text of one type of mail, in one or several languages.
 *
 * @category Adapters
 */
export type MailTemplate<Type extends Mail['type']> = (
  mail: MailOf<Type>,
  locales: Locales,
) => MailText | Promise<MailText>

/**
 * A template for every type of mail.
 *
 * @category Adapters
 */
export type MailTemplates = { readonly [Type in Mail['type']]: MailTemplate<Type> }

const wordings: Readonly<Record<Locale, Wording>> = {
  en: english,
  'zh-Hant': traditionalChinese,
  'zh-Hans': simplifiedChinese,
}

const template =
  <Type extends Mail['type']>(type: Type) =>
  (mail: MailOf<Type>, locales: Locales): MailText =>
    renderMail(locales.map((locale) => wordings[locale][type](mail)))

/**
 * The default wording of all mails, in each requested language, one below the other. Codes occur only in the
 * body. There is no link, and nothing is loaded.
 *
 * @rule OTP-06
 * @rule LOCK-11
 * @rule ACC-17
 * @rule ESV-08
 * @category Adapters
 */
export const defaultTemplates: MailTemplates = {
  code: template('code'),
  'account-locked': template('account-locked'),
  'enrolment-blocked': template('enrolment-blocked'),
  'credential-changed': template('credential-changed'),
  eservice: template('eservice'),
}
