/** The SMTP connection: encryption, authentication, number, duration, and closing. */
import { type DeliveryFailure, type SmtpOptions, smtpMailer } from 'ccass-2fa/smtp'
import { afterEach, describe, expect, test } from 'vitest'
import { selfSigned } from '../../support/certificate.ts'
import { codeMail, lockedMail, secretCode } from '../../support/mails.ts'
import { type TestMailServer, talkingServer, testMailServer } from '../../support/test-mail-server.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const mailerTo = (
  server: { readonly port: number; readonly close: () => Promise<void> },
  options: Partial<SmtpOptions> = {},
) => {
  const failures: DeliveryFailure[] = []
  const mailer = smtpMailer({
    host: 'localhost',
    port: server.port,
    from: 'no-reply@participant.example',
    onDeliveryFailure: (failure) => failures.push(failure),
    ...options,
  })
  closing.push(server.close, mailer.close)
  return { mailer, failures }
}

const { key, cert } = selfSigned()
const secured = (script = {}, more = {}): Promise<TestMailServer> =>
  testMailServer(script, { key, cert, ...more })
const isTls = ({ taken }: TestMailServer) =>
  taken.map(({ mail }) => /with ESMTPS?A?/.exec(String(mail.headers.get('received') ?? ''))?.[0])

describe('PW-15 · mail is sent over an encrypted connection or not at all', () => {
  test('STARTTLS is required by default, and the certificate must be valid', async () => {
    const seen: boolean[] = []
    const mailServer = await secured(
      {},
      {
        onMailFrom: (_: unknown, session: { secure: boolean }, done: () => void) => {
          seen.push(session.secure)
          done()
        },
      },
    )
    const { mailer } = mailerTo(mailServer, { certificate: { ca: cert } })
    expect(await mailer.send(codeMail())).toBe('delivered')
    expect(seen).toEqual([true])
    expect(isTls(mailServer)).toHaveLength(1)
  })

  test('a server without STARTTLS receives neither password nor mail', async () => {
    const logins: string[] = []
    const mailServer = await testMailServer({ login: (user) => logins.push(user) > 0 })
    const { mailer, failures } = mailerTo(mailServer, { credentials: { user: 'u', password: 'p' } })
    expect(await mailer.send(codeMail())).toBe('try-again')
    expect([mailServer.taken, logins]).toEqual([[], []])
    expect(failures).toMatchObject([{ step: 'connect', code: 'ETLS', uncertain: false }])
  })

  test.each([
    ['an authority that no one knows', 'starttls', {}],
    ['the name of another host', 'starttls', { ca: selfSigned('mail.participant.example') }],
    ['an authority that no one knows', 'implicit', {}],
    ['an authority that no one knows', 'opportunistic', {}],
  ] as const)(
    'a certificate of %s makes the mode %s defer the mail without sending it',
    async (_, tls, { ca }: { ca?: ReturnType<typeof selfSigned> }) => {
      const mailServer = await testMailServer({}, { ...(ca ?? { key, cert }), secure: tls === 'implicit' })
      const { mailer, failures } = mailerTo(mailServer, {
        tls,
        ...(ca ? { certificate: { ca: ca.cert } } : {}),
      })
      expect(await mailer.send(codeMail())).toBe('try-again')
      expect(mailServer.taken).toEqual([])
      expect(failures).toMatchObject([{ step: 'connect', uncertain: false }])
    },
  )

  test('TLS can start at the first byte, and the host can name the certificate’s host', async () => {
    const other = selfSigned('mail.participant.example')
    const mailServer = await testMailServer({}, { ...other, secure: true })
    const { mailer } = mailerTo(mailServer, {
      tls: 'implicit',
      certificate: { ca: [other.cert], servername: 'mail.participant.example' },
    })
    expect(await mailer.send(codeMail())).toBe('delivered')
  })

  test('opportunistic uses TLS if the server offers it, and none never asks for it', async () => {
    for (const [tls, offered, encrypted] of [
      ['opportunistic', true, true],
      ['opportunistic', false, false],
      ['none', true, false],
    ] as const) {
      const seen: boolean[] = []
      const onMailFrom = (_: unknown, session: { secure: boolean }, done: () => void) => {
        seen.push(session.secure)
        done()
      }
      const mailServer = await testMailServer({}, offered ? { key, cert, onMailFrom } : { onMailFrom })
      const { mailer } = mailerTo(mailServer, { tls, certificate: { ca: cert } })
      expect(await mailer.send(codeMail())).toBe('delivered')
      expect(seen).toEqual([encrypted])
    }
  })
})

