import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { publishedSubpaths } from '../support/published-subpaths.ts'

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** What of the default suite is run on a real PostgreSQL too. */
const storms = [
  ...['sign-in/storms', 'sign-in/parallel', 'dms/storms', 'eservices/batch', 'eservices/workflow'].map(
    (name) => `test/${name}.test.ts`,
  ),
]

/** Tests that need programs of others. They are no part of `npm test`; CI installs what they need. */
export default defineConfig({
  root: at(''),
  resolve: {
    alias: publishedSubpaths,
  },
  test: {
    include: ['test/peers/**/*.test.ts', ...(process.env['POSTGRES'] === '1' ? storms : [])],
    setupFiles: ['test/setup.ts'],
    globalSetup: ['test/peers/support/start.ts'],
    pool: 'forks',
    testTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } }, // a busy machine needs more than the default second
    hookTimeout: 120_000,
  },
})
