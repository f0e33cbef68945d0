import { connect } from 'node:net'
import { type DeliveryFailure, type SmtpOptions, smtpMailer } from 'ccass-2fa/smtp'
import { afterEach, describe, expect, test } from 'vitest'
import type { Mail } from '../../../src/ports/mailer.ts'
import { codeMail, everyMail, lockedMail, secretCode } from '../../support/mails.ts'
import {
  bareServer,
  type Point,
  reply,
  talkingServer,
  testMailServer,
} from '../../support/test-mail-server.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** The timeout for servers that do not reply: short enough for a test. */
const hasty = { connect: 250, greeting: 250, inactivity: 250, total: 600, idle: 200 }

const mailerTo = (
  server: { readonly port: number; readonly close: () => Promise<void> },
  options: Partial<SmtpOptions> = {},
) => {
  const failures: DeliveryFailure[] = []
  const mailer = smtpMailer({
    host: '127.0.0.1',
    port: server.port,
    tls: 'none',
    from: { name: 'CCASS/CCMS', address: 'no-reply@participant.example' },
    onDeliveryFailure: (failure) => failures.push(failure),
    ...options,
  })
  closing.push(server.close, mailer.close)
  return { mailer, failures }
}

const timed = async <T>(what: () => Promise<T>) => {
  const begun = performance.now()
  const answer = await what()
  return { answer, took: performance.now() - begun }
}

describe('OTP-07 · the server’s answer decides the outcome', () => {
  test('a mail that the server accepts is delivered, and no failure is reported', async () => {
    const mailServer = await testMailServer()
    const { mailer, failures } = mailerTo(mailServer)
    expect(await mailer.send(codeMail())).toBe('delivered')
    expect(mailServer.taken).toHaveLength(1)
    expect(failures).toEqual([])
  })

  test.each([
    ['550 to the reader', { reader: () => reply(550, '5.1.1 no one here') }, 'refused', 'envelope', 550],
    [
      '451 to the reader: greylisting',
      { reader: () => reply(451, '4.7.1 come back') },
      'try-again',
      'envelope',
      451,
    ],
    ['421 to the reader', { reader: () => reply(421, '4.3.2 closing') }, 'try-again', 'envelope', 421],
    ['550 to the message', { message: () => reply(550, '5.7.1 spam') }, 'refused', 'message', 550],
    ['452 to the message', { message: () => reply(452, '4.3.1 full') }, 'try-again', 'message', 452],
    ['550 to the sender: any mail would meet it', { sender: () => reply(550) }, 'try-again', 'envelope', 550],
    ['530 to the sender: authenticate first', { sender: () => reply(530) }, 'try-again', 'envelope', 530],
    ['554 as a greeting', { connect: () => reply(554) }, 'try-again', 'connect', 554],
  ] as const)('%s', async (_, script, delivery, step, code) => {
    const mailServer = await testMailServer(script)
    const { mailer, failures } = mailerTo(mailServer)
    for (const mail of [codeMail(), lockedMail()]) expect(await mailer.send(mail)).toBe(delivery)
    expect(mailServer.taken).toEqual([])
    expect(failures).toHaveLength(2)
    for (const failure of failures)
      expect(failure).toMatchObject({ delivery, step, reply: code, uncertain: false })
  })

  test('after a refusal the same connection serves the next mail', async () => {
    const mailServer = await testMailServer({
      reader: (to) => (to.startsWith('unknown') ? reply(550) : undefined),
    })
    const { mailer } = mailerTo(mailServer)
    const seen: string[] = []
    for (const to of [
      'unknown@participant.example',
      'a@participant.example',
      'unknown@participant.example',
      'b@participant.example',
    ])
      seen.push(await mailer.send(codeMail({ to })))
    expect(seen).toEqual(['refused', 'delivered', 'refused', 'delivered'])
    expect(mailServer.connections()).toBeLessThanOrEqual(2)
  })
})

