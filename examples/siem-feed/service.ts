import { randomBytes } from 'node:crypto'
import { type Authentication, createAuthentication } from 'ccass-2fa'
import { argon2Hasher } from 'ccass-2fa/argon2'
import { captureMailer } from 'ccass-2fa/capture-mailer'
import { sqliteStorage } from 'ccass-2fa/sqlite'
import { systemClock } from 'ccass-2fa/system-clock'
import { webCryptoRandom, webCryptoSecretBox } from 'ccass-2fa/web-crypto'
import Database from 'libsql'

/** A service on an SQLite file, and how to close the file. */
export const openService = (file: string): { readonly auth: Authentication; close(): void } => {
  const database = new Database(file)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 5000')
  const auth = createAuthentication({
    storage: sqliteStorage(database),
    clock: systemClock(),
    mailer: captureMailer(),
    passwordHasher: argon2Hasher(),
    random: webCryptoRandom(),
    secretBox: webCryptoSecretBox([{ id: 'demo', key: randomBytes(32) }]),
    onError: ({ port }) => console.error(`the port "${port}" failed`),
  })
  return { auth, close: () => database.close() }
}
