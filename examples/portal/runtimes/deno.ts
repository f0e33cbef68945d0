/**
 * The portal on Deno, with its server, `node:sqlite` and scrypt from its `node:crypto`.
 *
 *     npm run build
 *     deno run --allow-net --allow-env --allow-read --allow-write --node-modules-dir=manual examples/portal/runtimes/deno.ts
 */
import { rateLimiter } from 'ccass-2fa/rate-limiter'
import { scryptHasher } from 'ccass-2fa/scrypt'
import { type SqliteDatabase, sqliteStorage } from 'ccass-2fa/sqlite'
import { getConnInfo } from 'hono/deno'
import { greeting, openPortal } from '../open.ts'
import { settingsOf } from '../settings.ts'

/** Imports a module that is missing in the Node version whose types are installed. */
const load = async <T>(specifier: string): Promise<T> => (await import(specifier)) as T
const { DatabaseSync } = await load<{
  DatabaseSync: new (path: string) => SqliteDatabase & { close(): void }
}>('node:sqlite')
const { Deno } = globalThis as unknown as {
  readonly Deno: {
    serve(
      options: { hostname: string; port: number; onListen(address: { port: number }): void },
      handler: (request: Request, info: object) => Response | Promise<Response>,
    ): { shutdown(): Promise<void> }
  }
}

const { port, file, pages } = settingsOf(process.env)
const database = new DatabaseSync(file)
database.exec('PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 5000')
const portal = await openPortal({
  ...pages,
  storage: sqliteStorage(database),
  passwordHasher: scryptHasher(),
  rateLimiter: rateLimiter({ attempts: 600, seconds: 60 }),
  sourceOf: (c) => getConnInfo(c).remote.address,
})
Deno.serve(
  {
    hostname: '127.0.0.1',
    port,
    onListen: (address) => console.log(greeting(`http://localhost:${address.port}`)),
  },
  (request, info) => portal.fetch(request, info),
)
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    database.close()
    process.exit(0)
  })
