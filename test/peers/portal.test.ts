/**
 * The portal in a real Chromium: complete journeys without JavaScript, at desktop and phone width; no page
 * has an accessibility fault that axe-core finds, and none is wider than the screen. Run by `CHROMIUM=1
 * vitest run --config test/peers/vitest.config.ts portal.test.ts`; Chromium must be installed as
 * `/usr/bin/chromium`.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { serve } from '@hono/node-server'
import { argon2Hasher } from 'ccass-2fa/argon2'
import { memoryStorage } from 'ccass-2fa/memory'
import { rateLimiter } from 'ccass-2fa/rate-limiter'
import { TOTP } from 'otpauth'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPortal } from '../../examples/portal/app.ts'
import { type Host, openHost } from '../../examples/portal/host.ts'
import { seed, seededPassword } from '../../examples/portal/seed.ts'

const read = (path: string) => readFileSync(new URL(`../../examples/${path}`, import.meta.url), 'utf8')
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const widths = { desktop: 1_200, phone: 375 } as const

/** The running portal. */
const opened = async () => {
  const host = openHost({
    storage: memoryStorage(),
    passwordHasher: argon2Hasher(),
    rateLimiter: rateLimiter({ attempts: 600, seconds: 60 }),
  })
  await seed(host)
  const portal = createPortal({
    ...host,
    css: read('portal/style.css'),
    sampleListing: read('data/user-profile-listing.csv'),
    sourceOf: () => '127.0.0.1',
  })
  const server = serve({ fetch: portal.fetch, hostname: '127.0.0.1', port: 0 })
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { host, url: `http://localhost:${address.port}`, close: () => server.close() }
}

