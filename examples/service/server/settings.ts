import { randomBytes } from 'node:crypto'
import type { NamedKey } from 'ccass-2fa/web-crypto'

/** The settings from the environment, read and validated once. */
export interface Settings {
  /** 0 selects a free port. */
  readonly port: number
  /** Default: `127.0.0.1`, so that the service is reachable from a network only if you say so. */
  readonly address: string
  /**
   * Connection strings of one PostgreSQL cluster: the primary first, then the replicas that may be promoted.
   * Empty: SQLite.
   */
  readonly databases: readonly string[]
  /** The schema of the tables. Default: the library's. */
  readonly schema?: string
  /** The file for SQLite. Without it, the data is lost when the process ends. */
  readonly sqliteFile?: string
  /** Newest first. Empty: keys for this process only, in development. */
  readonly keys: readonly NamedKey[]
  /** `smtp://user:password@host:port` or `smtps://…`. Absent: mails are kept in memory, in development. */
  readonly smtp?: { readonly url: URL; readonly from: string }
  /**
   * The token that internal systems present, such as the smartcard flow and the help desk. Absent: they have
   * no access, except in development, where a token is generated.
   */
  readonly internalToken?: string
  /**
   * The proxies whose `x-forwarded-for` fastify trusts: `false`, or their addresses, such as `10.0.0.0/8`.
   */
  readonly trustProxy: false | string
  /** Requests per source and process for operations without a sign-in (LOCK-14). */
  readonly attemptsPerMinute: number
  readonly logLevel: string
  /** The maximum duration of a stop, after which the process ends anyway. */
  readonly stopSeconds: number
  /** Generates keys and shows codes to any caller. Not secure. */
  readonly insecureDevelopment: boolean
  /** Hashes passwords with a hasher that costs nothing and protects nothing. Only in development. */
  readonly stubHasher: boolean
  /** Where sent notices are recorded, one per line. Only in development. */
  readonly noticeFile?: string
}

type Environment = Readonly<Record<string, string | undefined>>

/** An invalid setting. The message names the variable and never shows the value. */
export class SettingsError extends Error {}

const whole = (env: Environment, name: string, defaultValue: number, maximum: number) => {
  const value = Number(env[name] ?? defaultValue)
  if (Number.isInteger(value) && value >= 0 && value <= maximum) return value
  throw new SettingsError(`${name} must be a whole number from 0 to ${maximum}`)
}

const word = <Name extends string>(name: Name, value: string | undefined) =>
  (value === undefined || value === '' ? {} : { [name]: value }) as { readonly [N in Name]?: string }

/** `k2:<base64 of 32 bytes>,k1:…`. */
const keysOf = (text = ''): readonly NamedKey[] =>
  text
    .split(',')
    .filter((each) => each !== '')
    .map((each) => {
      const [id = '', base64 = ''] = each.split(':')
      const key = Uint8Array.from(Buffer.from(base64, 'base64'))
      if (/^[\w-]{1,32}$/.test(id) && key.length === 32) return { id, key }
      throw new SettingsError('SECRET_KEYS must be name:base64 pairs, each of 32 bytes')
    })

const smtpOf = (env: Environment): Pick<Settings, 'smtp'> => {
  const { SMTP_URL: text = '', MAIL_FROM: from = '' } = env
  if (text === '') return {}
  if (!URL.canParse(text) || !/^smtps?:$/.test(new URL(text).protocol))
    throw new SettingsError('SMTP_URL must be smtp://… or smtps://…')
  if (from === '') throw new SettingsError('MAIL_FROM must be the address that mails are sent from')
  return { smtp: { url: new URL(text), from } }
}

/** Refuses incomplete settings outside of development. */
const checked = (settings: Settings): Settings => {
  const { insecureDevelopment, keys, databases, sqliteFile, smtp, stubHasher, noticeFile } = settings
  const isPersistent = databases.length > 0 || sqliteFile !== undefined
  if (keys.length === 0 && (isPersistent || !insecureDevelopment))
    throw new SettingsError('SECRET_KEYS is required: sealed data must be readable after a restart')
  if (insecureDevelopment) return settings
  if (smtp === undefined) throw new SettingsError('SMTP_URL is required to send codes')
  if (stubHasher || noticeFile !== undefined)
    throw new SettingsError('STUB_HASHER and NOTICE_FILE require --insecure-development')
  return settings
}

/**
 * Reads the settings from the environment and the command line.
 *
 * @throws SettingsError that names the variable.
 */
export const readSettings = (env: Environment, args: readonly string[]): Settings => {
  const insecureDevelopment = args.includes('--insecure-development')
  if (insecureDevelopment && env['NODE_ENV'] === 'production')
    throw new SettingsError('--insecure-development and NODE_ENV=production contradict each other')
  const { INTERNAL_TOKEN: internalToken = insecureDevelopment ? randomBytes(24).toString('hex') : '' } = env
  if (internalToken !== '' && internalToken.length < 32)
    throw new SettingsError('INTERNAL_TOKEN must have 32 characters or more')
  return checked({
    port: whole(env, 'PORT', 8080, 65_535),
    address: env['ADDRESS'] ?? '127.0.0.1',
    databases: (env['DATABASE_URL'] ?? '').split(',').filter((each) => each !== ''),
    keys: keysOf(env['SECRET_KEYS']),
    trustProxy: env['TRUST_PROXY'] || false,
    attemptsPerMinute: whole(env, 'ATTEMPTS_PER_MINUTE', 60, 1_000_000),
    logLevel: env['LOG_LEVEL'] ?? 'info',
    stopSeconds: whole(env, 'STOP_SECONDS', 25, 3_600),
    insecureDevelopment,
    stubHasher: env['STUB_HASHER'] === '1',
    ...smtpOf(env),
    ...word('schema', env['DATABASE_SCHEMA']),
    ...word('sqliteFile', env['SQLITE_FILE']),
    ...word('internalToken', internalToken),
    ...word('noticeFile', env['NOTICE_FILE']),
  })
}
