/** The committed pages equal the output of docs/generate.ts, and its checks find what they claim to find. */
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, test } from 'vitest'
import { accessPage } from '../../docs/generate/access-page.ts'
import { authorityPage } from '../../docs/generate/authority-page.ts'
import { eservicePage } from '../../docs/generate/eservice-page.ts'
import { shownMachines } from '../../docs/generate/machines.ts'
import { diagramOf, edgesOf, inLabel, machinesPage } from '../../docs/generate/machines-page.ts'
import { families, familyOf, rulebookPage } from '../../docs/generate/rulebook-page.ts'
import { carries, carriesNothing, scanSource, scanTests } from '../../docs/generate/scan.ts'
import { traceabilityPage } from '../../docs/generate/traceability-page.ts'
import { inPackage, readTree, type SourceText } from '../../docs/generate/tree.ts'
import { accessAttributes, accessRules, accessTable } from '../../src/access-control/access-table.ts'
import { authorityTable } from '../../src/access-control/authority.ts'
import { offeredLines } from '../../src/eservices/model/forms.ts'
import { rulebook } from '../../src/policy/rulebook.ts'

const rules: readonly string[] = rulebook.map(({ id }) => id)
const sources = readTree('src', '.ts')
const references = sources.flatMap(scanSource)
const titles = readTree('test', '.test.ts').flatMap(scanTests)

/** The families whose rules are implemented. */
const carried = [
  'ID',
  'PW',
  'OTP',
  'LOCK',
  'ACC',
  'MNT',
  'DMS',
  'ESV',
  'QTA',
  'MIG',
  'AUD',
  'PRI',
  'OBS',
  'FLD',
  'API',
]

/** Rules of these families that are not implemented yet. Remove a rule from here when it is. */
const later: Readonly<Record<string, string>> = {}

test('AUD-05 docs/rulebook.md is generated from the current rulebook', () => {
  expect(readFileSync(inPackage('docs/rulebook.md'), 'utf8')).toBe(rulebookPage(rulebook))
})

const committed = (path: string) => readFileSync(inPackage(path), 'utf8')

test('AUD-05 the reader’s pages are generated from the current tables', () => {
  expect(committed('docs/authority.md')).toBe(authorityPage(authorityTable()))
  expect(committed('docs/access.md')).toBe(accessPage(accessRules))
  expect(committed('docs/eservices.md')).toBe(eservicePage())
  expect(committed('docs/machines.md')).toBe(machinesPage(shownMachines))
})

test('MNT-11 the page of authority has each of the 264 answers, and no other', () => {
  const channels = ['app', 'email', 'none']
  let need = ''
  const told = authorityPage(authorityTable())
    .split('\n')
    .filter((line) => /^\| .* \| (DA|User) \| /.test(line))
    .flatMap((line) => {
      const [named = '', role, channel = '', ...answers] = line.slice(2, -2).split(' | ')
      if (named !== '') need = named
      const own = channel === 'any' ? channels : channel.split(', ')
      return own.flatMap((each) => answers.map((answer) => [need, role, each, answer].join(' / ')))
    })
  expect(told.length).toBe(264)
  const ways = { 'self-service': 'the holder', 'delegated-administrators': 'two DAs', 'not-available': '—' }
  const saying = authorityTable().map(({ need: what, role, channel, route, rule }) => {
    const way = route in ways ? ways[route as keyof typeof ways] : `HKEX, ${route}`
    const whose = role === 'User' ? 'User' : 'DA'
    const by = channels[['MobileApp', 'Email', 'none'].indexOf(channel)]
    return `${what.replaceAll('-', ' ')} / ${whose} / ${by} / ${way} · [${rule}](rulebook.md#${rule.toLowerCase()})`
  })
  expect([...told].sort()).toEqual([...saying].sort())
})

test('MIG-15 the access page has every row of the table, in order, each with its rule and decision', () => {
  const told = accessPage(accessRules)
    .split('\n')
    .filter((line) => /^\| \d+ \| /.test(line))
    .map((line) => line.slice(2, -2).split(' | '))
  expect(told.map(([number, , , answer, rule]) => `${number} ${answer} ${rule}`)).toEqual(
    accessRules.map(
      ({ decision, rule }, i) =>
        `${i + 1} ${decision === 'allow' ? '**allow**' : 'deny'} [${rule}](rulebook.md#${rule.toLowerCase()})`,
    ),
  )
  for (const [, , , , , reason] of told) expect(reason).toMatch(/^\S.*\S$/)
})

