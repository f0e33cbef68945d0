/** Every mail in every language, as a mail program shows it. */
import { type Locale, type Locales, smtpMailer } from 'ccass-2fa/smtp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { duration, hongKongTime } from '../../../src/adapters/mail/locale.ts'
import type { Mail } from '../../../src/ports/mailer.ts'
import { changedMail, codeMail, credentialChanges, everyMail, secretCode } from '../../support/mails.ts'
import { type TestMailServer, testMailServer } from '../../support/test-mail-server.ts'

const languages: readonly Locales[] = [
  ['en'],
  ['zh-Hant'],
  ['zh-Hans'],
  ['en', 'zh-Hant'],
  ['zh-Hant', 'zh-Hans', 'en'],
]

let mailServer: TestMailServer
let mailer: ReturnType<typeof smtpMailer>
let wanted: Locales = ['en']

beforeAll(async () => {
  mailServer = await testMailServer()
  mailer = smtpMailer({
    host: '127.0.0.1',
    port: mailServer.port,
    tls: 'none',
    from: { name: '中央結算系統 "CCASS", CCMS', address: 'no-reply@participant.example' },
    replyTo: 'help@participant.example',
    returnPath: 'bounces@participant.example',
    locales: async () => wanted,
  })
})
afterAll(async () => {
  await mailer.close()
  await mailServer.close()
})

const arrived = async (mail: Mail, locales: Locales, id?: string) => {
  wanted = locales
  expect(await mailer.send(mail, id)).toBe('delivered')
  const taken = mailServer.taken.at(-1)
  if (taken === undefined) throw new Error('nothing arrived')
  const { text = '', html, subject = '' } = taken.mail
  return { ...taken, subject, text, html: String(html) }
}

/** Characters that occur in only one of the two scripts (traditional and simplified). */
const only = { 'zh-Hant': /[帳戶碼錄請鎖標]/u, 'zh-Hans': /[账户码录请锁标]/u }
const sayingOf: Readonly<Record<Locale, string>> = {
  en: 'Hong Kong time',
  'zh-Hant': '香港時間',
  'zh-Hans': '香港时间',
}

/** The text that a mail must contain in each language. */
const factsOf = (mail: Mail): readonly string[] =>
  mail.type === 'eservice'
    ? [mail.reference, mail.form, mail.participant, mail.status, mail.processedBy]
    : [mail.userId, ...(mail.type === 'code' ? [mail.code] : [])]

const visible = (html: string) => html.replace(/<[^>]*>/g, ' ')

