/**
 * Every form of the portal. The story uses each of them, and sends it forged first: the forged form has no effect. The
 * routes of the portal decide which forms there are, so that a new form without its part of the story fails the test.
 */
import { expect, test } from 'vitest'
import { createPortal } from '../../examples/portal/app.ts'
import { openHost } from '../../examples/portal/host.ts'
import { seed, seededPassword } from '../../examples/portal/seed.ts'
import { people } from '../../examples/portal/web/people.ts'
import { pbkdf2Hasher } from '../../src/adapters/pbkdf2.ts'
import { rateLimiter } from '../../src/adapters/rate-limiter.ts'
import { memoryStorage } from '../../src/stores/memory.ts'
import { portalVisitor, type Shown } from '../support/portal-visitor.ts'

const url = 'http://localhost:3000'
const foreign = 'was not sent from this site'

/** A form of a page: where it is sent, and its hidden fields. */
interface Form {
  readonly action: string
  readonly hidden: Readonly<Record<string, string>>
}

const unescaped = (text: string) =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')

const formsOf = ({ text }: Shown): readonly Form[] =>
  [...text.matchAll(/<form method="post" action="([^"]*)">(.*?)<\/form>/gs)].map(
    ([, action = '', body = '']) => ({
      action,
      hidden: Object.fromEntries(
        [...body.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(
          ([, name = '', value = '']) => [name, unescaped(value)],
        ),
      ),
    }),
  )

/** The portal with its seeded accounts, the number of its writes and mails, and its routes that change something. */
const opened = async () => {
  const storage = memoryStorage()
  let commits = 0
  const host = openHost({
    storage: {
      ...storage,
      commit: (commit) => {
        commits += 1
        return storage.commit(commit)
      },
    },
    passwordHasher: pbkdf2Hasher({ iterations: 1_000 }),
    rateLimiter: rateLimiter({ attempts: 600, seconds: 60 }),
  })
  await seed(host)
  const app = createPortal({ ...host, css: '', sampleListing: '', sourceOf: () => '127.0.0.1' })
  const routes = new Set(app.routes.filter(({ method }) => method === 'POST').map(({ path }) => path))
  return { host, app, routes, effects: () => ({ commits, mails: host.mailer.mails.length }) }
}

/** The route of a path. `/eservices/new` is a route of its own, and also fits `/eservices/:id`: the plain one is it. */
const routeOf = (routes: ReadonlySet<string>, action: string): string | undefined =>
  routes.has(action)
    ? action
    : [...routes].find((route) => new RegExp(`^${route.replaceAll(/:\w+/g, '[^/]+')}$`).test(action))

