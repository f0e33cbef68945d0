// What a consumer's types rely on, from every entry point.

import {
  type AuthenticationOptions,
  defaultPolicy,
  definePolicy,
  type Policy,
  type Refusal,
  type Result,
  type Session,
  type UserId,
} from 'ccass-2fa'
import { type AccountCommand, accountDecider } from 'ccass-2fa/account'
import { type Argon2Settings, argon2Hasher } from 'ccass-2fa/argon2'
import * as audit from 'ccass-2fa/audit'
import { type CaptureMailer, captureMailer } from 'ccass-2fa/capture-mailer'
import * as conformance from 'ccass-2fa/conformance'
import * as dms from 'ccass-2fa/dms'
import * as eservices from 'ccass-2fa/eservices'
import { type CsvSource, type ListingCsvRow, readListingCsv } from 'ccass-2fa/listing-csv'
import { memoryStorage } from 'ccass-2fa/memory'
import * as messages from 'ccass-2fa/messages'
import * as migration from 'ccass-2fa/migration'
import * as migrationReport from 'ccass-2fa/migration-report'
import { nodeCryptoRandom, type nodeCryptoSecretBox } from 'ccass-2fa/node-crypto'
import * as ocsf from 'ccass-2fa/ocsf'
import * as opentelemetry from 'ccass-2fa/opentelemetry'
import { type PasswordListOptions, passwordList, sortedHashFile } from 'ccass-2fa/password-list'
import * as pbkdf2 from 'ccass-2fa/pbkdf2'
import { migratePostgres, type PostgresClient, postgresStorage } from 'ccass-2fa/postgres'
import { type RateLimiterOptions, rateLimiter } from 'ccass-2fa/rate-limiter'
import { foldEvents, parseUserId } from 'ccass-2fa/rules'
import * as scrypt from 'ccass-2fa/scrypt'
import { type Locales, type SmtpMailer, type SmtpOptions, smtpMailer } from 'ccass-2fa/smtp'
import { type SqliteDatabase, sqliteStorage } from 'ccass-2fa/sqlite'
import * as sqliteAsync from 'ccass-2fa/sqlite-async'
import { systemClock } from 'ccass-2fa/system-clock'
import * as testing from 'ccass-2fa/testing'
import { webCryptoRandom, webCryptoSecretBox } from 'ccass-2fa/web-crypto'

const settings: Argon2Settings = { memoryKiB: 8, passes: 1, lanes: 1 }
const random = webCryptoRandom()
const mailer: CaptureMailer = captureMailer()
const policy: Policy = definePolicy({ lockout: { failedSignIns: 3 } }).unwrapOr(defaultPolicy)

export const options: AuthenticationOptions = {
  storage: memoryStorage(),
  clock: systemClock(),
  mailer,
  passwordHasher: argon2Hasher(settings),
  random,
  secretBox: webCryptoSecretBox([{ id: 'k1', key: nodeCryptoRandom().bytes(32) }]) satisfies ReturnType<
    typeof nodeCryptoSecretBox
  >,
  policy,
}

export const inSqlite = (db: SqliteDatabase): AuthenticationOptions => ({
  ...options,
  storage: sqliteStorage(db),
})

export const inPostgres = async (pool: PostgresClient): Promise<AuthenticationOptions> => {
  await migratePostgres(pool, { schema: 'accounts', partitions: 8 })
  return { ...options, storage: postgresStorage(pool, { schema: 'accounts' }) }
}

const locales: Locales = ['en', 'zh-Hant']
const smtp: SmtpOptions = { host: 'localhost', from: 'no-reply@participant.example', locales }

export const byMail = (): AuthenticationOptions & { readonly mailer: SmtpMailer } => ({
  ...options,
  mailer: smtpMailer(smtp),
})

const list: PasswordListOptions = { ignoreCase: true }
const limits: RateLimiterOptions = { attempts: 60, seconds: 60 }

export const guarded: readonly AuthenticationOptions[] = [
  { ...options, passwordBlocklist: passwordList(['password'], list), rateLimiter: rateLimiter(limits) },
  { ...options, passwordBlocklist: sortedHashFile('pwnedpasswords.txt') },
]

/** The refusal is known, and its code narrows it. */
export const idOf = (text: string): UserId | 'length' | 'characters' | 'shape' =>
  parseUserId(text).match(
    ({ userId }) => userId,
    ({ problem }) => problem,
  )

/** A refusal's facts come with its code. */
export const retryAt = (refusal: Refusal): number | undefined =>
  refusal.code === 'too-many-codes' || refusal.code === 'too-many-attempts' ? refusal.retryAt : undefined

/** A session names its holder; consumers cannot make one. */
export const holder = (session: Session): UserId => session.userId
// @ts-expect-error consumers cannot make a session
export const forged: Session = { userId: '', role: 'User' }

/** A command that there is not does not compile. */
export const unlocked = (at: number): Result<unknown, { readonly reason: string }> => {
  const command: AccountCommand = { type: 'Unlock', at }
  // @ts-expect-error there is no such command
  const none: AccountCommand = { type: 'Unlocc', at }
  void none
  return accountDecider
    .decide(accountDecider.initial, command, policy)
    .map((events) => foldEvents(accountDecider.evolve, accountDecider.initial, events))
}

/** A row of a listing is an account, or says what is wrong with it. */
export const firstLine = async (source: CsvSource): Promise<string | undefined> => {
  const listing = await readListingCsv(source)
  if (listing.isErr()) return listing.error.problem
  for await (const row of listing.value.rows) return nameIn(row)
  return undefined
}
const nameIn = ({ line, read }: ListingCsvRow) =>
  read.match(
    ({ profile }) => `${line} ${profile.surname}`,
    ({ problems }) => `${line} ${problems.length}`,
  )

export const kit: object = testing

export const others: readonly object[] = [
  audit,
  conformance,
  dms,
  eservices,
  messages,
  migration,
  migrationReport,
  ocsf,
  opentelemetry,
  pbkdf2,
  scrypt,
  sqliteAsync,
]
