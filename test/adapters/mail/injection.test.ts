/** Any content of a mail's fields: one recipient, the intended headers, and no markup. */
import { domainToASCII } from 'node:url'
import { smtpMailer } from 'ccass-2fa/smtp'
import fc from 'fast-check'
import { simpleParser } from 'mailparser'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { senderOf, wireAddress } from '../../../src/adapters/mail/address.ts'
import { messageOf } from '../../../src/adapters/mail/message.ts'
import { renderMail } from '../../../src/adapters/mail/render-mail.ts'
import { defaultTemplates } from '../../../src/adapters/mail/templates.ts'
import { isPrintable } from '../../../src/fields/text.ts'
import { branches } from '../../support/branches.ts'
import { codeMail, eserviceMail, lockedMail } from '../../support/mails.ts'
import { type TestMailServer, testMailServer } from '../../support/test-mail-server.ts'

/** Fragments of attacks. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...[
          '\r\n',
          '\n',
          '\r',
          '\0',
          ',',
          ';',
          ' ',
          '\t',
          '<',
          '>',
          '"',
          "'",
          '\\',
          '(',
          ')',
          '[',
          ']',
          ':',
          '@',
          '.',
          '..',
          '=',
          '?',
        ],
        ...[
          'Bcc: evil@evil.example',
          '\r\nRCPT TO:<evil@evil.example>',
          '=?UTF-8?Q?=0D=0A?=',
          'evil@evil.example',
          '\r\n.\r\n',
          'holder@participant.example',
        ],
        ...[
          '<script>alert(1)</script>',
          '<img src=x onerror=y>',
          '&lt;',
          '&#13;&#10;',
          '\u2028',
          '\u0085',
          '\u202e',
          '。',
          '＠',
          '，',
          '名字',
          'ü',
          'xn--',
          'SIZE=1',
          '${',
          '%0d%0a',
        ],
      ),
      fc.string({ maxLength: 6 }),
      fc.string({ unit: 'grapheme', maxLength: 3 }),
    ),
    { maxLength: 8 },
  )
  .map((pieces) => pieces.join(''))
const hostileAddress = fc.oneof(
  hostile,
  fc
    .tuple(hostile, fc.constantFrom('@participant.example', '@例子.example', '@'))
    .map((parts) => parts.join('')),
  fc.tuple(hostile, hostile).map(([local, domain]) => `${local}@${domain}`),
  fc.emailAddress(),
)

const strict = /^[\p{L}\p{M}\p{Nd}!#$%&'*+/=?^_`{|}~.-]{1,64}@[a-z0-9.-]{1,253}$/u

let mailServer: TestMailServer
let mailer: ReturnType<typeof smtpMailer>
beforeAll(async () => {
  mailServer = await testMailServer()
  mailer = smtpMailer({
    host: '127.0.0.1',
    port: mailServer.port,
    tls: 'none',
    from: 'no-reply@participant.example',
  })
})
afterAll(async () => {
  await mailer.close()
  await mailServer.close()
})

describe('a mail is sent to exactly one address or not at all', () => {
  test.each([
    'holder@participant.example',
    "o'brien+ccass@sub.participant.example",
    '#!$%&*/=?^_`{|}~-@x.example',
  ])('%s is used unchanged', (address) => {
    expect(wireAddress(address)).toBe(address)
  })

  test.each([
    ['holder@例子.example', 'holder@xn--fsqu00a.example'],
    ['holder@BÜRO.Example', 'holder@xn--bro-hoa.example'],
    ['Holder@Participant.Example', 'Holder@participant.example'],
  ])('an internationalised or capitalised domain is converted: %s → %s', (address, wire) => {
    expect(wireAddress(address)).toBe(wire)
  })

  test.each([
    ['two', 'a@x.example,b@x.example'],
    ['two, by a semicolon', 'a@x.example;b@x.example'],
    ['two, by a blank', 'a@x.example b@x.example'],
    ['a line break', 'a@x.example\r\nBcc: b@x.example'],
    ['a line feed at the end', 'a@x.example\n'],
    ['a blank around it', ' a@x.example'],
    ['a display name', 'A <a@x.example>'],
    ['brackets', '<a@x.example>'],
    ['a quoted local part', '"a b"@x.example'],
    ['a quoted address before another', '"a@x.example"@evil.example'],
    ['a comment', 'a(b)@x.example'],
    ['a route', '@evil.example:a@x.example'],
    ['a percent-hack is one address, two @ are not', 'a@b@x.example'],
    ['an IP address', 'a@127.0.0.1'],
    ['an IP address, in full-width digits', 'a@１２７.0.0.1'],
    ['an address literal', 'a@[127.0.0.1]'],
    ['a port', 'a@x.example:25'],
    ['a local part of symbols', '☃@x.example'],
    ['a domain of one label', 'a@localhost'],
    ['a full-width @', 'a＠x.example'],
    ['an ideographic full stop', 'a@x。example'],
    ['dots that lead, trail or meet', '.a@x.example'],
    ['two dots', 'a..b@x.example'],
    ['no domain', 'a@'],
    ['no local part', '@x.example'],
    ['a NUL', 'a\0@x.example'],
    ['a label that is too long', `a@${'x'.repeat(64)}.example`],
    ['a local part that is too long', `${'a'.repeat(65)}@x.example`],
    ['nothing', ''],
  ])('no mail is sent to an address with %s', async (_, address) => {
    expect(wireAddress(address)).toBeUndefined()
    const before = mailServer.connections()
    for (const mail of [lockedMail({ to: address }), codeMail({ to: address })])
      expect(await mailer.send(mail)).toBe('refused')
    expect(mailServer.connections()).toBe(before)
  })

  test('any input gives exactly one address or none', () => {
    const seen = branches('an address', 'none')
    fc.assert(
      fc.property(hostileAddress, (address) => {
        const wire = wireAddress(address)
        seen.either('none', 'an address', wire === undefined)
        if (wire === undefined) return
        expect(wire).toMatch(strict)
        expect(wire.split('@')).toHaveLength(2)
        // The local part is the recipient's own: no character of it is changed.
        expect(address.normalize('NFC').startsWith(wire.slice(0, wire.indexOf('@') + 1))).toBe(true)
        expect(wireAddress(wire)).toBe(wire)
      }),
      { numRuns: 2_000 },
    )
    seen.expectAll()
    for (const nothing of [undefined, null, 1, {}, ['a@x.example']])
      expect(wireAddress(nothing)).toBeUndefined()
  })

  test('any input gives the server one recipient, in the envelope and in the header', async () => {
    const seen = branches('refused', 'delivered')
    await fc.assert(
      fc.asyncProperty(hostileAddress, async (to) => {
        const before = mailServer.taken.length
        const outcome = await mailer.send(lockedMail({ to }))
        const [taken, ...more] = mailServer.taken.slice(before)
        expect(more).toEqual([])
        if (seen.either('refused', 'delivered', outcome === 'refused')) {
          expect(taken).toBeUndefined()
          return
        }
        expect(outcome).toBe('delivered')
        expect(taken?.to).toHaveLength(1)
        const [head = ''] = Buffer.from(taken?.raw ?? '', 'latin1')
          .toString()
          .split('\r\n\r\n')
        const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')
        // If the local part is not ASCII, the header can show the domain in its own script too.
        const [readers = '', ...others] = lines.filter((line) => /^(?:to|cc|bcc):/i.test(line))
        expect(others).toEqual([])
        const [local = '', domain = ''] = readers.split('@')
        expect(`${local}@${domainToASCII(domain)}`).toBe(`To: ${wireAddress(to)}`)
      }),
      { numRuns: 60, examples: [['一@participant.example'], ['À@例子.example'], ['a@例子.example']] },
    )
    seen.expectAll()
  })
})

describe('the sender address is checked at construction', () => {
  const options = { host: 'mail.participant.example', from: 'no-reply@participant.example' }

  test.each([
    ['from', { from: 'no address' }],
    ['from', { from: 'A <a@x.example>' }],
    ['from', { from: { name: 'A\r\nBcc: evil@evil.example', address: 'a@x.example' } }],
    ['from', { from: { name: 'A\u202e', address: 'a@x.example' } }],
    ['from', { from: { name: 'A', address: 'a@x.example,b@x.example' } }],
    ['replyTo', { replyTo: '' }],
    ['returnPath', { returnPath: 'a@x.example>\r\nRCPT TO:<evil@evil.example' }],
    ['host', { host: 'a b' }],
    ['port', { port: 0 }],
    ['port', { port: 65_536 }],
    ['tls', { tls: 'maybe' as never }],
    ['clientName', { clientName: 'a\r\nMAIL' }],
    ['locales', { locales: [] as never }],
    ['locales', { locales: ['en', 'en'] as never }],
    ['locales', { locales: ['de'] as never }],
    ['connections', { connections: 0 }],
    ['timeouts.total', { timeouts: { total: 0.5 } }],
    ['credentials', { credentials: { user: 'u', password: 'hush\0' } }],
  ])('%s', (name, wrong) => {
    const make = () => smtpMailer({ ...options, ...wrong })
    expect(make).toThrow(new RegExp(`^${name}: `))
    expect(make).not.toThrow(/hush/)
  })

  test('a sender name in any script is shown unchanged', async () => {
    const seen = branches('ASCII', 'another script', 'no name')
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 60 }), async (name) => {
        fc.pre(isPrintable(name) && name.length <= 128 && name === name.trim() && !/\s\s/.test(name))
        seen.either('no name', /^[ -~]+$/.test(name) ? 'ASCII' : 'another script', name === '')
        const from = senderOf('from', { name, address: 'no-reply@participant.example' })
        const { value } = (await simpleParser(await message({ from }))).from ?? { value: [] }
        expect(value).toEqual([{ name, address: 'no-reply@participant.example' }])
      }),
      { examples: [['CHAN Tai Man'], ['陳大文'], ['']] },
    )
    seen.expectAll()
  })
})

const message = (parts: Partial<Parameters<typeof messageOf>[0]> = {}) =>
  messageOf({
    from: { name: '', address: 'no-reply@participant.example' },
    replyTo: undefined,
    to: 'holder@participant.example',
    messageId: '<id@participant.example>',
    locales: ['en'],
    subject: 's',
    text: 't',
    html: '<p>h</p>',
    ...parts,
  })

const expectedHeaders = [
  ...['from', 'to', 'subject', 'message-id', 'date', 'mime-version', 'content-type'],
  ...['auto-submitted', 'x-auto-response-suppress', 'content-language'],
].sort()

describe('fields are inserted as text and never as headers or markup', () => {
  test('any content of a form’s fields is text', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, hostile, hostile, async (reference, status, processedBy) => {
        const mail = eserviceMail({ reference, status, processedBy, form: status, participant: reference })
        const words = await defaultTemplates.eservice(mail, ['en', 'zh-Hant'])
        expect(words.subject).not.toMatch(/[\p{Cc}\u2028\u2029]/u)
        // The only tags are those of the layout.
        const tags = new Set([...words.html.matchAll(/<(\/?[a-z!][a-z]*)/gi)].map(([, tag]) => tag))
        const bare = await defaultTemplates.eservice(eserviceMail(), ['en', 'zh-Hant'])
        expect(tags).toEqual(new Set([...bare.html.matchAll(/<(\/?[a-z!][a-z]*)/gi)].map(([, tag]) => tag)))
        const parsed = await simpleParser(await message(words))
        expect([...parsed.headers.keys()].sort()).toEqual(expectedHeaders)
        expect(parsed.attachments).toEqual([])
        expect([parsed.to].flat().flatMap((each) => each?.value)).toHaveLength(1)
      }),
    )
  })

  test('any output of a host’s own template is text', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, hostile, hostile, async (subject, text, html) => {
        const parsed = await simpleParser(await message({ subject, text, html }))
        // An empty subject is left out; an empty body leaves one part instead of two.
        const beside = [...parsed.headers.keys()].filter((name) => !expectedHeaders.includes(name))
        expect(beside.filter((name) => name !== 'content-transfer-encoding')).toEqual([])
        expect(parsed.attachments).toEqual([])
      }),
    )
  })

  test('a body that looks like SMTP is sent as a body', async () => {
    const smuggled = ['\r\n.\r\n', '\n.\n', '\r.\r', '\n.\r\n', '\r\n.\n', '\r\n.\r'].map(
      (end) => `a${end}MAIL FROM:<evil@evil.example>\r\nRCPT TO:<evil@evil.example>\r\nDATA\r\nb${end}`,
    )
    const sly = smtpMailer({
      host: '127.0.0.1',
      port: mailServer.port,
      tls: 'none',
      from: 'no-reply@participant.example',
      templates: {
        'account-locked': () => ({ subject: 's', text: smuggled.join(''), html: smuggled.join('') }),
      },
    })
    const before = mailServer.taken.length
    expect(await sly.send(lockedMail())).toBe('delivered')
    expect(await sly.send(codeMail())).toBe('delivered')
    await sly.close()
    const taken = mailServer.taken.slice(before)
    expect(taken.map(({ to }) => to)).toEqual([
      ['holder@participant.example'],
      ['holder@participant.example'],
    ])
    expect(taken[0]?.mail.text?.match(/MAIL FROM/g)).toHaveLength(smuggled.length)
  })
})

test.each(['\u001B', '\u061C', '\u034F', '\u200D', '\u3164', '\u{E0041}', '\uFE0F', '\r\n'])(
  'LOCK-11 · what a mail reports has no invisible character, and neither has its subject: %j',
  (character) => {
    const odd = `a${character}b`
    const content = {
      locale: 'en',
      subject: odd,
      opening: 'Your account',
      facts: [['User ID', odd]],
    } as const
    const { subject, text, html } = renderMail([{ ...content, closing: [] }])
    expect(subject).toBe('a b')
    expect(text).toContain('User ID: a b\n')
    expect(html).toContain('>a b</td>')
  },
)
