import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { createPortal } from '../../examples/portal/app.ts'
import { openHost } from '../../examples/portal/host.ts'
import { settingsOf } from '../../examples/portal/settings.ts'
import { pbkdf2Hasher } from '../../src/adapters/pbkdf2.ts'
import { rateLimiter } from '../../src/adapters/rate-limiter.ts'
import { memoryStorage } from '../../src/stores/memory.ts'
import { portalVisitor } from '../support/portal-visitor.ts'

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** The portal, as a proxy that ends TLS reaches it. */
const behindProxy = (publicOrigin?: string) =>
  createPortal({
    ...openHost({
      storage: memoryStorage(),
      passwordHasher: pbkdf2Hasher({ iterations: 1_000 }),
      rateLimiter: rateLimiter({ attempts: 600, seconds: 60 }),
    }),
    css: '',
    sampleListing: '',
    sourceOf: () => '127.0.0.1',
    ...(publicOrigin === undefined ? {} : { publicOrigin }),
  })

/** The status of a sign-in form that a page of `origin` sends to http://10.0.0.7:3000. */
const sentFrom = async (portal: ReturnType<typeof behindProxy>, origin: string) => {
  const who = portalVisitor('http://10.0.0.7:3000', new Map(), (url, init) => portal.request(url, init))
  await who.visit('/terminal/sign-in')
  const { status } = await who.send('/terminal/sign-in', { userId: 'B0123401', password: 'x' }, origin)
  return status
}

describe('LOCK-11 · the portal behind a proxy that ends TLS', () => {
  test('a form of the public origin is read, and answered as any wrong sign-in', async () => {
    expect(await sentFrom(behindProxy('https://portal.example'), 'https://portal.example')).toBe(401)
  })

  test.each([
    'http://10.0.0.7:3000',
    'http://portal.example',
    'https://portal.example:8443',
    'https://portal.example.evil.example',
    'null',
  ])('a form of %s is refused', async (origin) => {
    expect(await sentFrom(behindProxy('https://portal.example'), origin)).toBe(403)
  })

  test('without a public origin, the address of the request is what counts', async () => {
    expect(await sentFrom(behindProxy(), 'http://10.0.0.7:3000')).toBe(401)
    expect(await sentFrom(behindProxy(), 'https://portal.example')).toBe(403)
  })

  test.each([
    'https://portal.example',
    'https://portal.example:8443',
    'http://localhost:3000',
    'http://[::1]:3000',
  ])('%s is a public origin', (origin) => {
    expect(() => behindProxy(origin)).not.toThrow()
  })

  test.each([
    '',
    'portal.example',
    'https://portal.example/',
    'https://portal.example/portal',
    'https://Portal.example',
    'https://portal.example:443',
    'https://user@portal.example',
    'http://portal.example',
    'ftp://portal.example',
    'null',
    '*',
  ])('%j is no public origin, and the portal does not start', (origin) => {
    expect(() => behindProxy(origin)).toThrow(/^publicOrigin must be an origin as browsers send it/)
  })
})

describe('API-01 · the settings of the portal', () => {
  test('have defaults', () => {
    const { port, file, pages } = settingsOf({})
    expect({ port, file, publicOrigin: pages.publicOrigin }).toEqual({
      port: 3000,
      file: ':memory:',
      publicOrigin: undefined,
    })
  })
  test.each(['', ' ', '-1', '3000.5', '65536', '0x10', 'http'])('PORT %j ends the start', (port) => {
    expect(() => settingsOf({ PORT: port })).toThrow(/^PORT must be a number from 0 to 65535/)
  })
})

test('the runtimes of its page are those that CI installs', () => {
  const { dependencies } = JSON.parse(readFileSync(at('test/runtimes/package.json'), 'utf8'))
  const installed = JSON.parse(readFileSync(at('test/runtimes/package-lock.json'), 'utf8'))
  const version = (name: string) => String(dependencies[name]).replace(/^.*@/, '')
  const table = [
    ...readFileSync(at('examples/portal/README.md'), 'utf8').matchAll(
      /^\| (Node|Bun|Deno|workerd) \| ([^|]+) \|/gm,
    ),
  ]
  expect(Object.fromEntries(table.map(([, name, versions]) => [name, versions]))).toEqual({
    Node: `${version('node20')}, ${version('node26')}`,
    Bun: version('@oven/bun-linux-x64'),
    Deno: version('@deno/linux-x64-glibc'),
    workerd: installed.packages['node_modules/workerd'].version,
  })
})
