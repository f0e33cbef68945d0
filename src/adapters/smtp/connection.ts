import { Readable } from 'node:stream'
import SMTPConnection from 'nodemailer/lib/smtp-connection/index.js'
import type { SmtpSettings, SmtpStep } from './options.ts'
import { enhancedStatus, isDecision, replyCode } from './reply.ts'

/** The properties of nodemailer's errors that are used here. Of a response only its codes are ever reported. */
export interface ConnectionError {
  readonly code?: unknown
  readonly command?: unknown
  readonly response?: unknown
}

/** At which step a connection failed, and how. */
export interface Failure {
  readonly step: Extract<SmtpStep, 'connect' | 'auth' | 'envelope' | 'message'>
  readonly error: ConnectionError
}

/** The sender and recipient of the SMTP envelope, independent of the headers. */
export interface Envelope {
  readonly from: string
  readonly to: string
}

/** A connection to the mail server. */
export interface Connection {
  /** Connects, starts TLS, authenticates. */
  readonly open: () => Promise<Failure | undefined>
  /** Sends one message. */
  readonly send: (envelope: Envelope, message: Uint8Array) => Promise<Failure | undefined>
  /** Makes the server forget a message that it refused. */
  readonly forget: () => Promise<void>
  /** Whether another message can be sent over it. */
  readonly alive: () => boolean
  /** Closes the connection. After one second it is cut. */
  readonly quit: () => void
  /** Cuts the connection and anything in progress. */
  readonly cut: () => void
  /** Resolves when the connection has ended. */
  readonly ended: Promise<void>
}

const nodemailerConnection = ({ host, port, tls, certificate, clientName, timeouts }: SmtpSettings) =>
  new SMTPConnection({
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    ...(clientName === undefined ? {} : { name: clientName }),
    ...(certificate.servername === undefined ? {} : { servername: certificate.servername }),
    tls: {
      minVersion: 'TLSv1.2',
      ...(certificate.ca === undefined ? {} : { ca: [certificate.ca].flat() }),
    },
    connectionTimeout: timeouts.connect,
    dnsTimeout: timeouts.connect,
    greetingTimeout: timeouts.greeting,
    socketTimeout: timeouts.inactivity,
    socketCloseTimeout: 1_000,
    // The log would contain every recipient, and with `debug` every code.
    logger: false,
    debug: false,
    transactionLog: false,
  })

// biome-ignore lint/suspicious/noControlCharactersInRegex: the ASCII range begins with controls.
const isAscii = (text: string) => !/[^\u0000-\u007f]/.test(text)

/**
 * The maximum bytes that a server may send during one action: connecting, signing in, or sending a message. Real
 * replies have a few hundred.
 */
const maxReceived = 32_768

/**
 * Calls back with the size of every chunk that the server sends, before nodemailer reads it. When TLS starts,
 * nodemailer replaces its socket.
 */
const onReceived = (connection: SMTPConnection, count: (bytes: number) => void) => {
  let socket = connection._socket
  Object.defineProperty(connection, '_socket', {
    get: () => socket,
    set: (next: typeof socket) => {
      socket = next
      if (next) next.on('data', (chunk: Uint8Array) => count(chunk.length))
    },
  })
}

/** Whether a server that announced SMTPUTF8 refuses it, or an address that needs it (RFC 6531, 3.5). */
const refusesSmtpUtf8 = ({ command, response }: ConnectionError): boolean =>
  command === 'MAIL FROM' &&
  ([504, 555].includes(replyCode(response) ?? 0) || /^5\.6\.[79]$/.test(enhancedStatus(response) ?? ''))

/**
 * Creates a connection that settles each action exactly once, even though nodemailer reports a failure by
 * callback, by event, or by both. It knows whether a message was being sent when the connection broke: the
 * message is a stream, which is read only after the server replied 354. A server that breaks the protocol, or
 * sends without end, is cut off.
 */
export const connectionTo = (settings: SmtpSettings): Connection => {
  const connection = nodemailerConnection(settings)
  let alive = true
  let step: Failure['step'] = 'connect'
  let takesUtf8 = false
  let received = 0
  let settle = (_: Failure | undefined): void => {}
  // Listens for the whole life of the connection, because an unhandled `error` event ends the process.
  connection.on('error', (error: ConnectionError) => settle({ step, error }))
  const ended = new Promise<void>((resolve) => {
    connection.once('end', () => {
      alive = false
      const [then, failure] = [settle, { step, error: { code: 'ECONNECTION' } }]
      // If there is an error with the reason, it follows immediately.
      queueMicrotask(() => then(failure))
      resolve()
    })
  })

  /** Ends the connection with a server that breaks the protocol: none of its further replies can be assigned. */
  const breakOff = () => {
    settle({ step, error: { code: 'EPROTOCOL' } })
    connection.close()
    if (connection._socket) connection._socket.destroy()
  }
  onReceived(connection, (bytes) => {
    received += bytes
    if (received > maxReceived) breakOff()
  })

  const act = (begin: (done: (error?: ConnectionError | null) => void) => void) =>
    new Promise<Failure | undefined>((resolve) => {
      const mine = (failure: Failure | undefined) => {
        if (settle !== mine) return
        settle = () => {}
        resolve(failure)
      }
      settle = mine
      received = 0
      if (alive) begin((error) => mine(error ? { step, error } : undefined))
      else mine({ step, error: { code: 'ECONNECTION' } })
    })

  const authenticate = async () => {
    const { credentials } = settings
    if (credentials === undefined) return undefined
    step = 'auth'
    const auth = { user: credentials.user, pass: credentials.password }
    return act((done) =>
      connection.login({ credentials: auth }, (error) => {
        if (error || isDecision(connection.lastServerResponse, true)) done(error)
        else breakOff()
      }),
    )
  }

  return {
    open: async () => {
      step = 'connect'
      const failure = await act((done) => connection.connect(done))
      // The last reply before the sign-in is the server's list of extensions (EHLO).
      takesUtf8 = /^\d{3}[ -]SMTPUTF8\b/im.test(connection.lastServerResponse || '')
      return failure ?? authenticate()
    },
    send: async ({ from, to }, message) => {
      step = 'envelope'
      if (!takesUtf8 && !isAscii(to)) return { step, error: { code: 'ESMTPUTF8' } }
      const stream = new Readable({
        read() {
          // nodemailer takes any 2xx or 3xx, even one that replied to an earlier command.
          if (replyCode(connection.lastServerResponse) !== 354) return breakOff()
          step = 'message'
          this.push(message)
          this.push(null)
        },
      })
      const failure = await act((done) =>
        connection.send({ from, to: [to] }, stream, (error, info) => {
          if (isDecision(error ? error.response : info?.response, !error)) done(error)
          else breakOff()
        }),
      )
      return failure !== undefined && !isAscii(to) && refusesSmtpUtf8(failure.error)
        ? { step, error: { code: 'ESMTPUTF8', response: failure.error.response } }
        : failure
    },
    forget: async () => {
      if (!alive) return
      // Each byte renews nodemailer's own limit.
      const timer = setTimeout(() => connection.close(), settings.timeouts.inactivity)
      if ((await act((done) => connection.reset(done))) !== undefined) connection.close()
      clearTimeout(timer)
    },
    alive: () => alive,
    quit: () => {
      if (alive) connection.quit()
      setTimeout(() => connection.close(), 1_000).unref()
    },
    cut: () => connection.close(),
    ended,
  }
}
