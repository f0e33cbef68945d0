import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { escapeHtml, readinessChart } from '../../src/adapters/migration-report/chart.ts'
import { htmlReport } from '../../src/adapters/migration-report/html.ts'
import { textReport } from '../../src/adapters/migration-report/text.ts'
import {
  allTasks,
  grouped,
  hongKongTime,
  type MigrationReport,
  numbered,
  visible,
} from '../../src/adapters/migration-report/words.ts'
import type { AccountPlan, ReadLine } from '../../src/migration/model/account-plan.ts'
import { type ListingRow, readListingRow } from '../../src/migration/model/listing.ts'
import type { ParticipantPlan } from '../../src/migration/model/participant-plan.ts'
import { listingReconciler } from '../../src/migration/model/reconciler.ts'
import { hk, launch, lineOf, planLines, planReads, suppliedLines } from '../migration/model/lines.ts'

const hostZone = process.env['TZ']
afterEach(() => {
  if (hostZone === undefined) delete process.env['TZ']
  else process.env['TZ'] = hostZone
})

const htmlOf = (report: MigrationReport) => [...htmlReport(report)].join('')
const textOf = (report: MigrationReport) => [...textReport(report)].join('')

/** The tags of a page with the names of their attributes, in order, without texts and values. */
const skeleton = (page: string) =>
  (page.match(/<[!/a-zA-Z][^>]*>/g) ?? []).map((tag) => tag.replace(/"[^"]*"/g, '""').replace(/\d+/g, '0'))

const reconciled = (accounts: readonly AccountPlan[]) => {
  const reconciling = listingReconciler({ at: launch, phaseOf: () => 'parallel-run' })
  for (const plan of accounts) reconciling.add(plan, { stage: 'Unknown' })
  return reconciling.finish()
}

const supplied = () => {
  const { plan, accounts } = planReads(suppliedLines(), {
    at: hk('2023-05-02T09:00:00'),
    maxima: { B01234: 20 },
  })
  return { plan, accounts, reconciliation: reconciled(accounts), source: 'user-profile-listing.csv' }
}

test('MIG-16 · the page of the supplied listing shows for every account what happens, what blocks it and who can help', () => {
  const { plan, accounts } = supplied()
  const page = htmlOf({ plan })
  for (const { userId } of accounts) expect(page).toContain(`<bdi>${userId}</bdi>`)
  const row = page.slice(page.indexOf('<bdi>B012340W</bdi>'))
  const cells = row.slice(0, row.indexOf('</tr>'))
  for (const words of [
    'Blocked',
    'The status is DISABLED',
    'Disable After is before launch',
    'certificate has expired',
    'SCard 1',
    'ACC-05',
    'MNT-07',
  ])
    expect(cells).toContain(words)
  expect(page).toContain('6 of at most 20 accounts')
  expect(page).toContain('5 Jun 2023, 09:00 HKT')
})

test('MIG-16 · the text of the supplied listing has the same contents', () => {
  const text = textOf(supplied())
  expect(text).toContain('13 lines: 10 ready, 3 blocked, 0 refused · 7 users, 6 DAs, 2 without email')
  expect(text).toContain(
    'line 4: BLOCKED B0123403 · TEST TESTER · User\n    - No email is registered [MIG-06] → Two Delegated Administrators, in DMS [MIG-01]',
  )
  expect(text).toContain('2 × No email is registered (late) → Two Delegated Administrators, in DMS [MIG-01]')
  expect(text).toContain('0 of 13 planned accounts arrived, 0 initialised')
})

test('MIG-16 · the page loads nothing, runs no script, and forbids both', () => {
  const page = htmlOf(supplied())
  expect(page).toContain(
    `content="default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"`,
  )
  expect(page).not.toMatch(
    /<(script|link|img|iframe|object|embed|base|form)\b|\bsrc=|@import|url\(|\son\w+=/i,
  )
  expect(page.match(/https?:/g)).toBeNull()
  const targets = [...page.matchAll(/href="([^"]*)"/g)].map(([, href]) => href ?? '')
  expect(targets.length).toBeGreaterThan(10)
  for (const href of targets) expect(page).toContain(`id="${href.slice(1)}"`)
})

test('MIG-16 · the page closes its elements in order, gives tables header cells and the chart a name', () => {
  const open: string[] = []
  for (const tag of skeleton(htmlOf(supplied()))) {
    const name = /^<\/?([a-z0-9]+)/i.exec(tag)?.[1] ?? ''
    if (['meta', 'br', ''].includes(name) || tag.endsWith('/>') || tag.startsWith('<!')) continue
    if (tag.startsWith('</')) expect(open.pop()).toBe(name)
    else open.push(name)
  }
  expect(open).toEqual([])
  const page = htmlOf(supplied())
  expect(page).toContain('role="img" aria-labelledby="chart-title chart-text"')
  expect(page).toContain('<html lang="en">')
})

test('AUD-05 · every rule on the page is listed at its end with its source', () => {
  const page = htmlOf(supplied())
  expect(page).toContain('<tr id="MIG-06"><th scope="row">MIG-06</th><td>Our interpretation</td>')
  expect(page).toContain('<tr id="MIG-13"><th scope="row">MIG-13</th><td>The briefing</td>')
})

const hostile = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</style></title></svg><script>',
  '&lt;b&gt;',
  '\u202Etxt.exe',
  '陳大文',
  '<!--',
  ']]>',
]

/** Any text, with many markup characters. */
const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'<>"\'&;#=/ a'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 60,
})

