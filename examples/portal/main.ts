/**
 * The portal: all pages of the briefing in a browser, on Node and SQLite.
 *
 *     npm run example:portal
 *
 * `PORT` sets another port. `PORTAL_FILE` names a file that keeps the accounts. Without it, they exist only
 * while the process runs. `PORTAL_ORIGIN` is the address in the browser if a proxy terminates TLS.
 */
import { serve } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { argon2Hasher } from 'ccass-2fa/argon2'
import { rateLimiter } from 'ccass-2fa/rate-limiter'
import { sqliteStorage } from 'ccass-2fa/sqlite'
import Database from 'libsql'
import { endWithNpm } from '../support/end-with-npm.ts'
import { greeting, openPortal } from './open.ts'
import { settingsOf } from './settings.ts'

const { port, file, pages } = settingsOf(process.env)
const database = new Database(file)
database.exec('PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 5000')
const portal = await openPortal({
  ...pages,
  storage: sqliteStorage(database),
  passwordHasher: argon2Hasher(),
  rateLimiter: rateLimiter({ attempts: 600, seconds: 60 }),
  sourceOf: (c) => getConnInfo(c).remote.address,
})
const server = serve({ fetch: portal.fetch, hostname: '127.0.0.1', port }, (address) =>
  console.log(greeting(`http://localhost:${address.port}`)),
)
const end = () => {
  server.close()
  database.close()
  process.exit(0)
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end)
endWithNpm(end)
