import type { EserviceStatus } from '../../eservices/model/state.ts'
import type { Locale } from './locale.ts'

/** The statuses in traditional and simplified Chinese. */
const chinese: Readonly<Record<EserviceStatus, Readonly<Record<Exclude<Locale, 'en'>, string>>>> = {
  Draft: { 'zh-Hant': '草稿', 'zh-Hans': '草稿' },
  'Ready to Send to HKEX': { 'zh-Hant': '待送交香港交易所', 'zh-Hans': '待送交香港交易所' },
  'Sent to HKEX': { 'zh-Hant': '已送交香港交易所', 'zh-Hans': '已送交香港交易所' },
  Completed: { 'zh-Hant': '已完成', 'zh-Hans': '已完成' },
  Discarded: { 'zh-Hant': '已捨棄', 'zh-Hans': '已舍弃' },
}

const isStatus = (status: string): status is EserviceStatus => Object.hasOwn(chinese, status)

/**
 * A status of an eService in Chinese, followed by the English that Client Connect shows. A status that the
 * library does not know stays as it is.
 *
 * @rule ESV-08
 */
export const eserviceStatus = (status: string, locale: Exclude<Locale, 'en'>): string =>
  isStatus(status) ? `${chinese[status][locale]}（${status}）` : status
