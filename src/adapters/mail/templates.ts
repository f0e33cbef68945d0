import type { Mail } from '../../ports/mailer.ts'
import { english } from './english.ts'
import { type MailText, renderMail } from './layout.ts'
import type { Locale, Locales } from './locale.ts'
import type { MailOf, Wording } from './mail-content.ts'
import { simplifiedChinese } from './simplified-chinese.ts'
import { traditionalChinese } from './traditional-chinese.ts'

/**
 * What words the mails of one type, in one language or in several.
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
 * The wording that mails have unless a host replaces it: in each language asked for, one below the other.
 * Codes are in the body alone; there is no link, and nothing that is fetched.
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
