import { defineConfig } from 'tsup'

/** One entry per published subpath; what they share is split out, so that a class has one identity. */
export default defineConfig({
  entry: {
    index: 'src/index.ts',
    memory: 'src/adapters/memory.ts',
    sqlite: 'src/adapters/sqlite.ts',
    argon2: 'src/adapters/argon2.ts',
    'web-crypto': 'src/adapters/web-crypto.ts',
    'capture-mailer': 'src/adapters/capture-mailer.ts',
    'system-clock': 'src/adapters/system-clock.ts',
    testing: 'src/testing/index.ts',
  },
  format: 'esm',
  target: 'es2022',
  platform: 'neutral',
  splitting: true,
  sourcemap: true,
  clean: true,
  treeshake: true,
  // tsup 8.5 passes `baseUrl` to TypeScript 6, which calls it deprecated.
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
})
