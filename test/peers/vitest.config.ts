import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** Tests that need programs of others. They are no part of `npm test`; CI installs what they need. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: { include: ['test/peers/**/*.test.ts'], setupFiles: ['test/setup.ts'], testTimeout: 120_000 },
})
