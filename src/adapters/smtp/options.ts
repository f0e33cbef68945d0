import type { DeliveryResult, Mail } from '../../ports/mailer.ts'
import { type Sender, senderOf, wireAddress } from '../mail/address.ts'
import { isLocales, type Locales } from '../mail/locale.ts'
import { defaultTemplates, type MailTemplates } from '../mail/templates.ts'

/**
 * How the connection to the server is encrypted.
 *
 * - `starttls`: with STARTTLS. If that fails, nothing is sent.
 * - `implicit`: from the first byte.
 * - `opportunistic`: with STARTTLS if the server offers it, otherwise unencrypted. An attacker on the network
 *   can force the second case.
 * - `none`: unencrypted.
 *
 * @category Adapters
 */
export type SmtpTls = 'starttls' | 'implicit' | 'opportunistic' | 'none'

/**
 * The step at which the delivery of a mail failed.
 *
 * @category Adapters
 */
export type SmtpStep = 'address' | 'render' | 'waiting' | 'connect' | 'auth' | 'envelope' | 'message'

/**
 * Why a mail was not delivered normally. It never contains the mail, its recipient or the server's text.
 *
 * @category Adapters
 */
export interface DeliveryFailure {
  readonly mail: Mail['type']
  /** The outcome returned to the service. */
  readonly delivery: DeliveryResult
  /** The step that failed. */
  readonly step: SmtpStep
  /** The error's name, such as `ETIMEDOUT`, `ETLS`, `EAUTH`. */
  readonly code?: string
  /** The server's reply code, such as 550. */
  readonly reply?: number
  /** Its enhanced status code (RFC 3463), such as `5.1.1`. */
  readonly status?: string
  /** Whether the whole message may have reached the server although no reply arrived. */
  readonly uncertain: boolean
}

/**
 * Options of {@link smtpMailer}.
 *
 * @category Adapters
 */
export interface SmtpOptions {
  /** The name or IP address of the mail server. */
  readonly host: string
  /** 1–65,535. Default: 587, or 465 with `tls: 'implicit'`. */
  readonly port?: number
  /** Default: `starttls`. The server's certificate must be valid in every mode. */
  readonly tls?: SmtpTls
  /** For a server whose certificate is from a private authority or for another name. */
  readonly certificate?: {
    /** Trusted authorities instead of the public ones, in PEM. */
    readonly ca?: string | readonly string[]
    /** The name that the certificate must contain. Default: `host`. */
    readonly servername?: string
  }
  /** For SMTP AUTH. Never sent unencrypted, except on the loopback interface. */
  readonly credentials?: { readonly user: string; readonly password: string }
  /** The sender of the mails: an address, with or without a name. */
  readonly from: string | { readonly name?: string; readonly address: string }
  /** Where replies go. Default: to the sender. */
  readonly replyTo?: string | { readonly name?: string; readonly address: string }
  /** Where delivery reports of mail servers go. Default: the address of `from`. */
  readonly returnPath?: string
  /**
   * The languages of the mails, or a function that selects them for each mail. With several, a mail repeats
   * everything in each of them, in this order. Default: English.
   */
  readonly locales?: Locales | ((mail: Mail) => Locales | Promise<Locales>)
  /** Your own wording for some types of mail. */
  readonly templates?: Partial<MailTemplates>
  /** The name that this host states in EHLO. Default: its host name. */
  readonly clientName?: string
  /** The maximum number of connections, 1–50. Default: 4. Further mails wait. */
  readonly connections?: number
  /** In milliseconds, each 1–3,600,000. */
  readonly timeouts?: Partial<SmtpTimeouts>
  /** Called for every mail that was not delivered normally, for the host's log. */
  readonly onDeliveryFailure?: (failure: DeliveryFailure) => void
}

/**
 * Time limits in milliseconds.
 *
 * @category Adapters
 */
export interface SmtpTimeouts {
  /** Name look-up, connection, greeting and TLS. Default: 10,000. */
  readonly connect: number
  /** The server's greeting. Default: 10,000. */
  readonly greeting: number
  /** Inactivity of the server. Default: 20,000. */
  readonly inactivity: number
  /**
   * The whole delivery of a mail, including the wait for a connection. After this time the outcome is known.
   * Default: 30,000.
   */
  readonly total: number
  /** How long an idle connection is kept. Default: 10,000. */
  readonly idle: number
}

/** The options, validated and with defaults. */
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
  inactivity: 20_000,
  total: 30_000,
  idle: 10_000,
}

const whole = (option: string, value: number, maximum: number) => {
  if (!Number.isSafeInteger(value) || value < 1 || value > maximum)
    throw new RangeError(`${option}: must be a whole number from 1 to ${maximum}`)
  return value
}

const isSecret = (value: unknown) => typeof value === 'string' && value !== '' && !value.includes('\0')

const modes: readonly SmtpTls[] = ['starttls', 'implicit', 'opportunistic', 'none']
const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i

/**
 * Validates the options and adds the defaults.
 *
 * @throws TypeError or RangeError that names the option. The error never contains a password.
 */
export const settingsOf = (options: SmtpOptions): SmtpSettings => {
  const { host, tls = 'starttls', credentials, clientName, locales = ['en'], timeouts = {} } = options
  if (typeof host !== 'string' || !/^[\w.:-]{1,253}$/.test(host))
    throw new TypeError('host: must be a name or an IP address')
  if (!modes.includes(tls)) throw new TypeError(`tls: must be one of ${modes.join(', ')}`)
  if (credentials !== undefined && (tls === 'none' || tls === 'opportunistic') && !loopback.test(host))
    throw new TypeError(
      `credentials: must not be sent over a connection that may be unencrypted (tls: '${tls}')`,
    )
  if (credentials !== undefined && !(isSecret(credentials.user) && isSecret(credentials.password)))
    throw new TypeError('credentials: user and password must be non-empty texts without NUL')
  if (clientName !== undefined && !/^[\w.:[\]-]{1,253}$/.test(clientName))
    throw new TypeError('clientName: must be a host name')
  if (typeof locales !== 'function' && !isLocales(locales))
    throw new TypeError('locales: must be supported languages without duplicates')
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