describe('PW-15 · authentication', () => {
  const credentials = { user: 'ccass-2fa', password: 'pass word é' }

  test('credentials are sent over TLS', async () => {
    const logins: string[][] = []
    const mailServer = await secured(
      { login: (...pair: string[]) => logins.push(pair) > 0 },
      { authOptional: false },
    )
    const { mailer } = mailerTo(mailServer, {
      certificate: { ca: cert },
      credentials: { user: 'ccass-2fa', password: 'pässword' },
    })
    expect(await mailer.send(codeMail())).toBe('delivered')
    expect(logins).toEqual([['ccass-2fa', 'pässword']])
  })

  test('a wrong password of the host defers the mail, and no notice is lost', async () => {
    const mailServer = await secured({ login: () => false }, { authOptional: false })
    const { mailer, failures } = mailerTo(mailServer, { certificate: { ca: cert }, credentials })
    expect(await mailer.send(lockedMail())).toBe('try-again')
    expect(failures).toMatchObject([{ step: 'auth', code: 'EAUTH', reply: 535 }])
    expect(JSON.stringify(failures)).not.toContain('pass word')
  })

  test.each(['none', 'opportunistic'] as const)(
    'no credentials are sent over a connection that may be unencrypted: %s',
    (tls) => {
      const options = { host: 'mail.participant.example', tls, credentials, from: 'a@participant.example' }
      expect(() => smtpMailer(options)).toThrow(/^credentials: /)
      expect(() => smtpMailer({ ...options, host: '127.0.0.1' })).not.toThrow()
    },
  )
})

describe('connections', () => {
  test('consecutive mails share one connection, which is renewed after a hundred', async () => {
    const mailServer = await testMailServer()
    const { mailer } = mailerTo(mailServer, { tls: 'none' })
    for (let i = 0; i < 101; i++) expect(await mailer.send(codeMail())).toBe('delivered')
    expect(mailServer.connections()).toBe(2)
  })

  test('parallel mails share a few connections, and each arrives once', async () => {
    const mailServer = await testMailServer()
    const { mailer } = mailerTo(mailServer, { tls: 'none', connections: 3 })
    const codes = Array.from({ length: 40 }, (_, i) => String(100_000 + i))
    const outcomes = await Promise.all(
      codes.map((code) => mailer.send(codeMail({ code, to: `holder-${code}@participant.example` }))),
    )
    expect(new Set(outcomes)).toEqual(new Set(['delivered']))
    expect(mailServer.connections()).toBe(3)
    expect(mailServer.taken.map(({ to }) => to[0]).sort()).toEqual(
      codes.map((code) => `holder-${code}@participant.example`),
    )
    for (const { to, mail } of mailServer.taken) expect(mail.text).toContain(/\d{6}/.exec(String(to))?.[0])
  })

  test('OTP-07 · a mail that waits for a connection gets its result in time', async () => {
    const { mailer, failures } = mailerTo(await talkingServer('dot', () => {}), {
      tls: 'none',
      connections: 1,
      timeouts: { total: 300 },
    })
    const begun = performance.now()
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => mailer.send(lockedMail())))
    expect(performance.now() - begun).toBeLessThan(2_000)
    expect(new Set(outcomes)).toEqual(new Set(['try-again']))
    expect(failures.filter(({ uncertain }) => uncertain)).toHaveLength(1)
  })

  test('an idle connection is closed', async () => {
    const mailServer = await testMailServer()
    const { mailer } = mailerTo(mailServer, { tls: 'none', timeouts: { idle: 30 } })
    expect(await mailer.send(codeMail())).toBe('delivered')
    await expect.poll(mailServer.connections).toBe(1)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(await mailer.send(codeMail())).toBe('delivered')
    expect(mailServer.connections()).toBe(2)
  })

  test('close lets mails in progress finish, defers later mails, and leaves no connection open', async () => {
    let takeIt = () => {}
    const mailServer = await testMailServer({
      message: () => new Promise((resolve) => (takeIt = () => resolve(undefined))),
    })
    const { mailer, failures } = mailerTo(mailServer, { tls: 'none' })
    const sending = mailer.send(codeMail())
    const closed = mailer.close()
    expect(await mailer.send(codeMail())).toBe('try-again')
    await expect.poll(() => takeIt.toString().includes('resolve')).toBe(true)
    takeIt()
    expect(await sending).toBe('delivered')
    await closed
    await mailer.close()
    expect(failures).toMatchObject([{ step: 'waiting' }])
    expect(mailServer.taken).toHaveLength(1)
  })
})

test('nothing is written to the console, and no code in particular', async () => {
  const written: string[] = []
  const [out, err] = [process.stdout.write, process.stderr.write]
  const keep = (chunk: string | Uint8Array) => written.push(String(chunk)) > 0
  const mailServer = await secured()
  const { mailer } = mailerTo(mailServer, {
    certificate: { ca: cert },
    credentials: { user: 'u', password: 'hush' },
  })
  try {
    process.stdout.write = keep
    process.stderr.write = keep
    await mailer.send(codeMail())
  } finally {
    process.stdout.write = out
    process.stderr.write = err
  }
  for (const secret of [secretCode, 'hush', 'holder@']) expect(written.join('')).not.toContain(secret)
})
