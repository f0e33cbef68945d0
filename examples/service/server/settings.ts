import { randomBytes } from 'node:crypto'
import type { NamedKey } from 'ccass-2fa/web-crypto'

/** What the service is told by its environment, read once and checked whole. */
export interface Settings {
  /** 0 takes a free port. */
  readonly port: number
  /** `127.0.0.1` unless told: anyone who opens it to a network says so. */
  readonly address: string
  /** Connection strings of one PostgreSQL: the primary first, then those that may be promoted. Empty: SQLite. */
  readonly databases: readonly string[]
  /** The schema of the tables; the library's own unless given. */
  readonly schema?: string
  /** Without PostgreSQL: a file; without a file: one that is gone when the process ends. */
  readonly sqliteFile?: string
  /** The newest first; none: keys for this process alone, in development. */
  readonly keys: readonly NamedKey[]
  /** `smtp://user:password@host:port` or `smtps://…`. None: mails are kept, in development. */
  readonly smtp?: { readonly url: URL; readonly from: string }
  /** What the systems behind the service present: the smartcard flow, the help desk. None: they are shut out; in
   * development, one is made up. */
  readonly internalToken?: string
  /** What fastify may believe of `x-forwarded-for`: `false`, or the addresses of the proxies, e.g. `10.0.0.0/8`. */
  readonly trustProxy: false | string
  /** Of one source, in each process, for anything that needs no sign-in (LOCK-14). */
  readonly attemptsPerMinute: number
  readonly logLevel: string
  /** How long a stop may take before the process ends all the same. */
  readonly stopSeconds: number
  /** Keys are made up, codes are shown to anyone who asks. Nothing here is safe then. */
  readonly insecureDevelopment: boolean
  /** Passwords are hashed by something that costs nothing and protects nothing; in development. */
  readonly stubHasher: boolean
  /** Where notices that were sent are noted, a line each; in development. */
  readonly noticeFile?: string
}

type Environment = Readonly<Record<string, string | undefined>>

/** A setting that can't be. Its text names the variable, and never shows the value. */
export class SettingsError extends Error {}

const whole = (env: Environment, name: string, otherwise: number, most: number) => {
  const value = Number(env[name] ?? otherwise)
  if (Number.isInteger(value) && value >= 0 && value <= most) return value
  throw new SettingsError(`${name} must be a whole number from 0 to ${most}`)
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

/** What may only be left open where nothing is at stake. */
const checked = (settings: Settings): Settings => {
  const { insecureDevelopment, keys, databases, sqliteFile, smtp, stubHasher, noticeFile } = settings
  const lasting = databases.length > 0 || sqliteFile !== undefined
  if (keys.length === 0 && (lasting || !insecureDevelopment))
    throw new SettingsError('SECRET_KEYS is needed: what is sealed today must be opened tomorrow')
  if (insecureDevelopment) return settings
  if (smtp === undefined) throw new SettingsError('SMTP_URL is needed: no one gets a code otherwise')
  if (stubHasher || noticeFile !== undefined)
    throw new SettingsError('STUB_HASHER and NOTICE_FILE are for --insecure-development alone')
  return settings
}

/**
 * The settings of an environment and a command line.
 *
 * @throws SettingsError, naming the variable.
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
