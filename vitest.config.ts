import { defineConfig } from 'vitest/config'
import { publishedSubpaths } from './test/support/published-subpaths.ts'

export default defineConfig({
  resolve: {
    alias: publishedSubpaths,
  },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'test/package/**', 'test/bench/**', 'test/peers/**'],
    setupFiles: ['test/setup.ts'],
    pool: 'forks', // a fork reads its own TZ
    maxWorkers: '100%', // of two cores vitest would leave one idle
    isolate: false, // nothing here has side effects on import: to import all of it anew for each file takes most of the time
    testTimeout: 30_000,
    expect: { poll: { timeout: 20_000 } }, // a busy machine needs more than the default second
  },
})