test('MIG-15 the overview gives the table’s decision for a normal account for each resource × role × origin × phase', () => {
  const told = accessPage(accessRules)
    .split('\n')
    .filter((line) => /^\| (the terminal|DMS|ONRD|the Participant Gateway) \| /.test(line))
    .flatMap((line) => line.slice(2, -2).split(' | ').slice(3))
  const sound = {
    hasEmail: true,
    hasSmartcard: true,
    hasBusinessGroup: true,
    certificateExpired: false,
  } as const
  const wellKept = { ...sound, enabled: true, locked: false, smartcardWhenLocked: 'closed' } as const
  const saying = accessAttributes.resource.flatMap((place) =>
    accessAttributes.role.flatMap((role) =>
      accessAttributes.createdFromLaunch.flatMap((createdFromLaunch) =>
        accessAttributes.phase.map((phase) => {
          const at = { ...wellKept, resource: place, role, createdFromLaunch, phase }
          const ways = [...accessTable(at)].flatMap(({ request: question, access }) =>
            (['smartcard', '2fa'] as const)
              .filter((method) => access[method].decision === 'allow')
              .map((method) => `${question.site} ${method}`),
          )
          return [...new Set(ways)].sort().join()
        }),
      ),
    ),
  )
  const words = [
    ['', '—'],
    ['backup smartcard,primary smartcard', 'smartcard'],
    ['backup 2fa,primary 2fa', '2FA'],
    ['backup 2fa,primary 2fa,primary smartcard', 'smartcard, 2FA; Backup Centre: 2FA'],
  ]
  expect(told).toHaveLength(saying.length)
  told.forEach((cell, i) => {
    if (cell.trim() !== '') expect(cell).toBe(words.find(([ways]) => ways === saying[i])?.[1])
  })
})

test('ESV-04 the page of eServices has as many ticks as the forms have line types', () => {
  const ticks = eservicePage()
    .split('\n')
    .filter((line) => !line.startsWith('| change:'))
    .join()
    .split('✓').length
  expect(ticks - 1).toBe(offeredLines.flatMap(({ phases }) => phases).length)
})

describe('AUD-05 the page of machines', () => {
  test.each(shownMachines)(
    'draws and lists every row of the table of $title',
    ({ transitions, ...machine }) => {
      const drawn = edgesOf(transitions).flatMap(({ from, to, commands }) =>
        [...commands].flatMap(([on, rules]) => rules.map((rule) => `${on} ${from} ${to} ${rule}`)),
      )
      const moves = transitions.flatMap(({ on, from, outcome, rule }) =>
        outcome.kind === 'refusal' || outcome.to === 'same'
          ? []
          : from
              .filter((stage) => stage !== outcome.to)
              .map((stage) => `${on} ${stage} ${outcome.to} ${rule}`),
      )
      expect(new Set(drawn)).toEqual(new Set(moves))
      const page = machinesPage([{ ...machine, transitions }])
      const listed = page.split('\n').filter((line) => line.startsWith('| `'))
      // A row that keeps one of its stages and leaves another is in both tables.
      const beneath = transitions.flatMap(({ from, outcome }) => {
        if (outcome.kind === 'refusal' || outcome.to === 'same') return ['kept']
        const kept = from.includes(outcome.to) ? ['kept'] : []
        return from.some((stage) => stage !== outcome.to) ? ['left', ...kept] : kept
      })
      expect(listed).toHaveLength(beneath.length)
    },
  )

  test.each(shownMachines)(
    'draws $title in valid mermaid: plain names, and labels without reserved characters',
    (machine) => {
      const [fence, kind, ...lines] = diagramOf(machine).split('\n')
      expect([fence, kind, lines.pop()]).toEqual(['```mermaid', 'stateDiagram-v2', '```'])
      const state = '(?:\\[\\*\\]|[A-Za-z]+)'
      const label = '(?:[A-Za-z]+ \\([A-Z]+-\\d\\d(?:, [A-Z]+-\\d\\d)*\\)(?:<br/>)?)+'
      const edge = new RegExp(`^  ${state} --> ${state}(?: : ${label})?$`)
      expect(lines.filter((line) => !edge.test(line))).toEqual([])
      expect(new Set(lines).size).toBe(lines.length)
    },
  )

  test('escapes characters that mermaid would interpret', () => {
    expect(inLabel('a: "b"; {c} <d> #e')).toBe('a#58; #34;b#34;#59; #123;c#125; #60;d#62; #35;e')
  })
})

