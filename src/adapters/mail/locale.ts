import { TZDate } from '@date-fns/tz'
import { format } from 'date-fns/format'

/**
 * A language that mails are worded in: English, or Chinese in traditional or simplified characters (BCP 47).
 *
 * @category Adapters
 */
export type Locale = 'en' | 'zh-Hant' | 'zh-Hans'

/**
 * One language or several: the mail then says everything in each, in this order.
 *
 * @category Adapters
 */
export type Locales = readonly [Locale, ...Locale[]]

/**
 * Every language that there is a wording for.
 *
 * @category Adapters
 */
export const supportedLocales = ['en', 'zh-Hant', 'zh-Hans'] as const satisfies Locales

/** Whether something is a list of languages that mails can be worded in, none of them twice. */
export const isLocales = (value: unknown): value is Locales =>
  Array.isArray(value) &&
  value.length > 0 &&
  new Set(value).size === value.length &&
  value.every((each) => (supportedLocales as readonly unknown[]).includes(each))

/** ECMAScript's time range, less a day: beyond it no time in Hong Kong can be told. */
const farthest = 8.64e15 - 86_400_000

/**
 * An instant as a reader in Hong Kong reads it, wherever the host stands; seconds included, so that it can be
 * found in a log.
 *
 * @param at - epoch milliseconds.
 * @category Adapters
 */
export const hongKongTime = (at: number, locale: Locale): string => {
  if (!Number.isFinite(at) || Math.abs(at) > farthest) return '–'
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

/** This many seconds in words: whole minutes where they are, seconds otherwise. */
export const duration = (seconds: number, locale: Locale): string => {
  const whole = seconds >= 60 && seconds % 60 === 0
  const n = whole ? seconds / 60 : seconds
  const [one, many] = units[locale][whole ? 'minutes' : 'seconds']
  return `${n}${n === 1 ? one : many}`
}