test('MIG-16 · hostile names, IDs, organisations and titles give the same markup as harmless ones', () => {
  const report = (evil: string): MigrationReport => {
    // The listing reader refuses some of these texts, but a report escapes every text from any source.
    const read = (row: ListingRow, changes: object = {}): ReadLine =>
      readListingRow(row).map((account) => ({ ...account, profile: { ...account.profile, ...changes } }))
    const { plan, accounts } = planReads([
      read(lineOf('B0123401'), { surname: evil, otherNames: evil, organisation: `B01234 ${evil}` }),
      read(lineOf('B0123402', { Organisation: 'EVIL' }), { organisation: evil }),
      read(lineOf('x', { 'User ID': evil })),
      read(lineOf('B0123403', { 'User Status': evil })),
    ])
    return { plan, reconciliation: reconciled(accounts), title: evil, source: evil }
  }
  // The rules listed in the footer depend on what is wrong with a User ID.
  const beforeRules = (page: string) => skeleton(page.slice(0, page.indexOf('<h2 id="rules">')))
  const harmless = beforeRules(htmlOf(report('HARMLESS')))
  for (const evil of hostile) {
    const page = htmlOf(report(evil))
    expect(beforeRules(page)).toEqual(harmless)
    expect(page).not.toContain('<script')
    expect(page).not.toContain('\u202E')
  }
  fc.assert(
    fc.property(anyText, (text) => {
      const page = htmlOf({ ...report('HARMLESS'), title: text, source: text })
      expect(beforeRules(page)).toEqual(harmless)
    }),
    { numRuns: 50 },
  )
})

test('MIG-16 · any text is escaped to contain no markup, and reads unchanged except for invisible characters', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const escaped = escapeHtml(text)
      expect(escaped).not.toMatch(/[<>"']/)
      const back = escaped
        .replace(/&lt;/g, '<')
        .replace(/&gt;/g, '>')
        .replace(/&quot;/g, '"')
        .replace(/&#39;/g, "'")
        .replace(/&amp;/g, '&')
      expect(back).toBe(visible(text))
    }),
  )
})

/** A report with a text of unknown origin at every place that shows one. */
const reportOf = (text: string): MigrationReport => {
  const read = (row: ListingRow, changes: object = {}): ReadLine =>
    readListingRow(row).map((account) => ({ ...account, profile: { ...account.profile, ...changes } }))
  const { plan, accounts } = planReads([
    read(lineOf('B0123401'), { surname: text, otherNames: null, organisation: text }),
    read(lineOf('x', { 'User ID': text })),
  ])
  return { plan, reconciliation: reconciled(accounts), title: text, source: text }
}

