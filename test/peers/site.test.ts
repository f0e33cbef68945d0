/**
 * An audit with only the generated site, in a real Chromium without a network: for random rules, from the
 * search to the rule, its code, its tests, and back, at desktop and phone width. No page has an accessibility
 * fault that axe-core finds, and none is wider than the screen. `npm run docs` generates the site and finds
 * dead links. Run by `CHROMIUM=1 vitest run --config test/peers/vitest.config.ts site.test.ts`; `SITE_SEED`
 * repeats a run.
 */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { refusalGuides } from '../../docs/generate/refusal-guides.ts'
import { inPackage } from '../../docs/generate/tree.ts'
import { listedEvents } from '../../docs/site/event-pages.ts'
import { rulebook } from '../../src/policy/rulebook.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const site = inPackage('build/api')
const widths = { desktop: 1_280, phone: 390 } as const
const seed = Number(process.env['SITE_SEED'] ?? Date.now() % 1_000_000)

/** A number of random items, by a linear congruential generator. */
const drawn = <T>(items: readonly T[], count: number): readonly T[] => {
  const left = [...items]
  let state = seed
  return Array.from({ length: count }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return left.splice(state % left.length, 1)
  }).flat()
}

/** One page of each kind. */
const kinds = [
  'index.html',
  'overview.html',
  'modules.html',
  'hierarchy.html',
  'docs/rulebook.html',
  'docs/machines.html',
  'docs/access.html',
  'docs/traceability.html',
  'docs/errors.html',
  'docs/formats.html',
  'docs/getting-started.html',
  'docs/concepts/accounts.html',
  'docs/decisions/index.html',
  'docs/decisions/0006-interpretations.html',
  'CHANGELOG.html',
  'SECURITY.html',
  'rules/LOCK.html',
  'rules/LOCK-04.html',
  'rules/DMS-02.html',
  'errors/code-refused.html',
  'events/index.html',
  'events/CommandRefused.html',
  'source/src/index.html',
  'source/src/account/transitions/sign-in.ts.html#L259',
  'source/test/account/sign-in.test.ts.html',
  'source/vectors/lockout-count.json.html',
  'api/ccass-2fa.html',
  'api/ccass-2fa/Authentication.html',
  'api/ccass-2fa/createAuthentication.html',
  'api/ccass-2fa/Refusal.html',
  'api/ccass-2fa/account/accountTransitions.html',
] as const

