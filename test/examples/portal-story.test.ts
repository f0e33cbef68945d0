/** The portal over HTTP without a browser: old cookies in two processes, equal answers, and its start by one command. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'libsql'
import { afterEach, describe, expect, test } from 'vitest'
import { createPortal } from '../../examples/portal/app.ts'
import { openHost } from '../../examples/portal/host.ts'
import { seed, seededPassword } from '../../examples/portal/seed.ts'
import { pbkdf2Hasher } from '../../src/adapters/pbkdf2.ts'
import { rateLimiter } from '../../src/adapters/rate-limiter.ts'
import { systemClock } from '../../src/adapters/system-clock.ts'
import { webCryptoRandom } from '../../src/adapters/web-crypto.ts'
import { createAuthentication } from '../../src/index.ts'
import { sqliteStorage } from '../../src/stores/sqlite.ts'
import { serveBy } from '../peers/support/served-program.ts'
import { portalVisitor } from '../support/portal-visitor.ts'

const base = 'http://localhost:3000'
const email = 'B0123402'
const cleanUp: (() => void)[] = []
afterEach(() => {
  for (const end of cleanUp.splice(0)) end()
})

/** Two processes of the portal: each has a connection and a service of its own to one file, with the same keys. */
const twoProcesses = async () => {
  const directory = mkdtempSync(join(tmpdir(), 'ccass-2fa-'))
  const databases = [0, 1].map(() => new Database(join(directory, 'store')))
  cleanUp.push(() => {
    for (const database of databases) database.close()
    rmSync(directory, { recursive: true })
  })
  const [storage, another] = databases.map((database) => {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 5000')
    return sqliteStorage(database)
  })
  if (storage === undefined || another === undefined) throw new Error('two databases were opened')
  const passwordHasher = pbkdf2Hasher({ iterations: 1_000 })
  const ports = { passwordHasher, rateLimiter: rateLimiter({ attempts: 10_000 }) }
  const host = openHost({ ...ports, storage })
  await seed(host)
  const { auth, mailer, box } = host
  const clock = systemClock()
  const second = createAuthentication({
    ...{ ...ports, storage: another, clock, mailer, secretBox: box, random: webCryptoRandom() },
  })
  const portals = [auth, second].map((each) =>
    createPortal({ auth: each, mailer, box, css: '', sampleListing: '', sourceOf: () => '192.0.2.7' }),
  )
  /** A browser whose requests go to one of the processes, and what it was answered. */
  const browser = (process: 0 | 1, cookies?: ReadonlyMap<string, string>) => {
    const answers: Response[] = []
    const request = async (url: URL, init: RequestInit) => {
      const answer = (await portals[process]?.request(url, init)) ?? Response.error()
      answers.push(answer)
      return answer
    }
    return { ...portalVisitor(base, cookies, request), answers }
  }
  const signedIn = async (process: 0 | 1) => {
    const who = browser(process)
    await who.visit('/terminal/sign-in')
    await who.send('/terminal/sign-in', { userId: email, password: seededPassword })
    await who.send('/terminal/otp', { code: mailer.codeFor(email) ?? '' })
    return who
  }
  return { auth, mailer, browser, signedIn }
}
type Site = Awaited<ReturnType<typeof twoProcesses>>
type Browser = Awaited<ReturnType<Site['signedIn']>>

const by = 'HKEX'
const newPassword = 'Another-Horse#Battery8'

/** What ends the session of a browser. `another` is the same holder in a second browser, at the other process. */
const endings: readonly [string, (site: Site, who: Browser, another: Browser) => unknown][] = [
  ['the holder signs out', (_, who) => who.send('/terminal/sign-out', {})],
  [
    'the holder ends it in another browser',
    async (_, __, another) => {
      const { text } = await another.visit('/terminal/settings')
      const id = /name="id" value="([^"]+)"/.exec(text)?.[1] ?? ''
      return another.send('/terminal/settings/sessions', { id })
    },
  ],
  [
    'the holder ends all others in another browser',
    async (_, __, another) => {
      await another.visit('/terminal/settings')
      return another.send('/terminal/settings/others', {})
    },
  ],
  [
    'the holder changes the password in another browser',
    async (_, __, another) => {
      await another.visit('/terminal/password')
      const fields = { current: seededPassword, password: newPassword, confirmation: newPassword }
      return another.send('/terminal/password', fields)
    },
  ],
  [
    'someone enters five wrong passwords',
    async ({ browser }) => {
      const guesser = browser(1)
      await guesser.visit('/terminal/sign-in')
      for (const n of [1, 2, 3, 4, 5])
        await guesser.send('/terminal/sign-in', { userId: email, password: `Wrong-Horse#Battery${n}` })
    },
  ],
  ['an administrator ends the sessions', ({ auth }) => auth.registry.endSessions({ userId: email, by })],
  ['the account is unlocked', ({ auth }) => auth.registry.unlock({ userId: email, by })],
  ['the account is deleted', ({ auth }) => auth.registry.delete({ userId: email, by })],
  [
    'the account is disabled, and enabled again',
    async ({ auth }) => {
      await auth.registry.change({ userId: email, by, changes: { status: 'DISABLED' } })
      await auth.registry.change({ userId: email, by, changes: { status: 'ENABLED' } })
    },
  ],
  [
    'the registered email changes',
    ({ auth }) => auth.registry.change({ userId: email, by, changes: { email: 'new@abc.example' } }),
  ],
]

