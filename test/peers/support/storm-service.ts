/**
 * The library in one process of a storm: over PostgreSQL, with a fast clock and a mailer that reports mails.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { SentNotice } from '../../../examples/service/load/ledger.ts'
import { openDatabase } from '../../../examples/service/server/database.ts'
import { webCryptoRandom, webCryptoSecretBox } from '../../../src/adapters/web-crypto.ts'
import {
  type Authentication,
  type Clock,
  createAuthentication,
  definePolicy,
  type ReportedError,
  type StoragePort,
} from '../../../src/index.ts'
import { migratePostgres, postgresStorage } from '../../../src/stores/postgres.ts'
import { stubHasher } from '../../support/stub-hasher.ts'

/** The settings that all processes of a storm share. */
export interface StormSettings {
  /** The addresses of one database, the primary first. */
  readonly databases: readonly string[]
  /** 32 bytes, in base64. */
  readonly key: string
  /** The instant at which the clock began to run fast, in epoch milliseconds. */
  readonly begun: number
}

/** The speed of the clock: a step of 30 s takes 1.5 s, and the claim of a dead process expires after 3 s. */
export const speed = 20

/** The same hasher in every process. */
export const fastClock = ({ begun }: Pick<StormSettings, 'begun'>): Clock => ({
  now: () => begun + (Date.now() - begun) * speed,
})

const policy = definePolicy({
  challenge: { maxOpen: 64 },
  emailCode: { rateLimit: { max: 100, perSeconds: 60 } },
})._unsafeUnwrap()

/** One process's part in a storm. */
export interface StormService {
  readonly auth: Authentication
  readonly clock: Clock
  readonly storage: StoragePort
  readonly faults: readonly ReportedError[]
  /** The newest code that this process mailed to an account. */
  codeFor(userId: string): string
  close(): Promise<void>
}

/** Opens it. `onNotice` is called with each notice before the mailer reports it as delivered. */
export const openStormService = async (
  settings: StormSettings,
  onNotice: (sent: SentNotice) => void,
): Promise<StormService> => {
  const database = openDatabase(settings.databases, 8)
  await migratePostgres(database)
  const storage = postgresStorage(database)
  const clock = fastClock(settings)
  const codes = new Map<string, string>()
  const faults: ReportedError[] = []
  const auth = createAuthentication({
    ...{ storage, clock, policy, random: webCryptoRandom(), passwordHasher: stubHasher() },
    secretBox: webCryptoSecretBox([
      { id: 'storm', key: Uint8Array.from(Buffer.from(settings.key, 'base64')) },
    ]),
    mailer: {
      send: async (mail, id = '') => {
        if (mail.type === 'code') codes.set(mail.userId, mail.code)
        else {
          // Like a mail server, it takes some time before and after: long enough to be killed in between.
          await pause(Math.random() * 60)
          onNotice({ operation: 'notice', id })
          await pause(Math.random() * 20)
        }
        return 'delivered'
      },
    },
    onError: (fault) => faults.push(fault),
  })
  return {
    ...{ auth, clock, storage, faults, close: database.close },
    codeFor: (userId) => codes.get(userId) ?? '',
  }
}
