/**
 * The reports in a real browser: they show their contents at every width, in both colour schemes and on
 * paper, and load nothing. Run by `CHROMIUM=1 vitest run --config test/peers/vitest.config.ts`; Chromium
 * must be installed as `/usr/bin/chromium`.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { htmlReport } from '../../src/adapters/migration-report/html.ts'
import { findingWords, routeWords, statusWords } from '../../src/adapters/migration-report/words.ts'
import type { AccountPlan } from '../../src/migration/model/account-plan.ts'
import { readListingRow } from '../../src/migration/model/listing.ts'
import type { ListingPlan } from '../../src/migration/model/plan.ts'
import { listingReconciler } from '../../src/migration/model/reconciler.ts'
import { hk, launch, lineOf, planReads, suppliedLines } from '../migration/model/lines.ts'
import { asSeen, lowContrasts, overflowing } from './support/page-looks.ts'

const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const reconciled = (accounts: readonly AccountPlan[]) => {
  const reconciling = listingReconciler({ at: launch, phaseOf: () => 'parallel-run' })
  for (const plan of accounts) reconciling.add(plan, { stage: 'Unknown' })
  return reconciling.finish()
}

const supplied = planReads(suppliedLines(), { at: hk('2023-05-02T09:00:00'), maxima: { B01234: 20 } })

/** 600 participants with 200 accounts each, a quarter of them with findings. */
const large = () => {
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVW'
  const odd = [{ Email: '' }, { Email: 'x' }, { 'User Status': 'DISABLED' }, { 'User Status': '?' }]
  const reads = Array.from({ length: 120_000 }, (_, i) => {
    const place = i % 200
    const suffix = `${alphabet[Math.floor(place / 33)]}${alphabet[place % 33]}`
    const participant = `A${`${Math.floor(i / 200)}`.padStart(5, '0')}`
    return readListingRow(lineOf(`${participant}${suffix}`, i % 4 === 0 ? odd[(i / 4) % odd.length] : {}))
  })
  return planReads(reads, { at: hk('2023-05-02T09:00:00') })
}