test('LOCK-11 · each form of each page has no effect from another site, without Origin, without its token or with another visitor’s', async () => {
  const { host, app, routes, effects } = await opened()
  const used = new Set<string>()
  const browser = () => portalVisitor(url, new Map(), (address, init) => app.request(address, init))

  const stranger = browser()
  const theirs = formsOf(await stranger.visit('/terminal/sign-in'))[0]?.hidden['csrf'] ?? ''
  expect(theirs).not.toBe('')

  /** A visitor who sends each form of a page forged before sending it. */
  const visitor = () => {
    const who = browser()
    let page: Shown = { path: '', status: 0, text: '' }
    const shown = (answer: Shown) => {
      page = answer
      for (const form of formsOf(page)) {
        expect(routeOf(routes, form.action), `${page.path}: ${form.action}`).toBeDefined()
        expect(form.hidden['csrf'] ?? '', `${page.path}: ${form.action}`).toMatch(/./)
      }
      expect(page.text.match(/<form(?! method="get")/g)?.length ?? 0, page.path).toBe(formsOf(page).length)
      return page
    }
    const visit = async (path: string) => shown(await who.visit(path))
    return {
      visit,
      path: () => page.path,
      text: () => page.text,
      /** Sends the form of the current page whose action ends so. */
      press: async (ending: string, fields: Readonly<Record<string, string>> = {}, status = 200) => {
        const form = formsOf(page).find(({ action }) => action.endsWith(ending))
        if (form === undefined) throw new Error(`${page.path} has no form that is sent to …${ending}`)
        const whole = { ...form.hidden, ...fields }
        const before = { ...effects(), cookies: who.cookies() }
        for (const [why, origin, token] of [
          ['another site', 'https://evil.example', whole],
          ['a sandboxed page', 'null', whole],
          ['no Origin', null, whole],
          ['no token', url, { ...whole, csrf: '' }],
          ['another visitor’s token', url, { ...whole, csrf: theirs }],
        ] as const) {
          const answer = await who.send(form.action, token, origin)
          expect(answer.status, `${form.action} with ${why}`).toBe(403)
          expect(answer.text, `${form.action} with ${why}`).toContain(foreign)
          expect({ ...effects(), cookies: who.cookies() }, `${form.action} with ${why}`).toEqual(before)
        }
        const answer = shown(await who.send(form.action, whole))
        expect(answer.status, `${form.action}, genuine`).toBe(status)
        expect(answer.text, `${form.action}, genuine`).not.toContain(foreign)
        used.add(routeOf(routes, form.action) ?? '')
        return answer
      },
    }
  }
  type Visitor = ReturnType<typeof visitor>
  const mailed = (userId: string) => host.mailer.codeFor(userId) ?? ''
  const signIn = async (who: Visitor, path: string, userId: string) => {
    await who.visit(`${path}/sign-in`)
    await who.press('/sign-in', { userId, password: seededPassword })
  }
  const enter = async (who: Visitor, path: string, userId: string) => {
    await signIn(who, path, userId)
    await who.press('/otp', { code: mailed(userId) })
    expect(who.path()).toBe(path)
  }

  // The accounts: set-up, sign-in, settings, sessions.
  await host.auth.registry.register({
    userId: 'B01234X4',
    role: 'DelegatedAdministrator',
    origin: 'created',
    email: 'dan@abc-securities.example',
    by: 'test',
  })
  for (const [path, userId] of [
    ['/terminal', 'B0123401'],
    ['/dms', 'B01234X4'],
  ] as const) {
    const who = visitor()
    await who.visit(`${path}/forgot`)
    await who.press('/forgot', { userId })
    await who.press('/forgot/code', { code: mailed(userId) })
    await who.press('/new-password', { password: seededPassword, confirmation: seededPassword })
    await signIn(who, path, userId)
    await who.press('/set-up', { channel: 'Email' })
    await who.press('/set-up/code', { code: mailed(userId) })
    await signIn(who, path, userId)
    await who.press('/otp/cancel')
    await signIn(who, path, userId)
    await who.press('/otp/resend')
    await who.press('/otp', { code: mailed(userId) })
    for (const other of [visitor(), visitor()]) await enter(other, path, userId)
    await who.visit(`${path}/settings`)
    await who.press('/settings/sessions')
    await who.press('/settings/others')
    await who.press('/settings/device', {}, 409) // codes by email have no device
    await who.visit(`${path}/password`)
    const password = 'Another-Horse#Battery9'
    await who.press('/password', { current: seededPassword, password, confirmation: password })
    await who.press('/sign-out')
    expect(who.path()).toBe(`${path}/sign-in`)
  }

  // DMS: maker and checker.
  const [maker, checker] = [visitor(), visitor()]
  await enter(maker, '/dms', 'B01234X1')
  await enter(checker, '/dms', 'B01234X2')
  await maker.visit('/dms/create')
  await maker.press('/create', { userId: 'B0123409', surname: 'YIP', email: 'gus@abc-securities.example' })
  const request = maker.path()
  await maker.visit(`${request}/amend`)
  await maker.press('/amend', { userId: 'B0123409', surname: 'YAP', email: 'gus@abc-securities.example' })
  expect(maker.path()).toBe(request)
  await checker.visit(request.replace('/requests/', '/pending/'))
  await checker.press('/code')
  const code = /<code class="secret">(\d+)</.exec(checker.text())?.[1] ?? ''
  await maker.press('/confirm', { checkerId: 'B01234X2', authorisationCode: code })
  await maker.visit('/dms/users/B0123402')
  await maker.press('/unlock')
  await maker.press('/withdraw')
  await maker.visit('/dms/users/B0123402/change')
  await maker.press('/change', { surname: 'NGAN', email: 'eric@abc-securities.example' })
  await maker.visit('/dms/users/B0123403')
  await maker.press('/delete')
  await checker.visit(maker.path().replace('/requests/', '/pending/'))
  await checker.press('/reject')

  // eServices: maker and two checkers; and HKEX.
  const [drafter, first, second, hkex] = [visitor(), visitor(), visitor(), visitor()]
  for (const [n, who] of [drafter, first, second].entries()) {
    await who.visit('/eservices')
    await who.press('/as', { id: people[n]?.id ?? '' })
  }
  const line = { type: 'unlock', userId: 'B01234X3', email: 'cat@abc-securities.example' }
  const contact = {
    contactName: 'C',
    contactEmail: 'c@abc-securities.example',
    contactTelephone: '+852 2345 6789',
  }
  const declared = { ...contact, declared: 'yes' }
  await drafter.press('/new')
  const form = drafter.path()
  await drafter.press('/lines', line)
  await drafter.press('/remove')
  await drafter.press('/lines', line)
  await drafter.press('/submit', declared)
  await drafter.press('/reclaim')
  await drafter.press('/submit', declared)
  await first.visit(form)
  await first.press('/claim')
  await first.press('/refer', { to: people[2]?.id ?? '' })
  await first.press('/takeOver')
  await first.press('/release')
  await first.press('/claim')
  await first.press('/revert', { remark: 'not yet' })
  await drafter.visit(form)
  await drafter.press('/submit', declared)
  await second.visit(form)
  await second.press('/claim')
  await second.press('/confirm')
  await second.press('/reclaim')
  await second.press('/confirm')
  await hkex.visit('/hkex')
  await hkex.press('/process')
  await drafter.visit(form)
  await drafter.press('/clone')
  await drafter.press('/discard')
  for (const [ending, fields, status] of [
    ['/migration', { listing: '', do: 'plan' }, 400],
    ['/verify', {}, 200],
  ] as const) {
    await hkex.visit('/hkex')
    await hkex.press(ending, fields, status)
  }

  expect([...used].sort(), 'every form of the portal is used here').toEqual([...routes].sort())
})
