/** A mail server that is hostile or broken: bounded time and memory, the right outcome, no secret in a report. */
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { type DeliveryFailure, type SmtpOptions, smtpMailer } from 'ccass-2fa/smtp'
import { afterEach, describe, expect, test } from 'vitest'
import { selfSigned } from '../../support/certificate.ts'
import { codeMail, lockedMail, secretCode } from '../../support/mails.ts'
import { bareServer } from '../../support/test-mail-server.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

type Step = 'greeting' | 'EHLO' | 'STARTTLS' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'dot' | 'RSET' | 'QUIT'
/** What the server does at a step: it writes this line, or something else. */
type Reaction = string | ((socket: Socket) => void)
type Script = Partial<Record<Step, Reaction>>

const usual: Readonly<Record<Step, string>> = {
  greeting: '220 bare ESMTP',
  EHLO: '250 bare',
  STARTTLS: '220 go on',
  AUTH: '235 2.7.0 welcome',
  MAIL: '250 ok',
  RCPT: '250 ok',
  DATA: '354 go on',
  dot: '250 2.0.0 taken',
  RSET: '250 ok',
  QUIT: '221 bye',
}

const { key, cert } = selfSigned()

/** A server that follows a script, and keeps the messages that it received. After STARTTLS, another script applies. */
const scripted = async (script: Script, afterTls: Script = script) => {
  const messages: string[] = []
  const converse = (socket: Socket, reactions: Script) => {
    let rest = ''
    let inData = false
    const react = (step: Step) => {
      const reaction = reactions[step] ?? usual[step]
      if (typeof reaction === 'string') socket.write(`${reaction}\r\n`)
      else reaction(socket)
    }
    const onData = (chunk: Buffer) => {
      rest += chunk.toString('latin1')
      for (;;) {
        const end = inData ? '\r\n.\r\n' : '\r\n'
        const at = rest.indexOf(end)
        if (at < 0) return
        const text = rest.slice(0, at)
        rest = rest.slice(at + end.length)
        if (inData) {
          inData = false
          messages.push(text)
          react('dot')
          continue
        }
        const verb = (text.split(/[ :]/, 1)[0] ?? '').toUpperCase() as Step
        inData = verb === 'DATA'
        if (verb in usual) react(verb)
        else socket.write('500 what?\r\n')
        if (verb !== 'STARTTLS') continue
        socket.off('data', onData)
        const secure = new TLSSocket(socket, { isServer: true, key, cert })
        secure.on('error', () => {})
        return converse(secure, { ...afterTls, greeting: () => {} })
      }
    }
    socket.on('data', onData)
    react('greeting')
  }
  return { messages, ...(await bareServer((socket) => converse(socket, script))) }
}

const mailerTo = (
  server: { readonly port: number; readonly close: () => Promise<void> },
  options: Partial<SmtpOptions> = {},
) => {
  const failures: DeliveryFailure[] = []
  const mailer = smtpMailer({
    host: 'localhost',
    port: server.port,
    tls: 'none',
    from: 'no-reply@participant.example',
    onDeliveryFailure: (failure) => failures.push(failure),
    ...options,
  })
  closing.push(server.close, mailer.close)
  return { mailer, failures }
}

const timed = async <T>(what: () => Promise<T>) => {
  const begun = performance.now()
  return { answer: await what(), took: performance.now() - begun }
}

/** Sends the same text again and again: eight times as much as a client has to read. */
const flood = (text: string) => (socket: Socket) => socket.write(text.repeat(262_144 / text.length))

/** Sends a text a byte at a time, again and again, faster than any limit on inactivity. */
const drip = (text: string) => (socket: Socket) => {
  let at = 0
  const timer = setInterval(() => socket.write(text[at++ % text.length] ?? ''), 20)
  socket.on('close', () => clearInterval(timer))
}

const before = ['greeting', 'EHLO', 'MAIL', 'RCPT', 'DATA'] as const
const endless = {
  'empty lines': '\n',
  blanks: ' \r\n',
  'one reply': '250-x\r\n',
  'one line': 'x',
  NULs: '\0',
}

