/**
 * The portal on Bun, with its server, `bun:sqlite` and scrypt from its `node:crypto`.
 *
 *     bun examples/portal/runtimes/bun.ts
 */
import { rateLimiter } from 'ccass-2fa/rate-limiter'
import { scryptHasher } from 'ccass-2fa/scrypt'
import { type SqliteDatabase, sqliteStorage } from 'ccass-2fa/sqlite'
import { getConnInfo } from 'hono/bun'
import { greeting, openPortal } from '../open.ts'
import { settingsOf } from '../settings.ts'

/** Imports a module of Bun. TypeScript must not resolve it, because Bun's types are not installed. */
const load = async <T>(specifier: string): Promise<T> => (await import(specifier)) as T
const { Database } = await load<{ Database: new (path: string) => SqliteDatabase & { close(): void } }>(
  'bun:sqlite',
)
const { serve } = await load<{
  serve(options: {
    fetch(request: Request, server: object): Response | Promise<Response>
    hostname: string
    port: number
  }): { readonly port: number; stop(): void }
}>('bun')

const { port, file, pages } = settingsOf(process.env)
const database = new Database(file)
database.exec('PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 5000')
const portal = await openPortal({
  ...pages,
  storage: sqliteStorage(database),
  passwordHasher: scryptHasher(),
  rateLimiter: rateLimiter({ attempts: 600, seconds: 60 }),
  sourceOf: (c) => getConnInfo(c).remote.address,
})
const server = serve({
  // Hono finds the address of a client through the server.
  fetch: (request, server) => portal.fetch(request, { server }),
  hostname: '127.0.0.1',
  port,
})
console.log(greeting(`http://localhost:${server.port}`))
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    server.stop()
    database.close()
    process.exit(0)
  })
