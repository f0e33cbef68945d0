import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { createPortal } from '../../examples/portal/app.ts'
import { openHost } from '../../examples/portal/host.ts'
import { settingsOf } from '../../examples/portal/settings.ts'
import { pbkdf2Hasher } from '../../src/adapters/pbkdf2.ts'
import { rateLimiter } from '../../src/adapters/rate-limiter.ts'
import { listingColumns } from '../../src/migration/model/listing-header.ts'
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

/** The answer to a sign-in form that a page of `origin` sends to http://10.0.0.7:3000. */
const answerTo = async (portal: ReturnType<typeof behindProxy>, origin: string) => {
  const who = portalVisitor('http://10.0.0.7:3000', new Map(), (url, init) => portal.request(url, init))
  await who.visit('/terminal/sign-in')
  const { status, text } = await who.send('/terminal/sign-in', { userId: 'B0123401', password: 'x' }, origin)
  // Each page has a token of its own.
  return { status, page: text.replace(/name="csrf" value="[^"]*"/g, '') }
}

const statusOf = async (...given: Parameters<typeof answerTo>) => (await answerTo(...given)).status

describe('LOCK-11 · the portal behind a proxy that terminates TLS', () => {
  test('answers a wrong sign-in from the public origin as it does without a proxy', async () => {
    const answer = await answerTo(behindProxy('https://portal.example'), 'https://portal.example')
    expect(answer.status).toBe(401)
    expect(answer.page).toContain('<form')
    expect(answer).toEqual(await answerTo(behindProxy(), 'http://10.0.0.7:3000'))
  })

  test.each([
    'http://10.0.0.7:3000',
    'http://portal.example',
    'https://portal.example:8443',
    'https://portal.example.evil.example',
    'null',
  ])('refuses a form of %s', async (origin) => {
    expect(await statusOf(behindProxy('https://portal.example'), origin)).toBe(403)
  })

  test('compares with the address of the request if no public origin is set', async () => {
    expect(await statusOf(behindProxy(), 'http://10.0.0.7:3000')).toBe(401)
    expect(await statusOf(behindProxy(), 'https://portal.example')).toBe(403)
  })

  test.each([
    'https://portal.example',
    'https://portal.example:8443',
    'http://localhost:3000',
    'http://[::1]:3000',
  ])('accepts %s as a public origin', (origin) => {
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
  ])('does not start with the public origin %j', (origin) => {
    expect(() => behindProxy(origin)).toThrow(/^publicOrigin must be an origin as browsers send it/)
  })
})

describe('ACC-15, LOCK-11 · the portal, used with a hostile browser,', () => {
  const base = 'http://localhost:3000'
  const own = { origin: base, cookie: '__Host-visitor=a' }
  const asForm = { 'content-type': 'application/x-www-form-urlencoded' }
  const large = 'x'.repeat(1_048_577)
  const whole = { 'content-length': `${large.length}` }

  test.each<[string, string, number, RequestInit]>([
    ['the first page', '/', 200, {}],
    ['a page of a session', '/dms/users', 303, {}],
    ['a page that is not there', '/nothing', 404, {}],
    ['a path that cannot be decoded', '/dms/users/%E0%A4%A', 303, {}],
    ['a path that climbs', '/dms/../../etc/passwd', 404, {}],
    ['a trail of a script', '/hkex/trail?userId=%3Cscript%3E', 400, {}],
    ['a form without Origin', '/terminal/sign-in', 403, { method: 'POST', headers: { cookie: own.cookie } }],
    ['a form without a token', '/terminal/sign-in', 403, { method: 'POST', headers: own }],
    ['another method', '/terminal/sign-in', 403, { method: 'DELETE', headers: own }],
    ['a method in a header', '/language/en', 303, { headers: { 'x-http-method-override': 'POST' } }],
    [
      'a large form',
      '/hkex/migration',
      413,
      { method: 'POST', body: large, headers: { ...own, ...whole, ...asForm } },
    ],
    [
      'a form that is broken',
      '/dms/sign-in',
      400,
      { method: 'POST', body: 'x', headers: { ...own, 'content-type': 'multipart/form-data; boundary=x' } },
    ],
    [
      'a form without a boundary',
      '/dms/sign-in',
      400,
      { method: 'POST', body: 'x', headers: { ...own, 'content-type': 'multipart/form-data' } },
    ],
  ])('answers %s so that it is not stored, not framed and without scripts', async (_, path, status, init) => {
    const answer = await behindProxy().request(base + path, init)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('content-security-policy')).toMatch(
      /^default-src 'none';.* form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
    )
    expect(await answer.text()).not.toContain('<script')
  })

  test.each([
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    'https://evil.example',
    '/a\r\nset-cookie: a=b',
    '/?a',
    '.',
  ])('does not redirect the choice of a language to %j', async (back) => {
    const answer = await behindProxy().request(`${base}/language/en?back=${encodeURIComponent(back)}`)
    expect(answer.headers.get('location')).toBe('/')
  })

  test('gives a cookie that it did not make its own token, and refuses the token of another', async () => {
    const portal = behindProxy()
    const visitor = (name: string) =>
      portalVisitor(base, new Map([['__Host-visitor', name]]), (url, init) => portal.request(url, init))
    const [one, other] = [visitor('a'), visitor('b')]
    const { text } = await one.visit('/terminal/sign-in')
    const csrf = /name="csrf" value="([^"]*)"/.exec(text)?.[1] ?? ''
    const fields = { userId: 'B0123401', password: 'x', csrf }
    expect((await other.send('/terminal/sign-in', fields)).status).toBe(403)
    expect((await one.send('/terminal/sign-in', fields)).status).toBe(401)
  })

  test('shows markup and formulas of a listing as text, and its report can send no form', async () => {
    const portal = behindProxy()
    let policy: string | null = null
    const hkex = portalVisitor(base, new Map(), async (url, init) => {
      const answer = await portal.request(url, init)
      policy = answer.headers.get('content-security-policy')
      return answer
    })
    await hkex.visit('/hkex')
    expect(policy).toContain("; form-action 'self';")
    const cells = ['B01234 <script>x</script>', 'B0123409', '=1+1', '"><b>x</b>', 'a@b.example', 'ENABLED']
    const listing = `${listingColumns.join()}\n${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join()},,,,,,,`
    const { status, text } = await hkex.send('/hkex/migration', { listing, do: 'plan' })
    expect(status).toBe(200)
    expect(text).toContain('&lt;script&gt;x&lt;/script&gt;')
    expect(text).not.toMatch(/<script|<b>x/)
    expect(policy).toMatch(
      /^default-src 'none';.* form-action 'none'; frame-ancestors 'none'; base-uri 'none'$/,
    )
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
  test.each(['', ' ', '-1', '3000.5', '65536', '0x10', 'http'])('refuse PORT %j at the start', (port) => {
    expect(() => settingsOf({ PORT: port })).toThrow(/^PORT must be a number from 0 to 65535/)
  })
})

test('name in their page the runtimes that CI installs', () => {
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
