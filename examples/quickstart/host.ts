import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Authentication, createAuthentication, type Policy } from 'ccass-2fa'
import { argon2Hasher } from 'ccass-2fa/argon2'
import { type CaptureMailer, captureMailer } from 'ccass-2fa/capture-mailer'
import { sqliteStorage } from 'ccass-2fa/sqlite'
import { webCryptoRandom, webCryptoSecretBox } from 'ccass-2fa/web-crypto'
import Database from 'libsql'
import { type MovableClock, movableClock } from '../support/clock.ts'
import { createTrace, type Trace } from '../support/trace.ts'

/** What every part of the story uses. */
export interface Host {
  readonly auth: Authentication
  readonly clock: MovableClock
  readonly mailer: CaptureMailer
  readonly trace: Trace
  /** The SQLite file. */
  readonly file: string
  close(): void
}

/** Monday, 5 June 2023, 09:00 in Hong Kong. */
const start = Date.parse('2023-06-05T09:00:00+08:00')

/**
 * Creates the ports, which connect the library to its environment. A real host uses `systemClock()`, a mailer
 * that sends, and a key from its key store.
 */
export const openHost = (policy: Policy): Host => {
  const directory = mkdtempSync(join(tmpdir(), 'ccass-2fa-'))
  const file = join(directory, 'accounts.sqlite')
  const database = new Database(file)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 5000')
  const close = () => {
    database.close()
    rmSync(directory, { recursive: true, force: true })
  }
  // Removes everything, even if the process is interrupted.
  process.once('SIGINT', () => process.exit(130))
  process.once('exit', close)

  const clock = movableClock(start)
  const mailer = captureMailer()

  const auth = createAuthentication({
    storage: sqliteStorage(database),
    clock,
    mailer,
    passwordHasher: argon2Hasher(),
    random: webCryptoRandom(),
    secretBox: webCryptoSecretBox([{ id: 'demo', key: randomBytes(32) }]),
    policy,
    onError: ({ port }) => console.error(`the port "${port}" failed`),
  })

  return {
    auth,
    clock,
    mailer,
    trace: createTrace(),
    file,
    close,
  }
}
