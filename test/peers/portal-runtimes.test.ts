/**
 * The portal on the oldest and the newest Node, Bun, Deno and workerd, over HTTP: first set-up by the mailbox, sign-in with a code, sign-out.
 * Run by `RUNTIMES=1 vitest run --config test/peers/vitest.config.ts portal-runtimes.test.ts`, after
 * `npm ci --ignore-scripts --prefix test/runtimes` and `npm run build`.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { portalVisitor } from '../support/portal-visitor.ts'
import { type Served, serveBy } from './support/served-program.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const installed = (path: string) => join(root, 'test/runtimes/node_modules', path)

const runtimes = {
  'Node 20': [installed('node20/bin/node'), '--import', 'tsx', 'examples/portal/main.ts'],
  'Node 26': [installed('node26/bin/node'), '--import', 'tsx', 'examples/portal/main.ts'],
  Bun: [installed('@oven/bun-linux-x64/bin/bun'), 'examples/portal/runtimes/bun.ts'],
  Deno: [
    installed('@deno/linux-x64-glibc/deno'),
    'run',
    ...['net', 'env', 'read', 'write'].map((right) => `--allow-${right}`),
    '--node-modules-dir=manual',
    'examples/portal/runtimes/deno.ts',
  ],
  // Miniflare needs a newer Node than the one that may run this.
  workerd: [installed('node24/bin/node'), 'test/runtimes/serve-portal.mjs'],
} as const satisfies Readonly<Record<string, readonly string[]>>

describe.skipIf(process.env['RUNTIMES'] !== '1')('the portal in several runtimes, with RUNTIMES=1', () => {
  const directory = mkdtempSync(join(tmpdir(), 'ccass-2fa-'))
  let served: Served | undefined
  beforeAll(() => () => rmSync(directory, { recursive: true, force: true }))
  afterEach(() => served?.kill())

  const serve = async (name: keyof typeof runtimes, env: Readonly<Record<string, string>> = {}) => {
    served = await serveBy(runtimes[name], {
      cwd: root,
      env: { PORT: '0', DENO_DIR: join(directory, 'deno'), DENO_NO_UPDATE_CHECK: '1', ...env },
      ready: /The portal is at (http:\/\/localhost:\d+)/,
    })
    return served
  }

  test.each(Object.keys(runtimes) as (keyof typeof runtimes)[])(
    'ACC-01 OTP-04 ACC-15 · in %s a user can set up and sign in with a code, and the cookie is refused after sign-out',
    async (name) => {
      const { url, stop } = await serve(name)
      const userId = 'B0123401'
      const password = 'Correct-Horse#Battery9'
      const who = portalVisitor(url)
      const codeOf = async () => {
        const mailbox = await portalVisitor(url).visit('/mailbox')
        return new RegExp(`${userId} · [\\s\\S]*?<code>(\\d+)</code>`).exec(mailbox.text)?.[1] ?? ''
      }

      expect((await who.visit('/terminal/sign-in')).text).toContain('<h1>Sign in</h1>')
      await who.visit('/terminal/forgot')
      expect((await who.send('/terminal/forgot', { userId })).path).toBe('/terminal/forgot/code')
      expect((await who.send('/terminal/forgot/code', { code: await codeOf() })).path).toBe(
        '/terminal/new-password',
      )
      const set = await who.send('/terminal/new-password', { password, confirmation: password })
      expect(set.text).toContain('Your password has been set')

      await who.visit('/terminal/sign-in')
      expect((await who.send('/terminal/sign-in', { userId, password })).path).toBe('/terminal/set-up')
      expect((await who.send('/terminal/set-up', { channel: 'Email' })).path).toBe('/terminal/set-up/code')
      const enrolled = await who.send('/terminal/set-up/code', { code: await codeOf() })
      expect(enrolled.text).toContain('Your one-time code is set up')

      await who.visit('/terminal/sign-in')
      expect((await who.send('/terminal/sign-in', { userId, password })).path).toBe('/terminal/otp')
      const code = await codeOf()
      const wrong = code.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'))
      expect((await who.send('/terminal/otp', { code: wrong })).text).toContain('The code is not correct')
      const inside = await who.send('/terminal/otp', { code })
      expect(inside).toMatchObject({ path: '/terminal', status: 200 })
      expect(inside.text).toContain(userId)

      const thief = portalVisitor(url, who.cookies())
      expect((await thief.visit('/terminal/settings')).text).toContain('this session')
      expect((await who.send('/terminal/sign-out', {})).text).toContain('You are signed out')
      expect(await thief.visit('/terminal')).toMatchObject({ path: '/terminal/sign-in' })
      expect(await who.visit('/terminal')).toMatchObject({ path: '/terminal/sign-in' })
      // Refuses if a process of its group is left. Miniflare ends itself by the signal, the others by themselves.
      expect([0, 143]).toContain(await stop())
    },
  )
})