describe('OTP-07 · a call returns in time even if the server disconnects or stays silent', () => {
  const before = ['greeting', 'EHLO', 'MAIL', 'RCPT', 'DATA'] as const satisfies readonly Point[]
  const ends = {
    'drops the line': (socket: import('node:net').Socket) => socket.destroy(),
    'closes it politely': (socket: import('node:net').Socket) => socket.end(),
    'resets it': (socket: import('node:net').Socket) => socket.resetAndDestroy(),
    'says nothing any more': () => {},
  }

  test.each(
    before.flatMap((point) => Object.keys(ends).map((end) => [point, end as keyof typeof ends] as const)),
  )('if at %s the server %s, the mail is deferred, and certainly nothing was sent', async (point, end) => {
    const { mailer, failures } = mailerTo(await talkingServer(point, ends[end]), { timeouts: hasty })
    for (const mail of [codeMail(), lockedMail()]) {
      const { answer, took } = await timed(() => mailer.send(mail))
      expect(answer).toBe('try-again')
      expect(took).toBeLessThan(2_000)
    }
    for (const failure of failures) expect(failure).toMatchObject({ delivery: 'try-again', uncertain: false })
  })

  test.each(Object.keys(ends) as (keyof typeof ends)[])(
    'if after the whole message the server %s, the outcome is unknown: a notice is retried, and a code is not sent twice',
    async (end) => {
      const server = await talkingServer('dot', ends[end])
      const { mailer, failures } = mailerTo(server, { timeouts: hasty })
      expect(await mailer.send(lockedMail())).toBe('try-again')
      expect(await mailer.send(codeMail())).toBe('delivered')
      expect(failures.map(({ delivery, step, uncertain }) => ({ delivery, step, uncertain }))).toEqual([
        { delivery: 'try-again', step: 'message', uncertain: true },
        { delivery: 'delivered', step: 'message', uncertain: true },
      ])
      expect(server.connections()).toBe(2)
    },
  )

  test('the same holds over a reused connection: of two messages neither is resent automatically', async () => {
    let messages = 0
    const server = await talkingServer('dot', (socket) => {
      if (++messages % 2 === 1) socket.write('250 2.0.0 taken\r\n')
      else socket.destroy()
    })
    const { mailer } = mailerTo(server)
    for (const [mail, outcome] of [
      [codeMail(), 'delivered'],
      [lockedMail(), 'try-again'],
      [codeMail(), 'delivered'],
      [codeMail(), 'delivered'],
    ] as const)
      expect(await mailer.send(mail)).toBe(outcome)
    expect([messages, server.connections()]).toEqual([4, 2])
  })

  test('a server that sends bytes slowly without end is cut off at the deadline', async () => {
    const trickling = await bareServer((socket) => {
      const timer = setInterval(() => socket.write('220-wait\r\n'), 20)
      socket.on('close', () => clearInterval(timer))
    })
    const { mailer, failures } = mailerTo(trickling, {
      timeouts: { ...hasty, connect: 5_000, greeting: 5_000, total: 300 },
    })
    const { answer, took } = await timed(() => mailer.send(codeMail()))
    expect(answer).toBe('try-again')
    expect(took).toBeLessThan(1_000)
    expect(failures).toMatchObject([{ step: 'connect', code: 'ETIMEDOUT', uncertain: false }])
  })

  test('a port on which no server listens defers the mail', async () => {
    const gone = await testMailServer()
    await gone.close()
    const { mailer, failures } = mailerTo({ ...gone, close: async () => {} })
    expect(await mailer.send(codeMail())).toBe('try-again')
    expect(failures).toMatchObject([{ step: 'connect', uncertain: false }])
  })

  test('a server that sends invalid or endless lines defers the mail', async () => {
    for (const nonsense of [
      'HTTP/1.1 400 Bad Request\r\n\r\n',
      '\0\0\0\r\n',
      `220 ${'x'.repeat(3_000_000)}`,
    ]) {
      const { mailer } = mailerTo(await bareServer((socket) => socket.write(nonsense)), { timeouts: hasty })
      const { answer, took } = await timed(() => mailer.send(codeMail()))
      expect(answer).toBe('try-again')
      expect(took).toBeLessThan(2_000)
    }
  })

  test('a mail is delivered although the server has closed the idle connection in the meantime', async () => {
    const letGo: import('node:net').Socket[] = []
    const mailServer = await testMailServer({}, { onSecure: (_, __, done) => done() })
    const relay = await bareServer((socket) => {
      const inner = connect(mailServer.port, '127.0.0.1')
      letGo.push(socket)
      socket.pipe(inner).pipe(socket)
      inner.on('error', () => {})
    })
    const { mailer, failures } = mailerTo(relay, { timeouts: { idle: 60_000 } })
    closing.unshift(mailServer.close)
    expect(await mailer.send(codeMail())).toBe('delivered')
    for (const socket of letGo) socket.destroy()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(await mailer.send(codeMail())).toBe('delivered')
    expect(failures).toEqual([])
    expect(mailServer.taken).toHaveLength(2)
    expect(relay.connections()).toBe(2)
  })
})

test('PW-15 · no failure report contains a code, a recipient, or the server’s reply', async () => {
  const spiteful = () => reply(550, `5.1.1 <holder@participant.example> ${secretCode}`)
  const mails: readonly Mail[] = everyMail.map(([, mail]) => mail)
  for (const script of [
    { reader: spiteful },
    { message: spiteful },
    { sender: spiteful },
    { connect: spiteful },
  ]) {
    const { mailer, failures } = mailerTo(await testMailServer(script))
    for (const mail of mails) await mailer.send(mail)
    expect(failures).toHaveLength(mails.length)
    for (const secret of [secretCode, 'participant.example', 'B0123401'])
      expect(JSON.stringify(failures)).not.toContain(secret)
  }
})
