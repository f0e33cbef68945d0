import type { AccessReason } from '../../access-control/access-table.ts'
import type { LineRefusalReason } from '../../eservices/model/refusal-reason.ts'
import type { PasswordRuleCode } from '../../password/refusals.ts'
import { defaultPolicy, type Policy } from '../../policy/policy.ts'
import type { Refusal } from '../../refusals.ts'
import { duration, hongKongTime, type Locale } from '../mail/locale.ts'
import { english } from './english.ts'
import { simplifiedChinese } from './simplified-chinese.ts'
import { traditionalChinese } from './traditional-chinese.ts'
import type { MessageFormatters, Messages } from './wording.ts'

/**
 * The texts in each language. To replace some of them, copy: `{ ...messages.en, refusals: {
 * ...messages.en.refusals, busy: '…' } }`.
 *
 * @category Messages
 */
export const messages: Readonly<Record<Locale, Messages>> = {
  en: english,
  'zh-Hant': traditionalChinese,
  'zh-Hans': simplifiedChinese,
}

/**
 * The language, texts and policy for a message.
 *
 * @category Messages
 */
export interface MessageOptions {
  /** A language of {@link messages}, or your own texts. Default: English. */
  readonly messages?: Locale | Messages | undefined
  /** The policy in force, for the numbers in password rules. Default: the default policy. */
  readonly policy?: Pick<Policy, 'password'> | undefined
}

/** The texts that the options select. */
export const textsOf = (given: MessageOptions['messages'] = 'en'): Messages =>
  typeof given === 'string' ? messages[given] : given

/**
 * Returns the text of a password rule, such as `At least 16 characters`.
 *
 * @category Messages
 * @rule PW-01
 */
export const passwordRuleText = (code: PasswordRuleCode, options: MessageOptions = {}): string => {
  const text = textsOf(options.messages).passwordRules[code]
  return typeof text === 'string' ? text : text((options.policy ?? defaultPolicy).password)
}

/**
 * Returns the text that explains why a sign-in method is allowed or denied.
 *
 * @category Messages
 * @rule MIG-15
 */
export const accessReasonText = (reason: AccessReason, options: MessageOptions = {}): string =>
  textsOf(options.messages).accessReasons[reason]

/**
 * Returns the text that explains why HKEX refused a line of an eService form.
 *
 * @category Messages
 * @rule ESV-10
 */
export const lineReasonText = (reason: LineRefusalReason, options: MessageOptions = {}): string =>
  textsOf(options.messages).lineReasons[reason]

const wordsOf = (options: MessageOptions): MessageFormatters => {
  const texts = textsOf(options.messages)
  const formReasons: Readonly<Record<string, string>> = texts.formReasons
  return {
    time: (at) => hongKongTime(at, texts.locale),
    duration: (seconds) => duration(Math.max(1, Math.ceil(seconds)), texts.locale),
    passwordRule: (code) => passwordRuleText(code, options),
    formReason: (reason) => formReasons[reason] ?? texts.formReasons['wrong-status'],
  }
}

/**
 * Returns the text of a refusal for the user, with its facts. It says no more than the refusal does.
 *
 * @param options - the language or texts, and the policy.
 * @param words - how facts are formatted. Default: as usual in the language.
 * @example
 * ```ts
 * refusalText({ code: 'busy', rule: 'LOCK-09' }, { messages: 'zh-Hant' }) // 系統繁忙，請再試。
 * ```
 * @category Messages
 * @rule LOCK-11
 */
export const refusalText = (
  refusal: Refusal,
  options: MessageOptions = {},
  words: MessageFormatters = wordsOf(options),
): string => {
  const text = textsOf(options.messages).refusals[refusal.code]
  // The function was looked up by the code of this refusal, so it accepts this refusal.
  return typeof text === 'string'
    ? text
    : (text as (refusal: Refusal, words: MessageFormatters) => string)(refusal, words)
}