describe.skipIf(process.env['CHROMIUM'] !== '1')('the portal in Chromium, with CHROMIUM=1', () => {
  let browser: Browser
  let site: Awaited<ReturnType<typeof opened>>
  const contexts: BrowserContext[] = []

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    })
  })
  afterAll(async () => {
    await browser?.close()
  })

  const copies = new Map<string, Page>()

  /**
   * The faults of a page: axe-core's findings, and whether it is wider than the screen. It is checked in a
   * copy in which scripts run, because the page itself allows none.
   */
  const faultsOf = async (page: Page, colorScheme: 'light' | 'dark'): Promise<readonly string[]> => {
    const { width = 1_200, height = 900 } = page.viewportSize() ?? {}
    const known = copies.get(`${width} ${colorScheme}`)
    const copy =
      known ?? (await browser.newPage({ viewport: { width, height }, bypassCSP: true, colorScheme }))
    copies.set(`${width} ${colorScheme}`, copy)
    const style = `<style>${read('portal/style.css')}</style>`
    await copy.setContent((await page.content()).replace(/<link rel="stylesheet"[^>]*>/, () => style))
    await copy.addScriptTag({ content: axe })
    return copy.evaluate(async () => {
      const { violations } = await (
        window as unknown as {
          axe: {
            run(): Promise<{
              violations: { id: string; nodes: { html: string; failureSummary: string }[] }[]
            }>
          }
        }
      ).axe.run()
      const { scrollWidth } = document.documentElement
      return [
        ...(scrollWidth > innerWidth ? [`it is ${scrollWidth} px wide`] : []),
        ...violations.flatMap(({ id, nodes }) =>
          nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
        ),
      ]
    })
  }
  /** The checked pages, by width, colours, path, title (with `!` where it shows a refusal) and number of forms. */
  const seen = new Set<string>()

  /** A user's browser, which checks every page that it opens. */
  const visitor = async (width: number, locale = 'en-GB', colorScheme: 'light' | 'dark' = 'light') => {
    const context = await browser.newContext({
      javaScriptEnabled: false,
      viewport: { width, height: 900 },
      locale,
      colorScheme,
      baseURL: site.url,
    })
    contexts.push(context)
    const page = await context.newPage()
    const look = async () => {
      const path = new URL(page.url()).pathname.replace(/[0-9a-f]{24}/g, ':id')
      const forms = await page.locator('main form').count()
      const key = `${width} ${colorScheme} ${path} ${await page.title()} ${forms}`
      if (seen.has(key)) return
      seen.add(key)
      expect(await faultsOf(page, colorScheme), key).toEqual([])
    }
    return {
      page,
      look,
      visit: async (path: string) => {
        await page.goto(path)
        await look()
      },
      fill: async (fields: Readonly<Record<string, string>>) => {
        for (const [name, value] of Object.entries(fields))
          await page.locator(`main [name="${name}"]`).fill(value)
      },
      press: async (name: string | RegExp) => {
        await page.locator('main').getByRole('button', { name }).first().click()
        await look()
      },
      follow: async (name: string | RegExp) => {
        await page.locator('main').getByRole('link', { name }).first().click()
        await look()
      },
      text: () => page.locator('main').innerText(),
    }
  }
  type Visitor = Awaited<ReturnType<typeof visitor>>

  const mailed = (host: Host, userId: string) => host.mailer.codeFor(userId) ?? ''
  const signIn = async (
    who: Visitor,
    path: '/terminal' | '/dms',
    userId: string,
    password = seededPassword,
  ) => {
    await who.visit(`${path}/sign-in`)
    await who.fill({ userId, password })
    await who.press('Sign in')
  }
  const enterDms = async (who: Visitor, userId: string) => {
    await signIn(who, '/dms', userId)
    await who.fill({ code: mailed(site.host, userId) })
    await who.press('Submit')
    expect(await who.page.locator('header').innerText()).toContain(userId)
  }

  for (const [name, width] of Object.entries(widths))
    describe(`${name}, ${width} px`, () => {
      beforeAll(async () => {
        site = await opened()
      })
      afterAll(async () => {
        for (const context of contexts.splice(0)) await context.close()
        site.close()
      })

      test('ACC-01 OTP-04 OTP-13 · a user sets password and app by QR code, signs in, and the sign-out ends the cookie', async () => {
        const who = await visitor(width)
        const userId = 'B0123401'
        await who.visit('/')
        await who.follow(/^CCASS\/CCMS/)
        expect(who.page.url()).toContain('/terminal/sign-in')
        await who.follow(/Forgot/)
        await who.fill({ userId })
        await who.press('Continue')
        await who.fill({ code: mailed(site.host, userId) })
        await who.press('Submit')
        await who.fill({ password: 'short', confirmation: 'short' })
        await who.press('Submit')
        expect(await who.text()).toContain('✗ At least 16 characters')
        await who.fill({ password: seededPassword, confirmation: seededPassword })
        await who.press('Submit')
        expect(await who.text()).toContain('Your password has been set')
        await signIn(who, '/terminal', userId)
        await who.press('Continue')
        expect(await who.page.locator('.qr svg').count()).toBe(1)
        const secret = (await who.page.locator('code.secret').innerText()).replaceAll(' ', '')
        const phone = new TOTP({ secret })
        await who.fill({ code: '000000' })
        await who.press('Submit')
        expect(await who.text()).toContain('The code is not correct')
        await who.fill({ code: phone.generate() })
        await who.press('Submit')
        expect(await who.text()).toContain('The next one appears at')
        const next = Date.parse((await who.page.locator('time').getAttribute('datetime')) ?? '')
        expect(next).toBeGreaterThan(Date.now() - 1_000)
        await signIn(who, '/terminal', userId)
        // The code of the next step is already accepted, because the window includes one step on either side.
        await who.fill({ code: phone.generate({ timestamp: next }) })
        await who.press('Submit')
        expect(await who.text()).toContain('You are signed in to the terminal')
        await who.visit('/terminal/settings')
        await who.press('Change device')
        expect(await who.text()).toContain('begins at your next sign-in')
        const old = await who.page.context().cookies()
        await who.page.locator('header').getByRole('button', { name: 'Sign out' }).click()
        await who.look()
        expect(await who.text()).toContain('You are signed out')
        const thief = await visitor(width)
        await thief.page.context().addCookies(old)
        await thief.visit('/terminal')
        expect(await thief.text()).toContain('your session has ended')
        for (const { name: cookie, secure, httpOnly, sameSite, path } of old)
          expect({ cookie, secure, httpOnly, sameSite, path }).toEqual({
            cookie: expect.stringMatching(/^__Host-/),
            secure: true,
            httpOnly: true,
            sameSite: 'Lax',
            path: '/',
          })
      })

      test('OTP-07 PW-14 · a user signs in with emailed codes, requests another, and changes the password', async () => {
        const who = await visitor(width)
        const userId = 'B0123402'
        await signIn(who, '/terminal', userId)
        const first = mailed(site.host, userId)
        await who.press('Send another code')
        expect(await who.text()).toContain('Only the newest works')
        await who.fill({ code: first })
        await who.press('Submit')
        expect(await who.text()).toContain('The code is not correct')
        await who.fill({ code: mailed(site.host, userId) })
        await who.press('Submit')
        await who.visit('/terminal/password')
        await who.fill({
          current: 'wrong',
          password: 'Another-Horse#Battery9',
          confirmation: 'Another-Horse#Battery9',
        })
        await who.press('Submit')
        expect(await who.text()).toContain('The current password is not correct')
        await who.fill({
          current: seededPassword,
          password: 'Another-Horse#Battery9',
          confirmation: 'Another-Horse#Battery9',
        })
        await who.press('Submit')
        expect(await who.text()).toContain('Your password has been changed')
      })

      test('PW-10 PW-11 PW-12 PW-17 · a user replaces an expired password by another one and then signs in', async () => {
        const who = await visitor(width)
        const userId = 'B0123404'
        await signIn(who, '/terminal', userId, 'Wrong-Horse#Battery9')
        expect(await who.text()).toContain('Sign-in failed')
        await signIn(who, '/terminal', userId)
        expect(who.page.url()).toContain('/terminal/new-password')
        expect(await who.text()).toContain('Your password has expired')
        await who.visit('/language/zh-Hant?back=/terminal/new-password')
        expect(await who.text()).toContain('閣下的密碼已經過期')
        await who.visit('/language/zh-Hans?back=/terminal/new-password')
        expect(await who.text()).toContain('您的密码已经过期')
        await who.visit('/language/en?back=/terminal/new-password')
        await who.fill({ password: seededPassword, confirmation: seededPassword })
        await who.press('Submit')
        expect(await who.text()).toContain('✗ Not a password that you used before')
        const password = 'Another-Horse#Battery9'
        await who.fill({ password, confirmation: password })
        await who.press('Submit')
        expect(await who.text()).toContain('Your password has been set')
        await signIn(who, '/terminal', userId)
        expect(await who.text()).toContain('Sign-in failed')
        await signIn(who, '/terminal', userId, password)
        await who.fill({ code: mailed(site.host, userId) })
        await who.press('Submit')
        expect(await who.text()).toContain('You are signed in to the terminal')
      })

      test('DMS-01 DMS-02 DMS-03 DMS-14 · maker and checker create, delete, amend, reject, withdraw and confirm, and read the listings', async () => {
        const maker = await visitor(width)
        const checker = await visitor(width)
        await enterDms(maker, 'B01234X1')
        await enterDms(checker, 'B01234X2')
        await maker.visit('/dms/create')
        const userId = await maker.page.locator('[name="userId"]').inputValue()
        expect(userId).toMatch(/^B01234/)
        await maker.fill({ surname: 'YIP', otherNames: 'Gus' })
        await maker.fill({ email: 'gus@abc-securities.example' })
        await maker.press('Submit')
        const request = maker.page.url()
        await maker.follow('Amend')
        expect(await maker.page.locator('[name="userId"]').inputValue()).toBe(userId)
        expect(await maker.page.getByLabel('Surname').inputValue()).toBe('YIP')
        await maker.fill({ userId: 'B01234X9' })
        await maker.press('Submit')
        expect(await maker.page.getByRole('alert').innerText()).toContain('Delegated Administrator')
        await maker.fill({ userId, surname: 'YAP' })
        await maker.press('Submit')
        expect(maker.page.url(), 'it is the same request').toBe(request)

        await checker.visit('/dms/pending')
        await checker.follow(/Check a request/)
        expect(await checker.text()).toContain('YAP')
        expect(await checker.text()).not.toContain('YIP')
        await checker.press('Get Authorisation Code')
        const code = await checker.page.locator('code.secret').innerText()
        expect(code).toMatch(/^\d{8}$/)

        await maker.fill({
          checkerId: 'B01234X2',
          authorisationCode: code === '00000000' ? '11111111' : '00000000',
        })
        await maker.press('Confirm')
        expect(await maker.text()).toContain('Checker ID or Authorisation Code is not correct')
        await maker.fill({ checkerId: 'B01234X2', authorisationCode: code })
        await maker.press('Confirm')
        expect(await maker.text()).toContain('The change has taken effect')
        expect(maker.page.url()).toContain(new URL(request).pathname)

        await maker.visit('/dms/find?q=yap')
        await maker.follow(userId)
        expect(await maker.text()).toContain('gus@abc-securities.example')
        await maker.follow('Change User Profile')
        await maker.fill({ otherNames: 'Gustav' })
        await maker.press('Submit')
        await maker.follow('Amend')
        await maker.fill({ otherNames: 'Augustus' })
        await maker.press('Submit')
        await checker.visit('/dms/pending')
        await checker.follow(/Check a request/)
        expect(await checker.text()).toContain('Augustus')
        await checker.fill({ remark: 'not now' })
        await checker.press('Reject')
        expect(await checker.text()).toContain('The request is rejected')

        await maker.visit(`/dms/users/${userId}`)
        await maker.press('Delete User Profile')
        const deletion = maker.page.url()
        await maker.follow('Amend')
        expect(await maker.page.locator('[name="userId"]').inputValue()).toBe(userId)
        await maker.fill({ userId: 'B01234X3' })
        await maker.press('Submit')
        expect(
          await maker.page.getByRole('alert').count(),
          'no Delegated Administrator is deleted here',
        ).toBe(1)
        await maker.fill({ userId: 'B0123403' })
        await maker.press('Submit')
        expect(maker.page.url(), 'it is the same request').toBe(deletion)
        expect(await maker.text()).toContain('Delete User Profile · B0123403')
        await checker.visit('/dms/pending')
        await checker.follow(/Check a request/)
        expect(await checker.text()).toContain('Delete User Profile · B0123403')
        await maker.press('Withdraw')
        expect(await maker.text()).toContain('The request is withdrawn')
        await maker.visit('/dms/requests')
        for (const list of [
          'users',
          'lists/disabled',
          'lists/serial-numbers',
          'lists/user-groups',
          'lists/maintenance',
        ])
          await maker.visit(`/dms/${list}`)
        expect(await maker.text()).toContain('not now')
        for (const [tag, rejected, withdrawn, enabled, administrator] of [
          ['zh-Hant', '已拒絕', '已撤回', '啟用', '授權管理員'],
          ['zh-Hans', '已拒绝', '已撤回', '启用', '授权管理员'],
          ['en', 'Rejected', 'Withdrawn', 'ENABLED', 'Delegated Administrator'],
        ] as const) {
          const shows = async (page: string, words: readonly string[]) => {
            await maker.visit(`/language/${tag}?back=/dms/${page}`)
            const cells = await maker.page.locator('main td, main dd, main option').allInnerTexts()
            expect(cells, `${tag} ${page}`).toEqual(expect.arrayContaining([...words]))
            if (tag !== 'en')
              expect(cells.join(' ')).not.toMatch(/ABLED|Confirmed|Rejected|Withdrawn|Delegated/)
          }
          await shows('lists/maintenance', [rejected, withdrawn])
          await shows('users', [enabled, administrator])
          await shows('users/B01234X3', [enabled, administrator])
          await shows('users/B0123402/change', [enabled])
          await shows('create', [enabled])
        }
        await maker.visit('/dms')
      })

      test('DMS-01 DMS-07 MNT-10 · maker and checker set user groups and transaction limits in three languages', async () => {
        const maker = await visitor(width)
        const checker = await visitor(width)
        await enterDms(maker, 'B01234X2')
        await enterDms(checker, 'B01234X3')
        const profile = '/dms/users/B0123402'
        for (const [tag, label] of [
          ['zh-Hant', '金額（港元） 2'],
          ['zh-Hans', '金额（港元） 2'],
          ['en', 'Amount (HKD) 2'],
        ] as const) {
          await maker.visit(`/language/${tag}?back=${profile}/change`)
          expect(await maker.page.getByLabel(label).count()).toBe(1)
        }
        const enter = async (values: Readonly<Record<string, string>>) => {
          for (const [label, value] of Object.entries(values))
            await maker.page.getByLabel(label, { exact: true }).fill(value)
          await maker.press('Submit')
        }
        expect(await maker.page.getByLabel('User groups').inputValue()).toBe('11 AA')
        await enter({ 'User groups': '11 AA BB', 'Kind 1': 'Default', 'Amount (HKD) 1': 'plenty' })
        expect(await maker.page.getByRole('alert').innerText()).toContain('(Transaction limits)')
        expect(await maker.page.getByLabel('Amount (HKD) 1').inputValue()).toBe('plenty')
        await enter({ 'Amount (HKD) 1': '0.00', 'Kind 2': 'Default', 'Amount (HKD) 2': '5.00' })
        expect(await maker.page.getByRole('alert').innerText()).toContain('(Transaction limits)')
        await enter({ 'Kind 2': 'DI', 'Amount (HKD) 2': '100.00' })
        expect(await maker.text()).toContain('11, AA, BB')
        expect(await maker.text()).toContain('Default: 0.00, DI: 100.00')
        await maker.follow('Amend')
        await enter({ 'User groups': '', 'Kind 1': '', 'Amount (HKD) 1': '' })
        await maker.follow('Amend')
        expect(await maker.page.getByLabel('User groups').inputValue()).toBe('')
        expect(await maker.page.getByLabel('Kind 1').inputValue()).toBe('DI')
        await enter({ 'User groups': 'BB' })
        const request = maker.page.url()
        await checker.visit('/dms/pending')
        await checker.follow(/Check a request/)
        expect(await checker.text()).toContain('DI: 100.00')
        expect(await checker.text()).not.toContain('Default')
        await checker.press('Get Authorisation Code')
        await maker.page.goto(request)
        await maker.fill({
          checkerId: 'B01234X3',
          authorisationCode: await checker.page.locator('code.secret').innerText(),
        })
        await maker.press('Confirm')
        expect(await maker.text()).toContain('The change has taken effect')
        await maker.visit(profile)
        expect(await maker.page.locator('dl').innerText()).toMatch(
          /User groups\s+BB\s+Transaction limits\s+DI: 100.00/,
        )
        await maker.visit(`${profile}/change`)
        await maker.press('Submit')
        expect(await maker.page.getByRole('alert').count(), 'nothing differs, so nothing is entered').toBe(1)
        expect(new URL(maker.page.url()).pathname).toBe(`${profile}/change`)
      })

      /** Chooses who is signed in to Client Connect. */
      const connectAs = async (who: Visitor, person: string) => {
        await who.visit('/eservices')
        const option = who.page.locator('select option', { hasText: person })
        await who.page.locator('select').selectOption(await option.innerText())
        await who.press('Continue')
      }

      test('ESV-11 ESV-16 ESV-17 · a checker refers a form, another takes it over, and the maker clones it', async () => {
        const maker = await visitor(width)
        const [first, second] = [await visitor(width), await visitor(width)]
        await connectAs(maker, 'C Cheung')
        await connectAs(first, 'D Wong')
        await connectAs(second, 'E Lau')
        await maker.press('New form DA 3')
        await maker.page.locator('select').selectOption('delete')
        await maker.fill({ userId: 'B01234X3' })
        await maker.press('Add a maintenance request')
        await maker.fill({
          contactName: 'C Cheung',
          contactEmail: 'c.cheung@abc-securities.example',
          contactTelephone: '+852 2345 6789',
        })
        await maker.page.getByLabel(/I declare/).check()
        await maker.press('Submit to checker')
        const form = maker.page.url()
        const shownTo = async (who: Visitor) => {
          await who.visit(form)
          return who.page.locator('main').getByRole('button').allInnerTexts()
        }
        await first.visit(form)
        await first.press('Claim')
        expect(await shownTo(second)).toEqual(['Take over'])
        await first.page.getByLabel('Checker').selectOption('E Lau')
        await first.press('Refer to another checker')
        expect(await first.text()).toMatch(/Checker\s+E Lau/)
        expect(await shownTo(first)).toEqual(['Take over'])
        expect(await shownTo(second)).toContain('Confirm: send to HKEX')
        await first.press('Take over')
        expect(await first.text()).toMatch(/Checker\s+D Wong/)
        expect(await shownTo(second)).toEqual(['Take over'])
        for (const [tag, takeOver, refer, clone] of [
          ['zh-Hant', '接手', '轉交另一覆核者', '複製為新草稿'],
          ['zh-Hans', '接手', '转交另一复核者', '复制为新草稿'],
          ['en', 'Take over', 'Refer to another checker', 'Clone as a new draft'],
        ] as const) {
          const path = `/language/${tag}?back=${new URL(form).pathname}`
          for (const [who, name] of [
            [second, takeOver],
            [first, refer],
            [maker, clone],
          ] as const) {
            await who.visit(path)
            expect(await who.page.getByRole('button', { name }).count(), `${tag} ${name}`).toBe(1)
          }
        }
        await maker.press('Clone as a new draft')
        expect(maker.page.url()).not.toBe(form)
        expect(await maker.text()).toContain('B01234X3')
        expect(await maker.page.getByLabel(/I declare/).isChecked()).toBe(false)
        await maker.press('Discard')
        await first.press('Release')
        await maker.visit(form)
        await maker.press('Reclaim')
        await maker.press('Discard')
      })

      test('ESV-02 ESV-10 ESV-16 · maker and checker send DA 3, the checker reclaims it, and HKEX’s batch processes it', async () => {
        const maker = await visitor(width)
        const checker = await visitor(width)
        const other = await visitor(width)
        await connectAs(maker, 'C Cheung')
        await connectAs(checker, 'D Wong')
        await connectAs(other, 'E Lau')
        /** What the maker sees in each language, on the form’s page and in the list. */
        const expectStatus = async (form: string, reference: string, statuses: readonly string[]) => {
          for (const [n, tag] of (['zh-Hant', 'zh-Hans', 'en'] as const).entries()) {
            await maker.visit(`/language/${tag}?back=${new URL(form).pathname}`)
            expect(await maker.page.locator('dd').allInnerTexts(), tag).toContain(statuses[n])
            await maker.visit('/eservices')
            const row = maker.page.locator('tr', { hasText: reference })
            expect(await row.locator('td').nth(1).innerText(), tag).toBe(statuses[n])
          }
          await maker.visit(form)
        }
        await maker.press('New form DA 3')
        await maker.page.locator('select').selectOption('unlock')
        await maker.fill({ userId: 'B01234X3', email: 'cat@abc-securities.example' })
        await maker.press('Add a maintenance request')
        await maker.fill({
          contactName: 'C Cheung',
          contactEmail: 'c.cheung@abc-securities.example',
          contactTelephone: '+852 2345 6789',
        })
        await maker.press('Submit to checker')
        expect(await maker.text()).toContain('Please tick the declaration')
        await maker.page.getByLabel(/I declare/).check()
        await maker.press('Submit to checker')
        expect(await maker.text()).toContain('Ready to Send to HKEX')
        // Other stories leave forms behind: this one is found by its reference.
        const reference = /DA3_\d{8}/.exec(await maker.text())?.[0] ?? 'no reference'
        const form = maker.page.url()
        await expectStatus(form, reference, ['待送交香港交易所', '待送交香港交易所', 'Ready to Send to HKEX'])
        await checker.visit('/eservices')
        await checker.follow(new RegExp(`Open ${reference}`))
        await checker.press('Claim')
        await checker.press(/send to HKEX/)
        expect(await checker.text()).toContain('Sent to HKEX')
        await expectStatus(form, reference, ['已送交香港交易所', '已送交香港交易所', 'Sent to HKEX'])
        const hkex = await visitor(width)
        await hkex.visit('/hkex')
        const reclaim = (who: Visitor) => who.page.getByRole('button', { name: 'Reclaim' })
        await other.visit(form)
        expect(await reclaim(other).count(), 'another checker').toBe(0)
        expect(await reclaim(maker).count(), 'the maker').toBe(0)
        for (const [tag, name] of [
          ['zh-Hant', '收回'],
          ['zh-Hans', '收回'],
          ['en', 'Reclaim'],
        ] as const) {
          await checker.visit(`/language/${tag}?back=${new URL(form).pathname}`)
          expect(await checker.page.getByRole('button', { name }).count(), tag).toBe(1)
        }
        await checker.press('Reclaim')
        expect(await checker.text()).toMatch(/Status\s+Ready to Send to HKEX/)
        expect(await checker.text()).toMatch(/Checker\s+D Wong/)
        await hkex.press(new RegExp(`Process ${reference}`))
        expect(await hkex.page.getByRole('alert').count(), 'a batch refuses it').toBe(1)
        await checker.press(/send to HKEX/)
        await hkex.visit('/hkex')
        await hkex.press(new RegExp(`Process ${reference}`))
        expect(await hkex.text()).toContain('Accepted')
        // The checker's page is from before the batch.
        await checker.press('Reclaim')
        expect(await checker.page.getByRole('alert').count(), 'HKEX has processed it').toBe(1)
        expect(await reclaim(checker).count()).toBe(0)
        await expectStatus(form, reference, ['已完成', '已完成', 'Completed'])
      })

      test('MIG-16 AUD-01 · the pages show the migration’s report, the trail and its verification, and the mailbox', async () => {
        const who = await visitor(width)
        await who.visit('/hkex')
        await who.page.getByRole('button', { name: /^Plan/ }).click()
        // Chromium leaves out what is below the screen until it is scrolled to (content-visibility).
        const line = who.page.getByText('B0123401').first()
        await line.scrollIntoViewIfNeeded()
        expect(await line.innerText()).toContain('B0123401')
        await who.visit('/hkex')
        await who.page.getByRole('button', { name: /^Apply/ }).click()
        expect(await who.page.locator('body').innerText()).toContain('B01234')
        await who.visit('/hkex/trail?userId=B01234X1')
        expect(await who.text()).toContain('ChannelEnrolled')
        await who.visit('/hkex')
        await who.press('Verify all records')
        expect(await who.text()).toContain('Nothing wrong was found')
        await who.visit('/mailbox')
        expect(await who.text()).toContain('B01234X1')
      })

      test.each([
        ['zh-HK', 'zh-Hant', '登錄'],
        ['zh-CN', 'zh-Hans', '登录'],
      ])('the pages are shown in three languages: %s', async (browserLocale, lang, signInText) => {
        const who = await visitor(width, browserLocale, 'dark')
        for (const path of [
          '/',
          '/terminal/sign-in',
          '/dms/forgot',
          '/eservices',
          '/hkex',
          '/mailbox',
          '/nowhere',
        ])
          await who.visit(path)
        await who.visit('/terminal/sign-in')
        expect(await who.page.locator('html').getAttribute('lang')).toBe(lang)
        expect(await who.text()).toContain(signInText)
        await who.fill({ userId: 'B0123499', password: 'x' })
        await who.press(/^登/)
        expect(await who.text()).toMatch(/失敗|失败/)
        await who.page.getByRole('link', { name: 'English' }).click()
        expect(await who.page.locator('html').getAttribute('lang')).toBe('en')
        expect(new URL(who.page.url()).pathname).toBe('/terminal/sign-in')
      })

      test('LOCK-11 ACC-16 · no page reveals whether an account exists or in which state it is', async () => {
        const answers = async (userId: string) => {
          const who = await visitor(width)
          const shown: string[] = []
          const keep = async () =>
            shown.push(
              `${who.page.url()} ${(await who.page.content()).replaceAll(userId, 'USERID').replace(/name="csrf" value="[^"]*"/g, '')}`,
            )
          await signIn(who, '/terminal', userId, 'Wrong-Horse#Battery9')
          await keep()
          await who.visit('/terminal/forgot')
          await who.fill({ userId })
          await who.press('Continue')
          await keep()
          await who.fill({ code: '00000000' })
          await who.press('Submit')
          await keep()
          return shown
        }
        const unknown = await answers('B0123498')
        for (const userId of ['B0123403', 'B01234X3', 'B0123402', 'B9999901'])
          expect(await answers(userId), userId).toEqual(unknown)
      })

      test('a form from another site, without its token, or with another visitor’s token has no effect', async () => {
        const who = await visitor(width)
        await who.visit('/terminal/sign-in')
        const csrf = (await who.page.locator('main [name="csrf"]').getAttribute('value')) ?? ''
        const other = await visitor(width)
        await other.visit('/terminal/sign-in')
        const theirs = (await other.page.locator('main [name="csrf"]').getAttribute('value')) ?? ''
        const post = async (origin: string | undefined, token: string) => {
          const sent = await who.page.context().request.post('/terminal/sign-in', {
            form: { csrf: token, userId: 'B0123498', password: 'x' },
            headers: origin === undefined ? {} : { origin },
          })
          return sent.status()
        }
        expect(await post(site.url, csrf)).toBe(401)
        expect(await post('https://evil.example', csrf)).toBe(403)
        expect(await post('null', csrf)).toBe(403)
        expect(await post(undefined, csrf)).toBe(403)
        expect(await post(site.url, '')).toBe(403)
        expect(await post(site.url, theirs)).toBe(403)
      })

      test('the pages can be used by keyboard alone: skip link, fields and button in order, with visible focus', async () => {
        const who = await visitor(width)
        await who.visit('/terminal/sign-in')
        await who.page.keyboard.press('Tab')
        expect(await who.page.locator('.skip:focus').count()).toBe(1)
        await who.page.keyboard.press('Enter')
        await who.page.keyboard.press('Tab')
        expect(await who.page.locator('[name="userId"]:focus').count()).toBe(1)
        await who.page.keyboard.type('B0123498')
        await who.page.keyboard.press('Tab')
        await who.page.keyboard.type('x')
        await who.page.keyboard.press('Enter')
        await who.page.getByRole('alert').waitFor()
        expect(await who.text()).toContain('Sign-in failed')
      })
    })
})