describe('OTP-07 · a server that sends without end is cut off at once', () => {
  test.each(
    [...before, 'dot' as const].flatMap((step) =>
      Object.entries(endless).map(([name, text]) => [name, step, text] as const),
    ),
  )('%s after %s', async (_, step, text) => {
    const { mailer, failures } = mailerTo(await scripted({ [step]: flood(text) }), {
      timeouts: { total: 3_000 },
    })
    const { answer, took } = await timed(() => mailer.send(lockedMail()))
    expect([answer, took < 2_000]).toEqual(['try-again', true])
    expect(failures).toMatchObject([{ code: 'EPROTOCOL', uncertain: step === 'dot' }])
  })

  test('an idle connection too; the next mail takes another', async () => {
    let after = (_: Socket) => {}
    const server = await scripted({
      dot: (socket) => {
        socket.write('250 taken\r\n')
        after = () => flood('\n')(socket)
        setTimeout(() => after(socket), 20)
      },
    })
    const { mailer, failures } = mailerTo(server, { timeouts: { idle: 60_000 } })
    for (let i = 0; i < 2; i++) {
      expect(await mailer.send(codeMail())).toBe('delivered')
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    expect([failures, server.connections()]).toEqual([[], 2])
  })

  test('a long list of extensions is read, an endless one is not', async () => {
    const list = (length: number) => `${'250-X-EXTENSION\r\n'.repeat(length)}250 HELP`
    expect(await mailerTo(await scripted({ EHLO: list(200) })).mailer.send(codeMail())).toBe('delivered')
    const { mailer, failures } = mailerTo(await scripted({ EHLO: list(20_000) }))
    expect(await mailer.send(codeMail())).toBe('try-again')
    expect(failures).toMatchObject([{ step: 'connect', code: 'EPROTOCOL', uncertain: false }])
  })
})

describe('OTP-07 · a server that sends a byte at a time is answered by the deadline', () => {
  const timeouts = { inactivity: 200, total: 500 }

  test.each([...before, 'dot'] as const)('after %s', async (step) => {
    const { mailer, failures } = mailerTo(await scripted({ [step]: drip('250-x\r\n') }), { timeouts })
    const { answer, took } = await timed(() => mailer.send(codeMail()))
    expect([answer, took < 1_500]).toEqual([step === 'dot' ? 'delivered' : 'try-again', true])
    expect(failures).toMatchObject([{ code: 'ETIMEDOUT', uncertain: step === 'dot' }])
  })

  test('a reset that never ends keeps no connection from the next mail', async () => {
    let refusals = 0
    const RCPT = (socket: Socket) => socket.write(++refusals === 1 ? '550 5.1.1 no\r\n' : '250 ok\r\n')
    const server = await scripted({ RCPT, RSET: drip('250-x\r\n') })
    const { mailer } = mailerTo(server, { connections: 1, timeouts: { ...timeouts, total: 5_000 } })
    expect(await mailer.send(codeMail())).toBe('refused')
    const { answer, took } = await timed(() => mailer.send(codeMail()))
    expect([answer, took < 3_000]).toEqual(['delivered', true])
  })
})

describe('OTP-07 · a reply that is no answer decides nothing', () => {
  test.each([
    ['accepts and refuses', '250-taken\r\n550 no'],
    ['refuses and accepts', '550-no\r\n250 taken'],
    ['answers the command before', '354 go on'],
    ['has no code', 'taken'],
    ['has a code of one digit', '5 no'],
    ['has a code of four digits', '5500 no'],
    ['has a code of no class', '750 no'],
  ])('after the message, one that %s: it may have been accepted', async (_, dot) => {
    const server = await scripted({ dot })
    const { mailer, failures } = mailerTo(server)
    expect(await mailer.send(lockedMail())).toBe('try-again')
    expect(await mailer.send(codeMail())).toBe('delivered')
    expect(failures).toMatchObject([
      { step: 'message', uncertain: true },
      { step: 'message', uncertain: true },
    ])
    // No further reply over such a connection is believed.
    expect([server.messages.length, server.connections()]).toEqual([2, 2])
  })

  test.each([
    ['to DATA, 250', { DATA: '250 go on' }],
    ['to DATA, one that contradicts itself', { DATA: '354-go on\r\n250 x' }],
    ['to RCPT, one that contradicts itself', { RCPT: '550-no\r\n250 ok' }],
    ['to MAIL, twice', { MAIL: '250 ok\r\n250 ok' }],
    ['to RCPT, twice', { RCPT: '250 ok\r\n250 ok' }],
    ['to EHLO, twice', { EHLO: '250 bare\r\n250 ok' }],
    ['to everything, before it is asked', { greeting: `220 bare\r\n${'250 ok\r\n'.repeat(8)}` }],
    ['something before the greeting', { greeting: 'hello\r\n220 bare' }],
    ['a greeting of another protocol', { greeting: 'HTTP/1.1 200 OK' }],
  ] as const)('%s: nothing is sent, and that is certain', async (_, script) => {
    const server = await scripted(script)
    const { mailer, failures } = mailerTo(server)
    for (const mail of [lockedMail(), codeMail()]) expect(await mailer.send(mail)).toBe('try-again')
    expect(failures).toMatchObject([{ uncertain: false }, { uncertain: false }])
    expect(server.messages).toEqual([])
  })
})

describe('PW-15 · no number of a failure report is the code', () => {
  test.each([
    ['the reply', secretCode],
    ['the reply with a text', `${secretCode} no`],
    ['the reply in two lines', `${secretCode}-no\r\n${secretCode} no`],
    ['the enhanced status', `550 5.${secretCode.slice(0, 3)}.${secretCode.slice(3)} no`],
    ['a part of the enhanced status', `550 5.1.${secretCode} no`],
  ])('as %s', async (_, dot) => {
    const { mailer, failures } = mailerTo(await scripted({ dot }))
    await mailer.send(codeMail())
    expect(failures).toHaveLength(1)
    expect(JSON.stringify(failures).replace(/\D/g, '')).not.toContain(secretCode)
  })
})

describe('FLD-01 · a server that announces SMTPUTF8 and refuses it', () => {
  const EHLO = '250-bare\r\n250 SMTPUTF8'
  const to = '陳大文@bank.example'

  test.each([
    ['a parameter at MAIL', { MAIL: '555 5.5.4 SMTPUTF8?' }, 'ESMTPUTF8'],
    ['a parameter at MAIL, by another code', { MAIL: '504 SMTPUTF8?' }, 'ESMTPUTF8'],
    ['the address at MAIL', { MAIL: '550 5.6.7 not here' }, 'ESMTPUTF8'],
    ['the address at RCPT', { RCPT: '553 5.6.7 not here' }, 'EENVELOPE'],
    ['the message', { dot: '554 5.6.9 not here' }, 'EMESSAGE'],
  ])('%s: refused', async (_, script, code) => {
    const server = await scripted({ EHLO, ...script })
    const { mailer, failures } = mailerTo(server)
    expect(await mailer.send(lockedMail({ to }))).toBe('refused')
    expect(failures).toMatchObject([{ delivery: 'refused', code, uncertain: false }])
    // An ASCII address needs no such parameter: at MAIL, only its sender can have been refused.
    expect(await mailer.send(lockedMail())).toBe('MAIL' in script ? 'try-again' : 'refused')
  })

  test.each(['451 4.6.7 later', '550 5.7.1 not you', '553 no'])(
    'the sender, which the host may correct: try again (%s)',
    async (MAIL) => {
      const { mailer } = mailerTo(await scripted({ EHLO, MAIL }))
      expect(await mailer.send(lockedMail({ to }))).toBe('try-again')
    },
  )
})

describe('PW-15 · STARTTLS', () => {
  const EHLO = '250-bare\r\n250 STARTTLS'
  const tls = { tls: 'starttls', certificate: { ca: cert } } as const

  test('what the server says before TLS is forgotten, also what it says too early', async () => {
    const afterTls = { EHLO: '250 bare' }
    for (const early of [
      { EHLO: `${EHLO}-\r\n250-SMTPUTF8\r\n250 STARTTLS`, STARTTLS: '220 go on' },
      { EHLO, STARTTLS: '220 go on\r\n250-evil\r\n250-SMTPUTF8\r\n250 AUTH PLAIN' },
      { EHLO, STARTTLS: '220 go on\r\n250-evil\r\n250-SMTPUTF8\r\n250' },
    ]) {
      const { mailer, failures } = mailerTo(await scripted(early, afterTls), tls)
      const outcome = await mailer.send(lockedMail({ to: '陳大文@bank.example' }))
      // The early bytes either break the handshake or are dropped.
      if (outcome === 'try-again') expect(failures).toMatchObject([{ step: 'connect', uncertain: false }])
      else expect(failures).toMatchObject([{ delivery: 'refused', code: 'ESMTPUTF8' }])
    }
    const { mailer } = mailerTo(await scripted({ EHLO }, afterTls), tls)
    expect(await mailer.send(lockedMail())).toBe('delivered')
  })

  const ends = {
    drops: (socket: Socket) => socket.destroy(),
    'sends nothing': () => {},
    'trickles TLS': (socket: Socket) => {
      socket.write('220 go on\r\n')
      drip('\x16\x03\x03\x3f\xff')(socket)
    },
    'stays in the clear': (socket: Socket) => socket.write('220 go on\r\n250 bare\r\n'),
  }
  test.each(Object.keys(ends) as (keyof typeof ends)[])(
    'a server that %s after it gets neither password nor mail, and an answer arrives in time',
    async (end) => {
      const heard: string[] = []
      const server = await bareServer((socket) => {
        socket.write('220 bare\r\n')
        socket.on('data', (chunk) => {
          const text = chunk.toString('latin1')
          heard.push(text)
          if (/^EHLO/.test(text)) socket.write(`${EHLO}\r\n`)
          if (/^STARTTLS/.test(text)) ends[end](socket)
        })
      })
      const { mailer, failures } = mailerTo(server, {
        ...tls,
        credentials: { user: 'ccass-2fa', password: 'hush' },
        timeouts: { inactivity: 300, total: 800 },
      })
      const { answer, took } = await timed(() => mailer.send(codeMail()))
      expect([answer, took < 2_000]).toEqual(['try-again', true])
      expect(failures).toMatchObject([{ step: 'connect', uncertain: false }])
      expect(heard.join('')).not.toMatch(/AUTH|MAIL/)
    },
  )
})

describe('PW-15 · AUTH', () => {
  const EHLO = '250-bare\r\n250 AUTH PLAIN LOGIN'
  const credentials = { user: 'ccass-2fa', password: 'hush-hush' }

  test.each<[string, Reaction]>([
    ['drops the connection', (socket) => socket.destroy()],
    ['sends nothing', () => {}],
    ['asks again and again', '334 '],
    ['repeats the password', (socket) => socket.write(`535 ${credentials.password}\r\n`)],
    ['accepts and refuses', '235-welcome\r\n535 no'],
    ['sends without end', flood('\r\n')],
  ])('a server that %s: an answer arrives in time, without the password', async (_, AUTH) => {
    const server = await scripted({ EHLO, AUTH })
    const { mailer, failures } = mailerTo(server, {
      credentials,
      timeouts: { inactivity: 300, total: 800 },
    })
    const { answer, took } = await timed(() => mailer.send(lockedMail()))
    expect([answer, took < 2_000]).toEqual(['try-again', true])
    expect(failures).toMatchObject([{ step: 'auth', uncertain: false }])
    expect(JSON.stringify(failures)).not.toContain(credentials.password)
    expect(server.messages).toEqual([])
  })
})
