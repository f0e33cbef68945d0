/** A scriptable mail server on the loopback interface that keeps the mails it accepted. */
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

/** A mail that a server accepted. */
export interface Taken {
  readonly from: string
  readonly to: readonly string[]
  readonly raw: string
  readonly mail: ParsedMail
}

export interface TestMailServer {
  readonly port: number
  /** The accepted mails, in order. */
  readonly taken: readonly Taken[]
  /** The number of connections made to it. */
  readonly connections: () => number
  readonly close: () => Promise<void>
}

/** The behaviour at one step: an error with a reply, or nothing. */
export interface Script {
  readonly connect?: () => Error | undefined
  readonly login?: (user: string, password: string) => boolean
  readonly sender?: (address: string) => Error | undefined
  readonly reader?: (address: string) => Error | undefined
  /** Called when the whole message has arrived; if it never resolves, the server never replies. */
  readonly message?: (taken: Taken) => Error | undefined | Promise<Error | undefined>
}

/** The server's reply as an error. */
export const reply = (code: number, text = 'so it is'): Error =>
  Object.assign(new Error(text), { responseCode: code })

const listening = async (
  server: { listen(port: number, host: string): unknown },
  emitter: NodeJS.EventEmitter,
) => {
  server.listen(0, '127.0.0.1')
  await once(emitter, 'listening')
}

/** A server that accepts everything unless its script says otherwise. Unencrypted by default. */
export const testMailServer = async (
  script: Script = {},
  options: SMTPServerOptions = {},
): Promise<TestMailServer> => {
  const taken: Taken[] = []
  let connections = 0
  const server = new SMTPServer({
    logger: false,
    authOptional: true,
    disabledCommands: options.key ? [] : ['STARTTLS'],
    allowInsecureAuth: true,
    closeTimeout: 50,
    onConnect: (_, done) => {
      connections++
      done(script.connect?.())
    },
    onAuth: ({ username, password }, _, done) =>
      (script.login?.(username ?? '', password ?? '') ?? true)
        ? done(null, { user: username })
        : done(reply(535, 'no')),
    onMailFrom: ({ address }, _, done) => done(script.sender?.(address)),
    onRcptTo: ({ address }, _, done) => done(script.reader?.(address)),
    onData: (stream, { envelope }, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', async () => {
        const raw = Buffer.concat(chunks)
        const it: Taken = {
          from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
          to: envelope.rcptTo.map(({ address }) => address),
          raw: raw.toString('latin1'),
          mail: await simpleParser(raw),
        }
        const error = await script.message?.(it)
        if (error === undefined) taken.push(it)
        done(error)
      })
    },
    ...options,
  })
  // A client that disconnects is not an error here.
  server.on('error', () => {})
  await listening(server, server.server)
  const address = server.server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    taken,
    connections: () => connections,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** A server defined by its handler for a socket. */
export const bareServer = async (serve: (socket: Socket, nth: number) => void) => {
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    serve(socket, ++connections)
  })
  await listening(server, server)
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    connections: () => connections,
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

/** The points at which a conversation can be broken off or left without a reply. */
export type Point = 'connect' | 'greeting' | 'EHLO' | 'MAIL' | 'RCPT' | 'DATA' | 'message' | 'dot'

/**
 * A server that speaks SMTP line by line up to a point, and then misbehaves. `message`: at the first bytes of
 * the message; `dot`: after the whole message.
 */
export const talkingServer = (
  point: Point,
  then: (socket: Socket, nth: number) => void,
  { from = 1 }: { readonly from?: number } = {},
) =>
  bareServer((socket, nth) => {
    let inData = false
    let rest = ''
    const at = (here: Point, otherwise: string) => {
      if (here === point && nth >= from) then(socket, nth)
      else if (otherwise !== '') socket.write(`${otherwise}\r\n`)
    }
    at('connect', '')
    at('greeting', '220 bare ESMTP')
    socket.on('data', (chunk) => {
      rest += chunk.toString('latin1')
      if (inData && rest.length > 0 && !rest.includes('\r\n.\r\n')) return at('message', '')
      for (;;) {
        const end = inData ? rest.indexOf('\r\n.\r\n') : rest.indexOf('\r\n')
        if (end < 0) return
        const line = rest.slice(0, end)
        rest = rest.slice(end + (inData ? 5 : 2))
        if (inData) {
          inData = false
          at('message', '')
          at('dot', '250 2.0.0 taken')
        } else if (/^EHLO/i.test(line)) at('EHLO', '250 bare')
        else if (/^MAIL/i.test(line)) at('MAIL', '250 ok')
        else if (/^RCPT/i.test(line)) at('RCPT', '250 ok')
        else if (/^DATA/i.test(line)) {
          at('DATA', '354 go on')
          inData = true
        } else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n')
        else socket.write('250 ok\r\n')
      }
    })
  })
