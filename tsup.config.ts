import { defineConfig } from 'tsup'
import { pureInitialisers } from './.tsup/pure-initialisers.ts'

/** One entry per published subpath. */
const published = {
  index: 'src/index.ts',
  rules: 'src/entries/rules.ts',
  account: 'src/entries/account.ts',
  dms: 'src/entries/dms.ts',
  eservices: 'src/entries/eservices.ts',
  migration: 'src/entries/migration.ts',
  audit: 'src/entries/audit.ts',
  memory: 'src/stores/memory.ts',
  sqlite: 'src/stores/sqlite.ts',
  'sqlite-async': 'src/stores/sqlite-async.ts',
  postgres: 'src/stores/postgres.ts',
  argon2: 'src/adapters/argon2.ts',
  scrypt: 'src/adapters/scrypt.ts',
  opentelemetry: 'src/adapters/opentelemetry.ts',
  pbkdf2: 'src/adapters/pbkdf2.ts',
  'node-crypto': 'src/adapters/node-crypto.ts',
  'web-crypto': 'src/adapters/web-crypto.ts',
  'capture-mailer': 'src/adapters/capture-mailer.ts',
  smtp: 'src/adapters/smtp.ts',
  'system-clock': 'src/adapters/system-clock.ts',
  'listing-csv': 'src/adapters/listing-csv.ts',
  'migration-report': 'src/adapters/migration-report.ts',
  messages: 'src/adapters/messages.ts',
  'password-list': 'src/adapters/password-list.ts',
  'rate-limiter': 'src/adapters/rate-limiter.ts',
  ocsf: 'src/adapters/ocsf.ts',
  testing: 'src/testing/index.ts',
  conformance: 'src/conformance/index.ts',
}

export default defineConfig({
  entry: published,
  format: 'esm',
  target: 'es2022',
  platform: 'neutral',
  removeNodeProtocol: false,
  external: [/^node:/],
  // What several entries share is in chunks of their own: one class of sessions, whichever entry it comes by.
  splitting: true,
  esbuildPlugins: [pureInitialisers],
  sourcemap: true,
  clean: true,
  // tsup 8.5 passes `baseUrl` to TypeScript 6, which calls it deprecated.
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
})
