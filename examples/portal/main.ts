/**
 * The portal: every page of the arrangement in a browser, on SQLite.
 *
 *     npm run example:portal
 *
 * `PORT` chooses another port, `PORTAL_FILE` a file that keeps the accounts; without it they last as long as the
 * process.
 */
import { readFileSync } from 'node:fs'
import { serve } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { sqliteStorage } from 'ccass-2fa/sqlite'
import Database from 'libsql'
import { createPortal } from './app.ts'
import { openHost } from './host.ts'
import { seed, seededPassword } from './seed.ts'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

const database = new Database(process.env['PORTAL_FILE'] ?? ':memory:')
database.exec('PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 5000')
const host = openHost(sqliteStorage(database))
await seed(host)
const portal = createPortal({
  ...host,
  css: read('style.css'),
  sampleListing: read('../data/user-profile-listing.csv'),
  sourceOf: (c) => getConnInfo(c).remote.address,
})
const server = serve(
  { fetch: portal.fetch, hostname: '127.0.0.1', port: Number(process.env['PORT'] ?? 3000) },
  ({ port }) => {
    console.log(`The portal is at http://localhost:${port}

  CCASS/CCMS  B0123401  not set up yet: begin with Forgot/Reset
              B0123402  codes by email, password ${seededPassword}
  DMS         B01234X1, B01234X2, B01234X3  codes by email, the same password

Every email, codes included, is at http://localhost:${port}/mailbox. For development alone.`)
  },
)
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    server.close()
    database.close()
    process.exit(0)
  })
