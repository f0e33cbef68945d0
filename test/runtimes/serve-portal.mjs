/**
 * Serves the portal from workerd, through Miniflare, until it gets a signal. Run by Node 22 or later, after
 * `npm ci --ignore-scripts --prefix test/runtimes`:
 *
 *     node test/runtimes/serve-portal.mjs
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const { Miniflare } = createRequire(import.meta.url)('miniflare')
const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const read = (path) => readFileSync(at(path), 'utf8')

const { outputFiles } = await build({
  entryPoints: [at('examples/portal/runtimes/workerd.ts')],
  tsconfig: at('tsconfig.json'),
  bundle: true,
  write: false,
  format: 'esm',
  target: 'es2022',
  platform: 'neutral',
  mainFields: ['module', 'main'],
  conditions: ['workerd', 'worker', 'import'],
  external: ['node:*'],
  logLevel: 'error',
})
const origin = process.env.PORTAL_ORIGIN
const worker = new Miniflare({
  host: '127.0.0.1',
  port: Number(process.env.PORT ?? 3000),
  modules: true,
  script: outputFiles[0].text,
  compatibilityDate: '2026-07-01',
  compatibilityFlags: ['nodejs_compat'],
  d1Databases: { DB: 'portal' },
  ratelimits: { LIMITER: { namespace_id: '1', simple: { limit: 600, period: 60 } } },
  bindings: {
    STYLE: read('examples/portal/style.css'),
    LISTING: read('examples/data/user-profile-listing.csv'),
    ...(origin === undefined ? {} : { PORTAL_ORIGIN: origin }),
  },
})
const { port } = await worker.ready
console.log(`The portal is at http://localhost:${port}`)
// Miniflare ends workerd, and this process, when a signal comes.
