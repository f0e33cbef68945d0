/** Codes appear only in the mail: not in errors, and not in what the host is told. */

import { inspect } from 'node:util'
import { type DeliveryFailure, type MailTemplates, type SmtpOptions, smtpMailer } from 'ccass-2fa/smtp'
import { afterEach, describe, expect, test } from 'vitest'
import type { Mail } from '../../../src/ports/mailer.ts'
import { codeMail, lockedMail, secretCode } from '../../support/mails.ts'
import { talkingServer, testMailServer } from '../../support/test-mail-server.ts'
import { testService } from '../../support/test-service.ts'
import { initialised, user } from '../../support/user-journeys.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const mailerWith = async (options: Partial<SmtpOptions>) => {
  const mailServer = await testMailServer()
  const failures: DeliveryFailure[] = []
  const mailer = smtpMailer({
    host: '127.0.0.1',
    port: mailServer.port,
    tls: 'none',
    from: 'no-reply@participant.example',
    onDeliveryFailure: (failure) => failures.push(failure),
    ...options,
  })
  closing.push(mailServer.close, mailer.close)
  return { mailer, mailServer, failures }
}

/** Everything that an error contains, at any depth. */
const everythingOf = (error: unknown) =>
  inspect(error, { depth: 20, showHidden: true, getters: true }) +
  String(error) +
  String((error as Error)?.stack)

const rejection = (sending: Promise<unknown>) =>
  sending.then(
    (outcome) => {
      throw new Error(`not rejected: ${String(outcome)}`)
    },
    (error: unknown) => error,
  )

const leak = (mail: Mail) => {
  const code = mail.type === 'code' ? mail.code : 'none'
  const error = Object.assign(new Error(`can't word ${code}`, { cause: { code } }), { code, mail })
  Object.defineProperty(error, 'name', { value: `Error${code}` })
  throw error
}

describe('PW-15 · a host’s function that fails while it handles a code does not reveal the code', () => {
  test.each<[string, Partial<SmtpOptions>]>([
    ['a template that throws', { templates: { code: leak } as Partial<MailTemplates> }],
    ['a template that rejects', { templates: { code: async (mail) => leak(mail) } }],
    [
      'a template that gives no text',
      { templates: { code: ({ code }) => ({ subject: code, text: code }) as never } },
    ],
    ['a template that gives nothing', { templates: { code: () => undefined as never } }],
    ['languages that can’t be told', { locales: leak }],
    ['languages that are none', { locales: (mail) => [mail.type === 'code' ? mail.code : ''] as never }],
  ])('%s', async (_, options) => {
    const { mailer, mailServer, failures } = await mailerWith(options)
    const error = await rejection(mailer.send(codeMail()))
    expect(error).toBeInstanceOf(Error)
    expect(everythingOf(error)).not.toContain(secretCode)
    expect(failures).toEqual([{ mail: 'code', delivery: 'try-again', step: 'render', uncertain: false }])
    expect(mailServer.connections()).toBe(0)
  })

  test('a notice contains no code, so its failure keeps the reason', async () => {
    const { mailer } = await mailerWith({ templates: { 'account-locked': leak } })
    expect(everythingOf(await rejection(mailer.send(lockedMail())))).toContain("can't word none")
  })

  test('OTP-07 · a function that never returns is not awaited', async () => {
    const { mailer, failures } = await mailerWith({
      locales: () => new Promise(() => {}),
      timeouts: { total: 100 },
    })
    expect(await mailer.send(codeMail())).toBe('try-again')
    expect(failures).toMatchObject([{ step: 'render', code: 'ETIMEDOUT' }])
  })

  test('a callback that listens to failures cannot change the outcome of a mail', async () => {
    for (const onDeliveryFailure of [leak, async (failure: unknown) => leak(failure as never)]) {
      const { mailer } = await mailerWith({ onDeliveryFailure: onDeliveryFailure as never })
      expect(await mailer.send(codeMail({ to: 'unknown' }))).toBe('refused')
    }
  })

  test('OTP-07 · the callback gets a copy: what it changes in it changes no outcome', async () => {
    const seen: DeliveryFailure[] = []
    const { mailer } = await mailerWith({
      onDeliveryFailure: (failure) => {
        seen.push({ ...failure })
        Object.assign(failure, { delivery: 'delivered', step: 'message', uncertain: true })
      },
    })
    expect(await mailer.send(codeMail({ to: 'unknown' }))).toBe('refused')
    const broken = await mailerWith({
      locales: () => new Promise(() => {}),
      timeouts: { total: 50 },
      onDeliveryFailure: (failure) => Object.assign(failure, { delivery: 'delivered' }),
    })
    expect(await broken.mailer.send(codeMail())).toBe('try-again')
    expect(seen).toEqual([{ mail: 'code', delivery: 'refused', step: 'address', uncertain: false }])
  })
})

