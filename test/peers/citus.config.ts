import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { publishedSubpaths } from '../support/published-subpaths.ts'

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const onCitus = at('test/peers/support/memory-on-citus.ts')

/** Runs the default suite on a Citus cluster in place of the memory store. */
export default defineConfig({
  root: at(''),
  resolve: {
    alias: [
      { find: /^ccass-2fa\/memory$/, replacement: onCitus },
      { find: /^.*\/stores\/memory\.ts$/, replacement: onCitus },
      ...publishedSubpaths,
    ],
  },
  test: {
    include: [
      'sign-in',
      'session',
      'registry',
      'dms',
      'eservices',
      'migration',
      'audit',
      'engine',
      'personal-data',
      'account',
    ].map((room) => `test/${room}/**/*.test.ts`),
    exclude: ['test/audit/feed.test.ts'], // refused on distributed tables: citus.test.ts holds that
    setupFiles: ['test/setup.ts'],
    pool: 'forks',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
  },
})
