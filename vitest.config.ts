import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  resolve: {
    alias: [
      { find: /^ccass-2fa$/, replacement: at('./src/index.ts') },
      { find: /^ccass-2fa\/testing$/, replacement: at('./src/testing/index.ts') },
      { find: /^ccass-2fa\/(.+)$/, replacement: at('./src/adapters/$1.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'test/package/**', 'test/bench/**', 'test/peers/**'],
    setupFiles: ['test/setup.ts'],
    pool: 'forks', // a fork reads its own TZ
    maxWorkers: '100%', // of two cores vitest would leave one idle
    isolate: false, // nothing here has side effects on import: to import all of it anew for each file takes most of the time
    testTimeout: 30_000,
  },
})
