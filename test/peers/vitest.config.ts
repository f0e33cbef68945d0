import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { publishedSubpaths } from '../support/published-subpaths.ts'

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** The part of the default suite that also runs on a real PostgreSQL. */
const storms = [
  ...['sign-in/storms', 'sign-in/parallel', 'dms/storms', 'eservices/batch', 'eservices/workflow'].map(
    (name) => `test/${name}.test.ts`,
  ),
]

/** Tests that need external programs. They are not part of `npm test`; CI installs the programs. */
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