describe('MIG-16 · every invisible character appears as its number, in the text and on the page', () => {
  test.each([
    ['an escape', '\u001B', 'U+001B'],
    ['a tab', '\t', 'U+0009'],
    ['a soft hyphen', '\u00AD', 'U+00AD'],
    ['a joiner of graphemes', '\u034F', 'U+034F'],
    ['an Arabic letter mark', '\u061C', 'U+061C'],
    ['a Hangul filler', '\u3164', 'U+3164'],
    ['a Mongolian vowel separator', '\u180E', 'U+180E'],
    ['a zero-width space', '\u200B', 'U+200B'],
    ['a zero-width joiner', '\u200D', 'U+200D'],
    ['a mark from right to left', '\u200F', 'U+200F'],
    ['a line separator', '\u2028', 'U+2028'],
    ['a direction override', '\u202E', 'U+202E'],
    ['a word joiner', '\u2060', 'U+2060'],
    ['a direction isolate', '\u2066', 'U+2066'],
    ['a byte order mark', '\uFEFF', 'U+FEFF'],
    ['an interlinear annotation', '\uFFF9', 'U+FFF9'],
    ['a variation selector', '\uFE0F', 'U+FE0F'],
    ['a tag', '\u{E0041}', 'U+E0041'],
    ['a further variation selector', '\u{E0100}', 'U+E0100'],
    ['a private-use character', '\uE000', 'U+E000'],
    ['an unpaired surrogate', '\uD800', 'U+D800'],
  ])('%s', (_, character, number) => {
    for (const shown of [textOf(reportOf(`a${character}b`)), htmlOf(reportOf(`a${character}b`))]) {
      expect(shown.split(`a[${number}]b`).length).toBeGreaterThan(5)
      expect(shown.replace(/\n/g, '')).not.toMatch(/[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u)
    }
  })

  test('the selector of the form of a Chinese character remains', () => {
    for (const shown of [textOf(reportOf('葛\u{E0100}')), htmlOf(reportOf('葛\u{E0100}'))])
      expect(shown).toContain('葛\u{E0100}')
  })
})

describe('MIG-24 · no cell of a report is a formula for a spreadsheet', () => {
  test.each(['=1+1', '+1', '-1', '@SUM(1)', '＝1+1', '＋1', '－1', '＠SUM(1)', ' =1+1', '\t=1+1', '\r=1+1'])(
    '%j',
    (formula) => {
      const page = htmlOf(reportOf(formula))
      const cells = [...page.matchAll(/<(?:td|th|h1|bdi|text|title|span|b)\b[^>]*>([^<]*)/g)]
      expect(cells.length).toBeGreaterThan(50)
      for (const [, cell = ''] of cells) expect(cell).not.toMatch(/^\s*[=+\-@＝＋－＠]/)
      const [title = ''] = textOf(reportOf(formula)).split('\n')
      expect(title).not.toMatch(/^\s*[=+\-@＝＋－＠]/)
      expect(title).toContain(formula.trim())
    },
  )
})

test('MIG-16 · the chart shows the least ready participants first, as many as requested, with bars that fill the track', () => {
  const rows = ['A00001', 'A00002', 'A00003'].flatMap((key, i) =>
    Array.from({ length: 10 }, (_, j) => lineOf(`${key}${10 + j}`, j < i * 3 ? { Email: '' } : {})),
  )
  const { participants } = planLines(rows).plan
  const chart = readinessChart(participants, 2)
  const said = [...chart.matchAll(/>(\d+ of \d+ ready)</g)].map(([, words]) => words)
  expect(said).toEqual(['4 of 10 ready', '7 of 10 ready'])
  expect(chart).toContain('and 1 more participants')
  for (const row of chart.split('<rect class="track"').slice(1)) {
    const widths = [...row.matchAll(/<rect class="(?:ready|blocked|refused)"[^>]* width="([\d.]+)%"/g)].map(
      ([, w]) => Number(w),
    )
    expect(widths.reduce((a, b) => a + b, 0)).toBeCloseTo(100, 0)
  }
})

test('MIG-16 · a participant without lines, and a plan without participants, are rendered without an error', () => {
  const { plan } = planLines([])
  expect(htmlOf({ plan })).toContain('0 lines, 0 participants')
  expect(textOf({ plan })).toContain('0 lines')
  const none = {
    ...planLines([lineOf('B0123401')]).plan.participants[0],
    totals: plan.totals,
  } as ParticipantPlan
  expect(readinessChart([none])).not.toMatch(/NaN|Infinity/)
})

test('MIG-16 · entries beyond the limits are shown as a count', () => {
  const rows = Array.from({ length: 40 }, (_, i) => lineOf(`B01234${10 + i}`, i < 20 ? { Email: '' } : {}))
  const { plan, accounts } = planLines(rows, { listing: { ready: 5, notReady: 7 } })
  expect(htmlOf({ plan })).toContain('and 13 more that are not ready, and 15 more that are ready')
  expect(textOf({ plan })).toContain('and 13 more that are not ready\n  and 15 more that are ready')
  const reconciling = listingReconciler({ at: launch, phaseOf: () => 'parallel-run', perParticipant: 3 })
  for (const each of accounts) reconciling.add(each, { stage: 'Unknown' })
  expect(htmlOf({ plan, reconciliation: reconciling.finish() })).toContain('and 37 more.')
})

test('MIG-16 · reports are produced in small chunks regardless of their length', () => {
  const rows = Array.from({ length: 300 }, (_, i) => lineOf(`A${`${i}`.padStart(5, '0')}01`, { Email: '' }))
  const { plan, accounts } = planLines(rows)
  const report = { plan, reconciliation: reconciled(accounts) }
  for (const pieces of [[...htmlReport(report)], [...textReport(report)]]) {
    expect(pieces.length).toBeGreaterThan(600)
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(32_768)
  }
})

test('MIG-16 · open actions are summed over participants and lines without a participant', () => {
  const rows = [
    lineOf('B0123401', { Email: '' }),
    lineOf('BNK99901', { Email: '' }),
    lineOf('BNK999X1', { Email: '' }),
    lineOf('x'),
    lineOf('y'),
  ]
  const sums = allTasks(planLines(rows, { listing: { overall: 0 } }).plan).map(
    ({ what, point, count, route }) => `${what}${point ?? ''} ${count} ${route}`,
  )
  expect(sums).toEqual([
    'fewer-than-two-administrators 3 SCard 1',
    'no-registered-email 2 delegated-administrators',
    'no-such-format 2 listing',
    'no-registered-email 1 DA 3',
    ...[2, 3, 4, 5, 6, 7].map((point) => `checklist${point} 2 participant`),
  ])
})

describe.each(['UTC', 'America/New_York', 'Asia/Hong_Kong', 'Pacific/Kiritimati'])(
  'on a host in %s',
  (zone) => {
    test('MIG-02 · times are shown in Hong Kong time', () => {
      process.env['TZ'] = zone
      expect([hk('2023-06-05T09:00:00'), hk('2023-12-04T00:00:00')].map(hongKongTime)).toEqual([
        '5 Jun 2023, 09:00 HKT',
        '4 Dec 2023, 00:00 HKT',
      ])
      expect([Number.NaN, Number.POSITIVE_INFINITY, 9e15].map(hongKongTime)).toEqual(['–', '–', '–'])
    })
  },
)

test('MIG-16 · numbers have thousands separators, and their nouns agree in number', () => {
  expect([0, 999, 1_000, 1_234_567].map(grouped)).toEqual(['0', '999', '1,000', '1,234,567'])
  expect([numbered(1, 'line'), numbered(2, 'line'), numbered(0, 'line')]).toEqual([
    '1 line',
    '2 lines',
    '0 lines',
  ])
})
