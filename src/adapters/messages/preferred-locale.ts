import { asciiLowerCase } from '../../kernel/ascii-case.ts'
import type { Locale } from '../mail/locale.ts'

const localeOf = (tag: string): Locale | undefined => {
  const [language, ...rest] = asciiLowerCase(tag).split('-')
  if (language === 'en') return 'en'
  if (language !== 'zh') return undefined
  if (rest.includes('hans')) return 'zh-Hans'
  const isTraditional = rest.some((part) => ['hant', 'hk', 'mo', 'tw'].includes(part))
  return isTraditional ? 'zh-Hant' : 'zh-Hans'
}

/**
 * Chooses the language of {@link messages} that best matches an `Accept-Language` header. `zh-HK`, `zh-MO`
 * and `zh-TW` mean traditional characters, any other Chinese simplified ones.
 *
 * @param header - the header's value. At most 1,000 characters of it are read.
 * @param fallback - the language if none matches. Default: English.
 * @category Messages
 */
export const preferredLocale = (header: string | null | undefined, fallback: Locale = 'en'): Locale => {
  const wanted = (header ?? '')
    .slice(0, 1_000)
    .split(',')
    .flatMap((part) => {
      const [tag = '', ...parameters] = part.trim().split(';')
      const quality = parameters.map((each) => /^\s*q=([\d.]+)\s*$/.exec(each)?.[1]).find(Boolean)
      const weight = quality === undefined ? 1 : Number(quality)
      const locale = localeOf(tag.trim())
      return locale === undefined || !(weight > 0) ? [] : [{ locale, weight }]
    })
  const best = wanted.reduce<(typeof wanted)[number] | undefined>(
    (found, each) => (found === undefined || each.weight > found.weight ? each : found),
    undefined,
  )
  return best?.locale ?? fallback
}
