/** `ccass-2fa/messages`: texts for users, problem details and statuses. */

import type { PasswordRuleCode, Refusal, RefusalCode } from 'ccass-2fa'
import {
  accessReasonText,
  httpStatuses,
  type Locale,
  lineReasonText,
  type Messages,
  messages,
  passwordRuleText,
  preferredLocale,
  problemHeaders,
  refusalText,
  toProblemDetails,
} from 'ccass-2fa/messages'
import type { AccessReason } from 'ccass-2fa/rules'
import { describe, expect, test } from 'vitest'
import { defaultPolicy } from '../../../src/policy/policy.ts'

const locales: readonly Locale[] = ['en', 'zh-Hant', 'zh-Hans']
const at = Date.parse('2023-06-05T09:00:00+08:00')

/** One refusal of each code that carries facts; the other codes without. */
const facts: Readonly<Record<string, object>> = {
  'malformed-input': { field: 'email', problem: 'too long' },
  'malformed-user-id': { problem: 'length' },
  'password-refused': {
    unmet: [
      { code: 'too-short', rule: 'PW-01' },
      { code: 'no-number', rule: 'PW-02' },
    ],
  },
  'policy-invalid': { problems: [{ path: 'password.secretField', problem: 'wrong' }] },
  'timeline-invalid': { problems: [{ path: 'launch', problem: 'wrong' }] },
  'rate-limited': { retryAfterSeconds: 29.2 },
  'too-many-codes': { retryAt: at },
  'too-many-attempts': { retryAt: at },
  'delivery-failed': { retry: true },
  'smartcard-refused': { rule: 'MIG-09', reason: 'locked' },
  'listing-interrupted': { line: 7 },
  'request-not-open': { reason: 'stale' },
  'form-refused': { rule: 'ESV-02', reason: 'not-a-maker' },
  'port-failed': { port: 'secretBox' },
}
const refusals = Object.keys(httpStatuses).map(
  (code) => ({ code, rule: 'API-01', ...facts[code] }) as unknown as Refusal,
)
const keysOf = (group: object) => Object.keys(group).sort()

