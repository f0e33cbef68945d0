import { TZDate } from '@date-fns/tz'
import { format } from 'date-fns/format'
import { isOneOf } from '../../kernel/membership.ts'

/**
 * A language of mails: English, or Chinese in traditional or simplified characters (BCP 47).
 *
 * @rule ACC-17
 * @category Adapters
 */
export type Locale = 'en' | 'zh-Hant' | 'zh-Hans'

/**
 * One or several languages. A mail repeats everything in each of them, in this order.
 *
 * @category Adapters
 */
export type Locales = readonly [Locale, ...Locale[]]

/**
 * All supported languages.
 *
 * @category Adapters
 */
export const supportedLocales = ['en', 'zh-Hant', 'zh-Hans'] as const satisfies Locales

/** Whether a value is a list of supported languages without duplicates. */
export const isLocales = (value: unknown): value is Locales =>
  Array.isArray(value) &&
  value.length > 0 &&
  new Set(value).size === value.length &&
  value.every(isOneOf(supportedLocales))

/** ECMAScript's time range, less a day. Beyond it, Hong Kong time cannot be computed. */
const latestInstant = 8.64e15 - 86_400_000

/**
 * Formats an instant in Hong Kong time, regardless of the host's time zone. It includes seconds, so that the
 * instant can be found in a log.
 *
 * @param at - epoch milliseconds.
 * @category Adapters
 */
export const hongKongTime = (at: number, locale: Locale): string => {
  if (!Number.isFinite(at) || Math.abs(at) > latestInstant) return '–'
  const there = new TZDate(at, 'Asia/Hong_Kong')
  switch (locale) {
    case 'en':
      return `${format(there, 'd MMMM yyyy, HH:mm:ss')} (Hong Kong time)`
    case 'zh-Hant':
      return `${format(there, 'yyyy年M月d日 HH:mm:ss')}（香港時間）`
    case 'zh-Hans':
      return `${format(there, 'yyyy年M月d日 HH:mm:ss')}（香港时间）`
  }
}

const units = {
  en: { minutes: [' minute', ' minutes'], seconds: [' second', ' seconds'] },
  'zh-Hant': { minutes: [' 分鐘', ' 分鐘'], seconds: [' 秒', ' 秒'] },
  'zh-Hans': { minutes: [' 分钟', ' 分钟'], seconds: [' 秒', ' 秒'] },
} as const

/** Formats a number of seconds: as minutes if they are whole, otherwise as seconds. */
export const duration = (seconds: number, locale: Locale): string => {
  const whole = seconds >= 60 && seconds % 60 === 0
  const n = whole ? seconds / 60 : seconds
  const [one, many] = units[locale][whole ? 'minutes' : 'seconds']
  return `${n}${n === 1 ? one : many}`
}