test.each(endings)(
  'ACC-15, ACC-19, ACC-20, ACC-21 · after %s both processes refuse the old cookie',
  async (_, end) => {
    const site = await twoProcesses()
    const who = await site.signedIn(0)
    const another = await site.signedIn(1)
    const old = who.cookies()
    const opened = async (process: 0 | 1) =>
      (await site.browser(process, old).visit('/terminal/settings')).path
    expect([await opened(0), await opened(1)]).toEqual(['/terminal/settings', '/terminal/settings'])
    await end(site, who, another)
    expect([await opened(1), await opened(0)]).toEqual(['/terminal/sign-in', '/terminal/sign-in'])
  },
  60_000,
)

describe('LOCK-11, ACC-16 · no page reveals whether an account exists or in which state it is', () => {
  /** What a stranger with a User ID is answered at each page of a system: status, headers and page. */
  const answersTo = async ({ browser }: Site, path: '/terminal' | '/dms', userId: string) => {
    const who = browser(0)
    const shown: unknown[] = []
    const send = async (to: string, fields: Readonly<Record<string, string>>) => {
      const { path, status, text } = await who.send(`${to}`, fields)
      const page = text.replace(new RegExp(userId, 'gi'), 'USERID').replace(/name="csrf" value="[^"]*"/g, '')
      shown.push({ path, status, page })
    }
    await who.visit(`${path}/sign-in`)
    await send(`${path}/sign-in`, { userId, password: 'Wrong-Horse#Battery9' })
    await send(`${path}/sign-in`, { userId: userId.toLowerCase(), password: '' })
    await who.visit(`${path}/forgot`)
    await send(`${path}/forgot`, { userId })
    for (const code of ['00000000', '0', '11111111', '22222222', '33333333'])
      await send(`${path}/forgot/code`, { code })
    await send(`${path}/new-password`, { password: newPassword, confirmation: newPassword })
    await send(`${path}/otp`, { code: '000000' })
    const headers = who.answers.map((answer) =>
      // A sealed value differs each time; its length may not depend on the account.
      [...answer.headers].map(([name, value]) => [
        name,
        value.replace(/=v1[^;]*/g, (sealed) => `${decodeURIComponent(sealed).length}`),
      ]),
    )
    return { shown, headers: JSON.stringify(headers).replace(/visitor=[^;]*/g, '') }
  }

  /** Sets a password and enters five wrong ones. */
  const context = { source: '192.0.2.8' }
  const lock = async (auth: Site['auth'], mailer: Site['mailer'], userId: string) => {
    const { challenge } = (await auth.passwordSetUp.begin({ userId, context })).unwrapOr({ challenge: '' })
    await auth.passwordSetUp.confirmCode({ challenge, code: mailer.codeFor(userId) ?? '', context })
    const passwords = { password: newPassword, confirmation: newPassword }
    await auth.passwordSetUp.complete({ challenge, ...passwords, context })
    for (const n of [1, 2, 3, 4, 5])
      await auth.signIn.begin({ userId, password: `Wrong-Horse#Battery${n}`, system: 'CCASS/CCMS', context })
    expect((await auth.registry.view({ userId }))._unsafeUnwrap()).toMatchObject({ locked: true })
  }

  test.each(['/terminal', '/dms'] as const)(
    'at %s',
    async (path) => {
      const site = await twoProcesses()
      const states: Readonly<Record<string, string>> = {
        B0123401: 'not set up',
        B0123402: 'codes by email',
        B0123403: 'disabled',
        B0123404: 'expired password',
        B01234X3: 'a Delegated Administrator',
        B0123405: 'deleted',
        B0123406: 'locked',
        B9999901: 'of an unknown participant',
      }
      const { auth, mailer } = site
      for (const userId of ['B0123405', 'B0123406'])
        await auth.registry.register({ userId, role: 'User', origin: 'created', email: 'a@b.example', by })
      await auth.registry.delete({ userId: 'B0123405', by })
      await lock(auth, mailer, 'B0123406')
      const unknown = await answersTo(site, path, 'B0123498')
      for (const [userId, state] of Object.entries(states))
        expect(await answersTo(site, path, userId), state).toEqual(unknown)
      // Entered right, the password is answered otherwise: the comparison can tell pages apart.
      const who = site.browser(0)
      await who.visit('/terminal/sign-in')
      const right = await who.send('/terminal/sign-in', { userId: email, password: seededPassword })
      expect(right.path).toBe('/terminal/otp')
    },
    120_000,
  )
})

test('npm run example:portal starts the portal, prints its address, and leaves no process when it is ended', async () => {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const served = await serveBy(['npm', 'run', '--silent', 'example:portal'], {
    cwd: root,
    env: { PORT: '0' },
    ready: /The portal is at (http:\/\/localhost:\d+)/,
  })
  try {
    const shown = await portalVisitor(served.url).visit('/terminal/sign-in')
    expect(shown.status).toBe(200)
    expect(shown.text).toContain('<h1>Sign in</h1>')
    await served.stop()
  } finally {
    served.kill()
  }
}, 120_000)