test('a host’s own wording is sent unchanged', async () => {
  const { mailer, mailServer } = await mailerWith({
    templates: {
      code: ({ code, userId }, locales) => ({
        subject: `Für ${userId}`,
        text: `${locales.join()}: ${code}`,
        html: `<b>${code}</b>`,
      }),
    },
  })
  expect(await mailer.send(codeMail())).toBe('delivered')
  expect(mailServer.taken[0]?.mail).toMatchObject({ subject: 'Für B0123401', html: `<b>${secretCode}</b>` })
  expect(mailServer.taken[0]?.mail.text?.trim()).toBe(`en: ${secretCode}`)
  expect(await mailer.send(lockedMail())).toBe('delivered')
  expect(mailServer.taken[1]?.mail.subject).toContain('locked')
})

describe('with the service', () => {
  test('OTP-07 · if the connection breaks after the code was sent, the code remains valid and is not sent twice', async () => {
    const server = await talkingServer('dot', (socket) => socket.destroy())
    const mailer = smtpMailer({
      host: '127.0.0.1',
      port: server.port,
      tls: 'none',
      from: 'no-reply@participant.example',
    })
    closing.push(server.close, mailer.close)
    const codes: string[] = []
    let broken = false
    const service = testService({
      policy: { notices: { credentialChanges: false } },
      between: (ports) => ({
        ...ports,
        mailer: {
          send: (mail, id) => {
            if (broken && mail.type === 'code') codes.push(mail.code)
            return broken ? mailer.send(mail, id) : ports.mailer.send(mail, id)
          },
        },
      }),
    })
    const { password } = await initialised(service, user, 'Email')
    broken = true
    const step = await service.auth.signIn.begin({ userId: user, password, system: 'CCASS/CCMS' })
    const { challenge } = step._unsafeUnwrap()
    expect([codes.length, server.connections()]).toEqual([1, 1])
    const done = await service.auth.signIn.confirmOtp({ challenge, code: codes[0] ?? '' })
    expect(done._unsafeUnwrap().next).toBe('done')
  })

  test('PW-15 OTP-07 · if the wording fails, the caller gets a clear refusal, and onError receives no code', async () => {
    const { mailer } = await mailerWith({ templates: { code: leak } })
    const seen: string[] = []
    const service = testService({
      between: (ports) => ({
        ...ports,
        mailer: {
          send: (mail, id) => {
            if (mail.type === 'code') seen.push(mail.code)
            return mailer.send(mail, id)
          },
        },
      }),
    })
    await service.auth.registry.register({
      userId: user,
      role: 'User',
      origin: 'created',
      email: 'a@x.example',
      by: 'me',
    })
    const begun = await service.auth.passwordSetUp.begin({ userId: user })
    expect(begun.isErr() && begun.error).toMatchObject({ code: 'delivery-failed', retry: true })
    expect(service.faults.map(({ port }) => port)).toEqual(['mailer'])
    expect(seen).toHaveLength(1)
    expect(everythingOf(service.faults)).not.toContain(seen[0])
  })
})
