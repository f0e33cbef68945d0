import type { DeliveryResult, Mail } from '../../ports/mailer.ts'
import { type Sender, senderOf, wireAddress } from '../mail/address.ts'
import { isLocales, type Locales } from '../mail/locale.ts'
import { defaultTemplates, type MailTemplates } from '../mail/templates.ts'

/**
 * How the connection to the server is encrypted. `starttls`: by STARTTLS, or nothing is sent; `implicit`: from
 * the first byte; `opportunistic`: by STARTTLS if the server offers it, in the clear otherwise, which anyone
 * on the line can cause; `none`: in the clear.
 *
 * @category Adapters
 */
export type SmtpTls = 'starttls' | 'implicit' | 'opportunistic' | 'none'

/**
 * How far a mail got.
 *
 * @category Adapters
 */
export type SmtpStep = 'address' | 'wording' | 'waiting' | 'connect' | 'login' | 'envelope' | 'message'

/**
 * Why a mail was not simply delivered. It never contains the mail, its recipient or the server's text.
 *
 * @category Adapters
 */
export interface DeliveryFailure {
  readonly mail: Mail['type']
  /** The outcome returned to the service. */
  readonly delivery: DeliveryResult
  /** The step that failed. */
  readonly step: SmtpStep
  /** The error's name, e.g. `ETIMEDOUT`, `ETLS`, `EAUTH`. */
  readonly code?: string
  /** The server's reply, e.g. 550. */
  readonly reply?: number
  /** Its enhanced status code (RFC 3463), e.g. `5.1.1`. */
  readonly status?: string
  /** Whether the whole message may have reached the server although no reply arrived. */
  readonly uncertain: boolean
}

/**
 * The options of the mailer.
 *
 * @category Adapters
 */
export interface SmtpOptions {
  /** Name or IP address of the mail server. */
  readonly host: string
  /** 1–65,535; by default 587, and 465 with `tls: 'implicit'`. */
  readonly port?: number
  /** By default `starttls`. The server's certificate must be valid in every mode. */
  readonly tls?: SmtpTls
  /** For a server whose certificate is not from a public authority, or not in the host's name. */
  readonly certificate?: {
    /** Trusted authorities instead of the public ones, PEM. */
    readonly ca?: string | readonly string[]
    /** The name that the certificate must be in; by default the host's. */
    readonly servername?: string
  }
  /** For SMTP AUTH; never sent in the clear, but on the loopback. */
  readonly credentials?: { readonly user: string; readonly password: string }
  /** Who the mails are from: an address, with a name or without. */
  readonly from: string | { readonly name?: string; readonly address: string }
  /** Where answers go, if anywhere else. */
  readonly replyTo?: string | { readonly name?: string; readonly address: string }
  /** Where the mail servers' own reports go; by default to the address of `from`. */
  readonly returnPath?: string
  /**
   * The languages of the mails, or what tells them mail by mail; with several, a mail says everything in each,
   * in that order. By default English.
   */
  readonly locales?: Locales | ((mail: Mail) => Locales | Promise<Locales>)
  /** Your own wording for some types of mail. */
  readonly templates?: Partial<MailTemplates>
  /** What this host calls itself in EHLO; by default its host name. */
  readonly clientName?: string
  /** Connections at once, 1–50; by default 4. More mails than that wait for their turn. */
  readonly connections?: number
  /** Milliseconds, each 1–3,600,000. */
  readonly timeouts?: Partial<SmtpTimeouts>
  /** Called for every mail that was not simply delivered, for the host's log. */
  readonly onDeliveryFailure?: (failure: DeliveryFailure) => void
}

/**
 * How long each thing may take, in milliseconds.
 *
 * @category Adapters
 */
export interface SmtpTimeouts {
  /** Name look-up, connection, greeting and TLS; 10,000. */
  readonly connect: number
  /** The server's greeting; 10,000. */
  readonly greeting: number
  /** Silence of the server; 20,000. */
  readonly silence: number
  /** A mail altogether, waiting for its turn included: after that, there is an answer; 30,000. */
  readonly total: number
  /** An idle connection is kept that long; 10,000. */
  readonly idle: number
}

/** The options, checked and complete. */
export interface SmtpSettings
  extends Required<Omit<SmtpOptions, 'from' | 'replyTo' | 'credentials' | 'clientName' | 'timeouts'>> {
  readonly from: Sender
  readonly replyTo: Sender | undefined
  readonly credentials: SmtpOptions['credentials'] | undefined
  readonly clientName: string | undefined
  readonly templates: MailTemplates
  readonly timeouts: SmtpTimeouts
}

const usual: SmtpTimeouts = {
  connect: 10_000,
  greeting: 10_000,
  silence: 20_000,
  total: 30_000,
  idle: 10_000,
}

const whole = (option: string, value: number, most: number) => {
  if (!Number.isSafeInteger(value) || value < 1 || value > most)
    throw new RangeError(`${option}: must be a whole number from 1 to ${most}`)
  return value
}

const isSecret = (value: unknown) => typeof value === 'string' && value !== '' && !value.includes('\0')

const modes: readonly SmtpTls[] = ['starttls', 'implicit', 'opportunistic', 'none']
const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i

/**
 * The options, checked.
 *
 * @throws TypeError or RangeError, naming the option; no password is in it.
 */
export const settingsOf = (options: SmtpOptions): SmtpSettings => {
  const { host, tls = 'starttls', credentials, clientName, locales = ['en'], timeouts = {} } = options
  if (typeof host !== 'string' || !/^[\w.:-]{1,253}$/.test(host))
    throw new TypeError('host: must be a name or an IP address')
  if (!modes.includes(tls)) throw new TypeError(`tls: must be one of ${modes.join(', ')}`)
  if (credentials !== undefined && (tls === 'none' || tls === 'opportunistic') && !loopback.test(host))
    throw new TypeError(`credentials: must not go over a line that may be in the clear (tls: '${tls}')`)
  if (credentials !== undefined && !(isSecret(credentials.user) && isSecret(credentials.password)))
    throw new TypeError('credentials: user and password must be texts without NUL, not empty')
  if (clientName !== undefined && !/^[\w.:[\]-]{1,253}$/.test(clientName))
    throw new TypeError('clientName: must be a host name')
  if (typeof locales !== 'function' && !isLocales(locales))
    throw new TypeError('locales: must be languages of the mails, none twice')
  const from = senderOf('from', options.from)
  const returnPath = wireAddress(options.returnPath ?? from.address)
  if (returnPath === undefined) throw new TypeError('returnPath: must be one email address')
  const times = { ...usual, ...timeouts }
  for (const [name, value] of Object.entries(times)) whole(`timeouts.${name}`, value, 3_600_000)
  return {
    host,
    port: whole('port', options.port ?? (tls === 'implicit' ? 465 : 587), 65_535),
    tls,
    certificate: options.certificate ?? {},
    credentials,
    from,
    replyTo: options.replyTo === undefined ? undefined : senderOf('replyTo', options.replyTo),
    returnPath,
    locales,
    templates: { ...defaultTemplates, ...options.templates },
    clientName,
    connections: whole('connections', options.connections ?? 4, 50),
    timeouts: times,
    onDeliveryFailure: options.onDeliveryFailure ?? (() => {}),
  }
}