describe.skipIf(process.env['CHROMIUM'] !== '1')('the reports in Chromium, with CHROMIUM=1', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ccass-2fa-reports-'))
  const files = new Map<string, string>()
  let context: BrowserContext
  const asked: string[] = []
  const complaints: string[] = []

  const put = (name: string, plan: ListingPlan, accounts?: readonly AccountPlan[]) => {
    const reconciliation = accounts && reconciled(accounts)
    const report = { plan, ...(reconciliation === undefined ? {} : { reconciliation }) }
    const path = join(folder, `${name}.html`)
    writeFileSync(path, [...htmlReport(report)].join(''))
    files.set(name, pathToFileURL(path).href)
  }

  beforeAll(async () => {
    put('plan', supplied.plan)
    put('reconciliation', supplied.plan, supplied.accounts)
    const { plan, accounts } = large()
    put('large', plan, accounts)
    context = await chromium.launchPersistentContext(join(folder, 'profile'), {
      executablePath: '/usr/bin/chromium',
      args,
    })
    context.on('request', (request) => asked.push(request.url()))
    context.on('weberror', (error) => complaints.push(String(error.error())))
    context.on('console', (message) => {
      if (message.type() !== 'log') complaints.push(message.text())
    })
  }, 120_000)

  afterAll(async () => {
    await context?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** A page with a report, with all of its parts open. */
  const opened = async (name: string, isWhole = true): Promise<Page> => {
    asked.length = complaints.length = 0
    const page = await context.newPage()
    await page.goto(files.get(name) ?? '')
    if (isWhole)
      await page.evaluate(() => {
        for (const details of document.querySelectorAll('details')) details.open = true
      })
    return page
  }

  test.each(['plan', 'reconciliation', 'large'])(
    'MIG-16 %s requests only its own page and logs no error',
    async (name) => {
      const page = await opened(name)
      await page.mouse.wheel(0, 5_000)
      await page.waitForTimeout(200)
      expect(asked).toEqual([files.get(name)])
      expect(complaints).toEqual([])
      await page.close()
    },
  )

  test.each([1_200, 375])(
    'MIG-16 at %i px each account’s plan, what blocks it and who can help are readable',
    async (width) => {
      const page = await opened('plan')
      await page.setViewportSize({ width, height: 900 })
      for (const { userId, status, findings } of supplied.accounts) {
        const row = page.locator('tr', { has: page.getByText(userId, { exact: true }) })
        await row.scrollIntoViewIfNeeded()
        const text = (await row.innerText()).replace(/\s+/g, ' ')
        expect(text).toContain(statusWords[status].name)
        for (const finding of findings)
          expect(text).toContain(
            `${findingWords(finding)} ${finding.rule} → ${routeWords[finding.remedy.route]}`,
          )
        const box = await row.boundingBox()
        expect(box?.width).toBeGreaterThan(width / 2)
        expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width)
      }
      await page.close()
    },
  )

  const looks = [
    ['wide and light', 1_200, 'light', 'screen'],
    ['wide and dark', 1_200, 'dark', 'screen'],
    ['narrow', 375, 'light', 'screen'],
    ['narrow and dark', 375, 'dark', 'screen'],
    ['on paper', 700, 'light', 'print'],
    ['on paper, from a dark screen', 700, 'dark', 'print'],
  ] as const

  test.each(looks)(
    'MIG-16 %s: nothing overflows the page, and every text has enough contrast',
    async (_, width, colorScheme, media) => {
      for (const name of ['plan', 'reconciliation']) {
        const page = await opened(name)
        await page.emulateMedia({ colorScheme, media })
        await page.setViewportSize({ width, height: 900 })
        expect(await page.evaluate(overflowing)).toEqual([])
        expect(await page.evaluate(lowContrasts)).toEqual([])
        await page.close()
      }
    },
  )

  test.each([1_200, 375])(
    'MIG-16 at %i px the chart’s bars fill its width in the proportions of the plan',
    async (width) => {
      const page = await opened('plan')
      await page.setViewportSize({ width, height: 900 })
      const { tracks, bars, texts } = await page.evaluate(asSeen)
      expect(tracks).toHaveLength(supplied.plan.participants.length)
      for (const [i, track] of tracks.entries()) {
        expect(track.width).toBeGreaterThan(width * 0.7)
        expect(track.height).toBe(14)
        const own = bars.filter(({ y }) => y === track.y)
        expect(own.reduce((sum, bar) => sum + bar.width, 0)).toBeCloseTo(track.width, 0)
        // Name and count are above the bar, side by side.
        const [name, count] = texts.slice(2 * i, 2 * i + 2)
        expect((name?.x ?? 0) + (name?.width ?? 0)).toBeLessThan(count?.x ?? 0)
        expect((count?.x ?? 0) + (count?.width ?? 0)).toBeLessThanOrEqual(width)
      }
      await page.close()
    },
  )

  test('MIG-16 assistive technology finds headings, tables with heads, and the chart by its name', async () => {
    const page = await opened('reconciliation')
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('From smartcard to 2FA')
    expect(await page.getByRole('img', { name: 'Readiness by participant' }).count()).toBe(1)
    expect(await page.getByRole('columnheader', { name: 'What stops it, and who can help' }).count()).toBe(3)
    await page.setViewportSize({ width: 375, height: 900 })
    expect(await page.getByRole('rowheader', { name: 'B012340W' }).count()).toBeGreaterThan(0)
    await page.close()
  })

  test('MIG-16 a large plan loads quickly, and a participant opens at once', async () => {
    const begun = performance.now()
    const page = await opened('large', false)
    expect(performance.now() - begun).toBeLessThan(20_000)
    await page.setViewportSize({ width: 375, height: 900 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375)
    const clicked = performance.now()
    await page.locator('summary').nth(300).click()
    await page.locator('details[open] table').first().waitFor()
    expect(performance.now() - clicked).toBeLessThan(5_000)
    await page.close()
  })
})