describe('the texts', () => {
  test.each(locales)(
    'LOCK-11 %s has a text for each code, rule and reason, with the same keys as English',
    (locale) => {
      const { refusals: texts, ...groups } = messages[locale]
      expect(messages[locale].locale).toBe(locale)
      expect(keysOf(texts)).toEqual(keysOf(httpStatuses))
      for (const group of ['passwordRules', 'accessReasons', 'formReasons', 'lineReasons'] as const)
        expect(keysOf(groups[group]), group).toEqual(keysOf(messages.en[group]))
      for (const refusal of refusals) {
        const text = refusalText(refusal, { messages: locale })
        expect(text, refusal.code).toMatch(/[.。]$/)
        expect(text, refusal.code).not.toMatch(/undefined|NaN|\[object|=>/)
      }
    },
  )

  test('LOCK-11 Chinese texts are in Chinese, and simplified ones use no traditional characters', () => {
    for (const refusal of refusals) {
      const [en, hant, hans] = locales.map((locale) => refusalText(refusal, { messages: locale }))
      expect(hant).not.toBe(en)
      expect(hant).toMatch(/\p{Script=Han}/u)
      expect(hans).toMatch(/\p{Script=Han}/u)
      expect(hans).not.toMatch(/[請輸驗證碼帳戶閣權錄關閉開電郵沒應統]/)
    }
  })

  test('LOCK-11 the text of a refused sign-in gives no reason in any language', () => {
    for (const locale of locales)
      expect(refusalText({ code: 'sign-in-refused', rule: 'LOCK-11' }, { messages: locale })).not.toMatch(
        /lock|disabl|unknown|expire|鎖定|停用|锁定|過期|过期/i,
      )
  })

  test('PW-01 the numbers in the texts of password rules are those of the policy', () => {
    const policy = { password: { ...defaultPolicy.password, minimumLength: 20 } }
    expect(passwordRuleText('too-short')).toBe('At least 16 characters')
    expect(passwordRuleText('too-short', { policy, messages: 'zh-Hant' })).toBe('最少 20 個字元')
    expect(passwordRuleText('no-special-character')).toContain('!@#%&*()')
    const refused = refusals.find(({ code }) => code === 'password-refused') as Refusal
    expect(refusalText(refused, { policy })).toBe(
      'The new password does not meet these rules: At least 20 characters; At least 1 number.',
    )
  })

  test('OTP-07 LOCK-14 facts are formatted for the reader’s language', () => {
    const late: Refusal = { code: 'too-many-codes', rule: 'OTP-07', retryAt: at }
    expect(refusalText(late)).toContain('5 June 2023, 09:00:00 (Hong Kong time)')
    expect(refusalText(late, { messages: 'zh-Hans' })).toContain('2023年6月5日 09:00:00（香港时间）')
    const limited: Refusal = { code: 'rate-limited', rule: 'LOCK-14', retryAfterSeconds: 29.2 }
    expect(refusalText(limited)).toContain('30 seconds')
  })

  test('MIG-15 every access reason has a text', () => {
    expect(accessReasonText('backup-centre', { messages: 'zh-Hant' })).toContain('後備中心')
  })

  test('ESV-10 every reason of a refused line has a text in every language', () => {
    expect(lineReasonText('no-accounts-available')).toBe('All accounts of the participant are in use.')
    expect(lineReasonText('no-accounts-available', { messages: 'zh-Hans' })).toContain('账户')
  })

  test('texts can be replaced one by one, and a missing code does not compile', () => {
    const own = {
      ...messages.en,
      refusals: { ...messages.en.refusals, busy: 'Try once more.' },
    } satisfies Messages
    expect(refusalText({ code: 'busy', rule: 'LOCK-09' }, { messages: own })).toBe('Try once more.')
    // @ts-expect-error every code is missing
    const noRefusals: Messages['refusals'] = {}
    // @ts-expect-error every rule but one is missing
    const oneRule: Messages['passwordRules'] = { 'too-short': 'x' }
    // @ts-expect-error every reason is missing
    const noReasons: Messages['accessReasons'] = {}
    // @ts-expect-error a code that the library does not have
    const more: Partial<Record<RefusalCode | PasswordRuleCode | AccessReason, string>> = { 'no-such': 'x' }
    expect([noRefusals, oneRule, noReasons, more]).toHaveLength(4)
  })
})

describe('the problem details', () => {
  test.each(refusals)('LOCK-11 $code is an RFC 9457 problem with its status', (refusal) => {
    const problem = toProblemDetails(refusal, { messages: 'en' })
    expect(problem).toMatchObject({
      type: `urn:ccass-2fa:refusal:${refusal.code}`,
      status: httpStatuses[refusal.code],
      detail: refusalText(refusal),
      code: refusal.code,
    })
    expect(problem.status).toBeGreaterThanOrEqual(400)
    expect(problem.status).toBeLessThanOrEqual(503)
    expect(problem.title).toMatch(/^[A-Z][A-Za-z ]+$/)
  })

  test('LOCK-11 a problem does not contain what only the host may know: port, configuration, reason for a smartcard’s refusal', () => {
    const told = (code: RefusalCode) =>
      JSON.stringify(toProblemDetails(refusals.find((each) => each.code === code) as Refusal))
    expect(told('port-failed')).not.toContain('secretBox')
    expect(told('policy-invalid')).not.toContain('secretField')
    expect(told('timeline-invalid')).not.toContain('launch')
    expect(told('smartcard-refused')).not.toMatch(/locked|MIG-09/)
    const extra = { code: 'sign-in-refused', rule: 'LOCK-11', reason: 'locked' } as Refusal
    expect(JSON.stringify(toProblemDetails(extra))).not.toContain('locked')
  })

  test('PW-05 unmet password rules are listed with their texts in the requested language', () => {
    const refused = refusals.find(({ code }) => code === 'password-refused') as Refusal
    expect(toProblemDetails(refused, { messages: 'zh-Hans' }).unmet).toEqual([
      { code: 'too-short', rule: 'PW-01', detail: '最少 16 个字符' },
      { code: 'no-number', rule: 'PW-02', detail: '最少 1 个数字' },
    ])
  })

  test('LOCK-14 OTP-07 headers say in whole seconds when to retry', () => {
    const headersOf = (code: RefusalCode) =>
      problemHeaders(refusals.find((each) => each.code === code) as Refusal, {
        now: at - 1_500,
        messages: 'zh-Hant',
      })
    expect(headersOf('rate-limited')['retry-after']).toBe('30')
    expect(headersOf('too-many-codes')['retry-after']).toBe('2')
    expect(headersOf('busy')['retry-after']).toBe('1')
    expect(headersOf('sign-in-refused')).toEqual({
      'content-type': 'application/problem+json',
      'content-language': 'zh-Hant',
      'cache-control': 'no-store',
    })
  })

  test('the host can set the URI of a code', () => {
    const problem = toProblemDetails(
      { code: 'busy', rule: 'LOCK-09' },
      { typeOf: (code) => `https://a.example/${code}` },
    )
    expect(problem.type).toBe('https://a.example/busy')
  })
})

test.each([
  ['zh-HK,zh;q=0.9,en;q=0.8', 'zh-Hant'],
  ['zh-TW', 'zh-Hant'],
  ['zh-Hant-HK', 'zh-Hant'],
  ['zh', 'zh-Hans'],
  ['zh-H\u212a', 'zh-Hans'],
  ['zh-Hans-HK', 'zh-Hans'],
  ['fr,de;q=0.5', 'en'],
  ['fr, en;q=0.4, zh-CN;q=0.6', 'zh-Hans'],
  ['zh-HK;q=0, en-GB;q=0.1', 'en'],
  ['zh-HK;q=nonsense', 'zh-Hant'],
  ['', 'en'],
  [undefined, 'en'],
])('a browser that accepts %j gets %s', (header, locale) => {
  expect(preferredLocale(header)).toBe(locale)
})
