/** docs/modules.md: which platform setting of esbuild bundles the rate limiter. */
import { fileURLToPath } from 'node:url'
import { build, type Platform } from 'esbuild'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const bundled = async (platform: Platform, conditions: string[] = []) => {
  const contents = "export { rateLimiter } from './src/adapters/rate-limiter.ts'"
  const stdin = { contents, resolveDir: root, loader: 'ts' as const }
  const { outputFiles } = await build({
    ...{ stdin, platform, conditions, bundle: true, format: 'esm', write: false, logLevel: 'silent' },
  })
  return outputFiles[0]?.text ?? ''
}
const loaded = (text: string) => import(`data:text/javascript,${encodeURIComponent(text)}`)

test('LOCK-14 · a neutral build of the rate limiter fails, because its CommonJS dependency requires modules of Node', async () => {
  await expect(bundled('neutral')).rejects.toThrow(
    /Could not resolve "cluster"[\s\S]*Could not resolve "crypto"/,
  )
})

test.each([[[]], [['workerd', 'worker', 'browser']]])(
  'LOCK-14 · a build for browsers with the conditions %j limits attempts',
  async (conditions) => {
    const { rateLimiter } = await loaded(await bundled('browser', conditions))
    const limiter = rateLimiter({ attempts: 1 })
    const attempt = { source: '192.0.2.1', operation: 'signIn.begin' }
    expect(await limiter.consume(attempt)).toEqual({ allowed: true })
    expect(await limiter.consume(attempt)).toMatchObject({ allowed: false })
  },
)

test('LOCK-14 · a build for Node as an ES module fails when it is loaded', async () => {
  await expect(loaded(await bundled('node'))).rejects.toThrow('Dynamic require of "cluster" is not supported')
})