describe.skipIf(process.env['CHROMIUM'] !== '1')('the site in Chromium, with CHROMIUM=1', () => {
  let browser: Browser
  const complaints: string[] = []
  const asked: string[] = []

  beforeAll(async () => {
    if (!existsSync(`${site}/index.html`)) throw new Error('there is no site: run `npm run docs` first')
    console.log(`SITE_SEED=${seed}`)
    browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    })
  })
  afterAll(async () => {
    await browser?.close()
  })

  const address = (path: string) => `${pathToFileURL(`${site}/`).href}${path}`

  /** A browser without a network, which records the errors and requests of pages. */
  const opened = async (width: number, colorScheme: 'light' | 'dark' = 'light'): Promise<BrowserContext> => {
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      colorScheme,
      offline: true,
      // A page must be complete without its animations.
      reducedMotion: 'reduce',
    })
    context.on('weberror', (error) => complaints.push(String(error.error())))
    context.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
    })
    context.on('request', (request) => {
      if (!request.url().startsWith('file:')) asked.push(request.url())
    })
    return context
  }

  const search = async (page: Page): Promise<void> => {
    await page.goto(address('index.html'))
    await page.locator('#tsd-search-trigger').click()
  }

  /** The first search result, after it is the one with these words. */
  const firstResult = async (page: Page, words: string) => {
    await page.locator('#tsd-search-input').fill(words)
    const first = page.locator('#tsd-search-results li a').first()
    await expect
      .poll(() => first.textContent({ timeout: 500 }).catch(() => `nothing for ${words}`))
      .toMatch(new RegExp(`(^|\\W)${words}$`))
    return first
  }

  /** The page of the first search result. */
  const searched = async (page: Page, words: string): Promise<void> => {
    await search(page)
    await (await firstResult(page, words)).click()
    await page.waitForURL(new RegExp(`/${words}\\.html$`))
  }

  const heading = (page: Page) => page.locator('main, .col-content').locator('h1').first().innerText()
  const linksUnder = (page: Page, title: string) =>
    page.locator(`h2#${title.toLowerCase()} ~ ul`).first().locator('li')

  /** The line to which an address leads: it is highlighted and visible. */
  const shownLine = async (page: Page): Promise<string> => {
    const line = page.locator('.line:target')
    await line.waitFor()
    await expect
      .poll(async () => {
        const box = await line.boundingBox()
        return box !== null && box.y > 40 && box.y < 900
      })
      .toBe(true)
    return (await line.textContent()) ?? ''
  }

  for (const [name, width] of Object.entries(widths)) {
    test.each(drawn(rulebook, 20).map(({ id }) => id))(
      `AUD-05 · %s at ${name} width: search, rule, code, test, and back`,
      async (id) => {
        complaints.length = asked.length = 0
        const context = await opened(width)
        const page = await context.newPage()
        await searched(page, id)
        expect(await heading(page)).toBe(id)
        const statement = rulebook.find((rule) => rule.id === id)?.statement ?? ''
        const words = (text: string) => text.replace(/[^\p{L}\p{N}]/gu, '')
        expect(words(await page.locator('blockquote').first().innerText())).toBe(words(statement))

        const place = linksUnder(page, 'Code').first()
        const isTagged = (await place.innerText()).includes('@rule')
        await place.locator('a').first().click()
        await page.waitForURL(/\/source\/src\/.*#L\d+$/)
        const line = await shownLine(page)
        expect(line).toContain(id)
        if (isTagged) expect(line).toMatch(/@rule/)
        await page.locator('.line:target a', { hasText: id }).click()
        expect(await heading(page)).toBe(id)

        const proof = linksUnder(page, 'Tests').first()
        await proof.locator('a').first().click()
        await page.waitForURL(/\/source\/test\/.*#L\d+$/)
        expect(await shownLine(page)).toContain(id)
        await page.goBack()
        await page.waitForURL(new RegExp(`/rules/${id}\\.html$`))
        expect(await heading(page)).toBe(id)
        expect([complaints, asked]).toEqual([[], []])
        await context.close()
      },
    )

    test(`AUD-05 · refusal codes and events are found at ${name} width, and lead to their rules`, async () => {
      complaints.length = asked.length = 0
      const context = await opened(width)
      const page = await context.newPage()
      for (const words of ['code-refused', 'maker-as-checker', 'SignInCompleted', 'UserIdsAllocated']) {
        await searched(page, words)
        expect(await heading(page)).toBe(words)
        await page.locator('.tsd-panel a[href*="rules/"]').first().click()
        expect(await heading(page)).toMatch(/^[A-Z]+-\d\d$/)
      }
      expect([complaints, asked]).toEqual([[], []])
      await context.close()
    })
  }

  test('AUD-05 · each rule, refusal code and event is the first result of the search for its name', async () => {
    complaints.length = asked.length = 0
    const context = await opened(widths.desktop)
    const page = await context.newPage()
    await search(page)
    const names = [
      ...rulebook.map(({ id }) => id),
      ...Object.keys(refusalGuides),
      ...listedEvents(readFileSync(inPackage('docs/formats.md'), 'utf8')).map(({ name }) => name),
    ]
    for (const name of names) await firstResult(page, name)
    expect([complaints, asked]).toEqual([[], []])
    await context.close()
  }, 600_000)

  describe.each([
    ['desktop', 'dark'],
    ['phone', 'light'],
  ] as const)('at %s width, %s', (name, colorScheme) => {
    let context: BrowserContext
    let page: Page
    beforeAll(async () => {
      context = await opened(widths[name], colorScheme)
      page = await context.newPage()
    })
    afterAll(async () => {
      await context?.close()
    })
    const sound = async () => {
      expect(await faultsOf(page)).toEqual([])
      expect([complaints, asked]).toEqual([[], []])
    }

    test.each(kinds)('%s: axe-core reports nothing, and nothing overflows the screen', async (kind) => {
      complaints.length = asked.length = 0
      await page.goto(address(kind))
      await page.locator('h1').first().waitFor()
      await sound()
    })

    test('the results of a search and the open menu comply as well', async () => {
      complaints.length = asked.length = 0
      await page.goto(address('rules/LOCK-04.html'))
      await page.locator('#tsd-search-trigger').click()
      await page.locator('#tsd-search-input').fill('LOCK-04')
      await page.locator('#tsd-search-results li').first().waitFor()
      await sound()
      await page.keyboard.press('Escape')
      if (name === 'phone') await page.locator('#tsd-toolbar-menu-trigger').click()
      await page.evaluate(() => {
        for (const section of document.querySelectorAll('details')) section.open = true
      })
      await sound()
    })
  })

  test('the printed edition has every rule, and its links stay within it', async () => {
    const context = await opened(widths.desktop)
    const page = await context.newPage()
    await page.goto(address('print.html'))
    await page.emulateMedia({ media: 'print' })
    const titles = await page.locator('section > h1').allInnerTexts()
    expect(rulebook.map(({ id }) => id).filter((id) => !titles.includes(id))).toEqual([])
    const astray = await page.evaluate(() =>
      // Links in pictures are not HTML elements and have no `hash`.
      [...document.querySelectorAll('section a[href^="#"]')]
        .map((link) => link.getAttribute('href')?.slice(1) ?? '')
        .filter((id) => document.getElementById(decodeURIComponent(id)) === null),
    )
    expect(astray).toEqual([])
    await context.close()
  })

  // axe-core does not end on the whole edition, which has 3 MB: it looks at a few sections at a time, all other parts of
  // the page unchanged.
  test('the printed edition: axe-core reports nothing in any section', async () => {
    const context = await opened(widths.desktop)
    const page = await context.newPage()
    await page.goto(address('print.html'))
    const count = await page.evaluate(() => {
      const sections = [...document.querySelectorAll('section')].filter(
        (section) => section.parentElement?.closest('section') === null,
      )
      const parent = sections[0]?.parentElement
      Object.assign(window, {
        show: (from: number, to: number) => {
          for (const section of sections) section.remove()
          parent?.append(...sections.slice(from, to))
        },
      })
      return sections.length
    })
    expect(count).toBeGreaterThan(rulebook.length)
    const found: string[] = []
    for (let from = 0; from < count; from += 20) {
      await page.evaluate(
        ([first, last]) => (window as unknown as { show(a: number, b: number): void }).show(first, last),
        [from, from + 20] as const,
      )
      found.push(...(await faultsOf(page)))
    }
    expect(found).toEqual([])
    // A fault in a section is found.
    await page.evaluate(() => document.querySelector('section')?.append(document.createElement('img')))
    expect((await faultsOf(page)).map((fault) => fault.split(':')[0])).toEqual(['image-alt'])
    await context.close()
  }, 300_000)
})

/**
 * axe-core's findings on a page, and whether it is wider than the screen. One finding is TypeDoc's: the options
 * in its list of search results contain links, which count as nested although they are chosen with the arrow
 * keys. Nothing else of that list is left out.
 */
const faultsOf = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const { violations } = await (
      window as unknown as {
        axe: {
          run(
            context: object,
            options: object,
          ): Promise<{
            violations: { id: string; nodes: { html: string; failureSummary: string; target: string[] }[] }[]
          }>
        }
      }
    ).axe.run(document, { preload: false })
    const { scrollWidth } = document.documentElement
    return [
      ...(scrollWidth > innerWidth ? [`it is ${scrollWidth} px wide`] : []),
      ...violations.flatMap(({ id, nodes }) =>
        nodes
          .filter(
            ({ target }) =>
              id !== 'nested-interactive' ||
              document.querySelector(target[0] ?? '')?.closest('#tsd-search-results') === null,
          )
          .slice(0, 3)
          .map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
      ),
    ]
  })
}