test('AUD-05 every rule is on the rulebook page once, under a family', () => {
  expect(rules.filter((rule) => !families.some(([prefix]) => prefix === familyOf(rule)))).toEqual([])
  const page = rulebookPage(rulebook)
  for (const rule of rules) expect(page.split(`<a id="${rule.toLowerCase()}"></a>${rule} |`)).toHaveLength(2)
})

describe('AUD-05 every rule that is implemented is found', () => {
  const due = rules.filter((rule) => carried.includes(familyOf(rule)) && !(rule in later))

  test('in the code', () => {
    const inCode = new Set(references.filter(carries).map(({ rule }) => rule))
    expect(due.filter((rule) => !inCode.has(rule))).toEqual([])
  })

  test('in the title of a test', () => {
    const inTests = new Set(titles.map(({ rule }) => rule))
    expect(due.filter((rule) => !inTests.has(rule))).toEqual([])
  })
})

test('AUD-05 a rule left to later work is in the rulebook, and is not implemented and tested already', () => {
  const done = (rule: string) =>
    references.some((reference) => reference.rule === rule) && titles.some((title) => title.rule === rule)
  expect(Object.keys(later).filter((rule) => !rules.includes(rule) || done(rule))).toEqual([])
})

test('AUD-05 code and tests name only rules of the rulebook', () => {
  expect([...references, ...titles].filter(({ rule }) => !rules.includes(rule))).toEqual([])
})

