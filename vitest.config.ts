import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { defineConfig } from 'vitest/config'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The published subpaths, as TypeScript resolves them; tsconfig.json may hold comments. */
const { paths } = ts.parseConfigFileTextToJson('tsconfig.json', readFileSync(at('./tsconfig.json'), 'utf8'))
  .config.compilerOptions as { paths: Readonly<Record<string, readonly string[]>> }

export default defineConfig({
  resolve: {
    alias: Object.entries(paths).map(([name, [path = '']]) => ({
      find: new RegExp(`^${name}$`),
      replacement: at(path),
    })),
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