describe.each(everyMail)('LOCK-11 OTP-06 ESV-08 ACC-17 · %s', (_, mail) => {
  test.each(languages.map((locales) => [locales.join(' + '), locales] as const))(
    'the mail is worded in %s',
    async (__, locales) => {
      const { subject, text, html, raw, from, to, mail: parsed } = await arrived(mail, locales)
      expect([from, to]).toEqual(['bounces@participant.example', [mail.to]])
      expect(parsed.from?.value).toEqual([
        { name: '中央結算系統 "CCASS", CCMS', address: 'no-reply@participant.example' },
      ])
      expect(parsed.replyTo?.value).toEqual([{ name: '', address: 'help@participant.example' }])
      expect([parsed.to].flat().flatMap((each) => each?.value)).toEqual([{ name: '', address: mail.to }])
      expect([parsed.cc, parsed.bcc, parsed.attachments]).toEqual([undefined, undefined, []])
      expect(parsed.headers.get('auto-submitted')).toBe('auto-generated')
      expect(parsed.headers.get('content-language')).toBe(locales.join(', '))
      // The transmitted mail is ASCII, with lines that every server accepts.
      expect(raw).toMatch(/^[\t\r\n -~]*$/)
      expect(Math.max(...raw.split('\r\n').map(({ length }) => length))).toBeLessThanOrEqual(998)

      for (const body of [text, visible(html)]) {
        for (const fact of factsOf(mail))
          expect(body.split(fact).length - 1).toBeGreaterThanOrEqual(locales.length)
        for (const locale of locales) {
          if (mail.type === 'code') expect(body).toContain(duration(mail.validSeconds, locale))
          else expect(body).toContain(hongKongTime(mail.at, locale))
        }
      }
      for (const locale of ['en', 'zh-Hant', 'zh-Hans'] as const) {
        expect(html.includes(`<section lang="${locale}">`)).toBe(locales.includes(locale))
        if (mail.type !== 'code') expect(text.includes(sayingOf[locale])).toBe(locales.includes(locale))
        if (locale === 'en') continue
        // The two scripts are not mixed.
        if (locales.includes(locale)) expect(text).toMatch(only[locale])
        else
          expect(text + html + subject).not.toMatch(
            only[locale].source === only['zh-Hant'].source ? /[帳碼錄請鎖標]/u : /[账码录请锁标]/u,
          )
      }
      expect(subject.length).toBeGreaterThan(10)
      if (mail.type === 'eservice') expect(subject).toContain(mail.reference)
      // Phones show subjects while they are locked.
      expect(subject).not.toContain(secretCode)
      // There are no links and no remote content.
      expect(text + html).not.toMatch(
        /https?:|www\.|mailto:|href|src=|url\(|<(?:a|img|link|script|style|iframe|form|input)\b/i,
      )
    },
  )
})

test('ACC-17 · each change has its own wording in each language', async () => {
  for (const locale of ['en', 'zh-Hant', 'zh-Hans'] as const) {
    const openings = new Set<string>()
    for (const change of credentialChanges)
      openings.add((await arrived(changedMail(change), [locale])).text.split('\n')[0] ?? '')
    expect(openings.size).toBe(credentialChanges.length)
  }
})

test('ESV-08 · in Chinese, a known status of a form is translated, and the English that Client Connect shows follows', async () => {
  const form = everyMail.map(([, mail]) => mail).find((mail) => mail.type === 'eservice') ?? expect.fail()
  for (const [locale, status, shown] of [
    ['zh-Hant', 'Draft', '草稿（Draft）'],
    ['zh-Hant', 'Ready to Send to HKEX', '待送交香港交易所（Ready to Send to HKEX）'],
    ['zh-Hans', 'Sent to HKEX', '已送交香港交易所（Sent to HKEX）'],
    ['zh-Hans', 'Completed', '已完成（Completed）'],
    ['zh-Hans', 'Discarded', '已舍弃（Discarded）'],
    ['zh-Hant', 'Discarded', '已捨棄（Discarded）'],
    ['zh-Hant', 'toString', 'toString'],
    ['en', 'Completed', 'Completed'],
  ] as const) {
    const { text } = await arrived({ ...form, status }, [locale])
    expect(text).toMatch(new RegExp(`(Status|狀態|状态).*${shown}$`, 'm'))
  }
})

test('OTP-06 · the mail of a code says what it is for, how long it is valid, and that no one will ask for it', async () => {
  for (const [locales, sayings] of [
    [['en'], ['to sign in', '5 minutes', 'No one at HKEX', 'ever asks you for this code']],
    [['zh-Hant'], ['登錄', '5 分鐘', '香港交易所', '不會向閣下索取此密碼']],
    [['zh-Hans'], ['登录', '5 分钟', '香港交易所', '不会向您索取此密码']],
  ] as const) {
    const { text, html } = await arrived(codeMail(), locales)
    for (const saying of sayings) for (const body of [text, html]) expect(body).toContain(saying)
  }
})

test('a notice keeps its Message-ID at each attempt, each notice has its own, and each mail of a code has a new one', async () => {
  const idOf = async (mail: Mail, id?: string) => (await arrived(mail, ['en'], id)).mail.messageId
  const [first, second] = [await idOf(changedMail(), 'act-0'), await idOf(changedMail(), 'act-0')]
  expect(first).toBe(second)
  expect(first).toMatch(/^<notice\.[0-9a-f]{40}@participant\.example>$/)
  expect(first).not.toContain('act-0')
  expect(await idOf(changedMail(), 'act-1')).not.toBe(first)
  // Without a key, the Message-ID is derived from the contents.
  expect(await idOf(changedMail())).toBe(await idOf(changedMail()))
  expect(await idOf(changedMail())).not.toBe(await idOf(changedMail('channel-set')))
  expect(await idOf(codeMail(), 'same')).not.toBe(await idOf(codeMail(), 'same'))
})

test('times are shown in Hong Kong time on every host, and durations in whole minutes where exact', () => {
  const at = Date.UTC(2023, 11, 31, 16, 0, 5)
  expect(hongKongTime(at, 'en')).toBe('1 January 2024, 00:00:05 (Hong Kong time)')
  expect(hongKongTime(at, 'zh-Hant')).toBe('2024年1月1日 00:00:05（香港時間）')
  expect(hongKongTime(at, 'zh-Hans')).toBe('2024年1月1日 00:00:05（香港时间）')
  for (const never of [Number.NaN, Number.POSITIVE_INFINITY, 8.64e15, -9e15])
    expect(hongKongTime(never, 'en')).toBe('–')
  expect([60, 90, 300, 1, 59].map((seconds) => duration(seconds, 'en'))).toEqual([
    '1 minute',
    '90 seconds',
    '5 minutes',
    '1 second',
    '59 seconds',
  ])
  expect([60, 90].map((seconds) => duration(seconds, 'zh-Hant'))).toEqual(['1 分鐘', '90 秒'])
})