/** Files that serve no rule of their own, and why. */
const withoutRule: readonly (readonly [files: RegExp, why: string])[] = [
  [/^src\/(index|entries\/\w+)\.ts$/, 'lists of what is published'],
  [/^src\/kernel\/(coded|typed-entries)\.ts$/, 'types and tables of the language, which serve every rule'],
  [/^src\/(testing|conformance)\//, 'kits for implementations of others; their cases name the rules'],
]

/** Source files that name no rule, and whose folder has no file of its name that does. */
const namingNone = (files: readonly SourceText[]): readonly string[] => {
  const naming = new Set(files.filter((file) => scanSource(file).length > 0).map(({ path }) => path))
  return files
    .map(({ path }) => path)
    .filter((path) => !naming.has(path) && !naming.has(`${dirname(path)}.ts`))
    .filter((path) => !withoutRule.some(([left]) => left.test(path)))
}

test('AUD-05 every source file names a rule, or is a part of a file that does', () => {
  expect(namingNone(sources).filter((path) => !carriesNothing.includes(path))).toEqual([])
  const text = 'export const a = 1\n'
  const planted = ['src/dms/x.ts', 'src/stores/sqlite/x.ts', 'src/testing/x.ts'].map((path) => ({
    path,
    text,
  }))
  const found = namingNone([...sources, ...planted])
  expect(found.filter((path) => path.endsWith('/x.ts'))).toEqual(['src/dms/x.ts'])
})

test('AUD-05 no @rule tag is lost, in any position', () => {
  for (const source of sources.filter(({ path }) => !carriesNothing.includes(path))) {
    const written = source.text.match(/@rule\s+[A-Z]+-\d\d/g) ?? []
    const found = new Set(
      scanSource(source).flatMap(({ rule, how }) => (how === 'tag' ? [`@rule ${rule}`] : [])),
    )
    expect(
      [...new Set(written)].filter((tag) => !found.has(tag)),
      source.path,
    ).toEqual([])
  }
})

describe('the scan of the sources', () => {
  const scan = (text: string) =>
    scanSource({ path: 'src/a.ts', text }).map(({ rule, symbol, how }) => `${rule} ${symbol} ${how}`)

  test.each([
    ['a constant', '/** @rule PW-01 */ export const a = 1', ['PW-01 a tag']],
    [
      'two tags',
      '/**\n * It.\n * @rule PW-01\n * @rule PW-02\n */\nexport function a() {}',
      ['PW-01 a tag', 'PW-02 a tag'],
    ],
    ['a member', 'interface A {\n  /** @rule PW-01 */\n  readonly b: string\n}', ['PW-01 A.b tag']],
    ['the file', '/** @rule PW-01 */\n\n/** It. */\nexport type A = 1', ['PW-01 (file) tag']],
    ['a value', "const a = { rule: 'PW-01' }, b = ['PW-02']", ['PW-01 a code', 'PW-02 b code']],
    ['a value deep inside', "export const f = () => {\n  const c = 'PW-01'\n  return c\n}", ['PW-01 f code']],
  ])('finds %s', (_, text, found) => {
    expect(scan(text)).toEqual(found)
  })

  test.each([
    ['a literal type', "type A = 'PW-01'"],
    ['prose', '/** As PW-01 says. */ export const a = 1 // @rule PW-02'],
    ['a longer text', "const a = 'see PW-01'"],
  ])('leaves out %s', (_, text) => {
    expect(scan(text)).toEqual([])
  })

  test('knows the first line of each declaration', () => {
    const text =
      "/**\n * It.\n *\n * @rule PW-01\n */\nexport const a = 'PW-02'\n\nconst b = ['PW-02', 'PW-02']"
    expect(
      scanSource({ path: 'src/a.ts', text }).map(({ rule, symbol, line }) => [rule, symbol, line]),
    ).toEqual([
      ['PW-01', 'a', 4],
      ['PW-02', 'a', 6],
      ['PW-02', 'b', 8],
    ])
    expect(
      scanTests({ path: 'test/a.test.ts', text: "\ntest.each(a)(\n  'PW-01 %s', f)" }).map(
        ({ line }) => line,
      ),
    ).toEqual([3])
  })

  test('does not count the rulebook itself', () => {
    expect(
      scanSource({ path: 'src/policy/rulebook.ts', text: "/** @rule PW-01 */ const a = 'PW-01'" }),
    ).toEqual([])
  })
})

describe('the scan of the tests', () => {
  const scan = (text: string) =>
    scanTests({ path: 'test/a.test.ts', text }).map(({ rule, title }) => `${rule}: ${title}`)

  test.each([
    ['test', "test('PW-01 short', () => {})", ['PW-01: PW-01 short']],
    [
      'it and describe',
      "describe('PW-01', () => { it('PW-02 too', f) })",
      ['PW-01: PW-01', 'PW-02: PW-02 too'],
    ],
    ['a table', "test.each([['ID-01']])('PW-01 %s', f)", ['PW-01: PW-01 %s']],
    ['a tagged table', 'test.each`a`("PW-01", f)', ['PW-01: PW-01']],
    ['a property', "test.prop([a])('PW-01', f)", ['PW-01: PW-01']],
    [
      'a template',
      'test(`PW-01 of $' + '{n} and PW-02`, f)',
      ['PW-01: PW-01 of … and PW-02', 'PW-02: PW-01 of … and PW-02'],
    ],
    ['a sum', "test('PW-01 ' + n, f)", ['PW-01: PW-01 …']],
    ['two rules', "test('PW-01, PW-02', f)", ['PW-01: PW-01, PW-02', 'PW-02: PW-01, PW-02']],
  ])('finds %s', (_, text, found) => {
    expect(scan(text)).toEqual(found)
  })

  test.each([
    ['what is skipped', "describe.skip('PW-01', () => { test('PW-02', f) })"],
    ['what is to do', "test.todo('PW-01')"],
    ['what is no test', "expect('PW-01').toBe('PW-01')"],
  ])('leaves out %s', (_, text) => {
    expect(scan(text)).toEqual([])
  })
})

test('AUD-05 a group that names a rule is listed with its tests, except those that are skipped', () => {
  const text = "describe('PW-01 · a', () => { test('b', f); test.each(c)('d %s', f); test.skip('e', f) })"
  expect(scanTests({ path: 'test/a.test.ts', text })).toEqual([
    { rule: 'PW-01', file: 'test/a.test.ts', title: 'PW-01 · a', line: 1, within: ['b', 'd %s'] },
  ])
})

test('AUD-05 the traceability page links rules, code and tests in both directions, and shows what is missing', () => {
  const page = traceabilityPage({
    rules: ['PW-01', 'PW-02'],
    references: [{ rule: 'PW-01', file: 'src/a.ts', symbol: 'a', how: 'tag', line: 1 }],
    titles: [{ rule: 'PW-01', file: 'test/a.test.ts', title: 'PW-01 a | b', line: 1, within: [] }],
    sourceFiles: ['src/a.ts', 'src/b.ts'],
    testFiles: ['test/a.test.ts'],
  })
  const lines = page.split('\n')
  expect(lines).toContain(
    '| [PW-01](rulebook.md#pw-01) | [src/a.ts](../src/a.ts): `a` | [test/a.test.ts](../test/a.test.ts)<br>· PW-01 a \\| b |',
  )
  expect(lines).toContain('| [PW-02](rulebook.md#pw-02) | — | — |')
  expect(lines).toContain('| with both | 1 |')
  expect(lines).toContain('| [src/a.ts](../src/a.ts) | [PW-01](rulebook.md#pw-01) |')
  expect(lines).toContain('| [src/b.ts](../src/b.ts) | — |')
  expect(lines).toContain('| [test/a.test.ts](../test/a.test.ts) | [PW-01](rulebook.md#pw-01) |')
})
