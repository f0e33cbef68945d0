import { randomBytes } from 'node:crypto'
import { type Authentication, createAuthentication, defineTimeline, type Timeline } from 'ccass-2fa'
import { argon2Hasher } from 'ccass-2fa/argon2'
import { captureMailer } from 'ccass-2fa/capture-mailer'
import { sqliteStorage } from 'ccass-2fa/sqlite'
import { webCryptoRandom, webCryptoSecretBox } from 'ccass-2fa/web-crypto'
import Database from 'libsql'
import { type MovableClock, movableClock } from '../support/clock.ts'

/** Converts Hong Kong local time to an instant. */
export const hk = (text: string): number => Date.parse(`${text}+08:00`)

/** The dates of the transition. A participant may have its own (MIG-16). */
export const dates = {
  launch: hk('2023-06-05T09:00'),
  decommissioning: hk('2023-12-04T00:00'),
  participants: { BNK999: { launch: hk('2023-06-12T09:00') } },
}

/** The library and storage that the migration uses. */
export interface Host {
  readonly auth: Authentication
  readonly clock: MovableClock
  readonly timeline: Timeline
  close(): void
}

/** Opens a host over an SQLite file. Several processes may do so at the same time. */
export const openHost = (file: string): Host => {
  const database = new Database(file)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000')
  const clock = movableClock(hk('2023-05-02T10:00'))
  const timeline = defineTimeline(dates)
  if (timeline.isErr()) throw new Error(JSON.stringify(timeline.error.problems))
  const auth = createAuthentication({
    storage: sqliteStorage(database),
    clock,
    mailer: captureMailer(),
    passwordHasher: argon2Hasher(),
    random: webCryptoRandom(),
    secretBox: webCryptoSecretBox([{ id: 'demo', key: randomBytes(32) }]),
    timeline: timeline.value,
    onError: ({ port }) => console.error(`the port "${port}" failed`),
  })
  return { auth, clock, timeline: timeline.value, close: () => database.close() }
}
