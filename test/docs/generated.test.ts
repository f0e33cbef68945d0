/** What docs/generate.ts makes is what is committed, and finds what it claims to find. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { families, familyOf, rulebookPage } from '../../docs/generate/rulebook-page.ts'
import { carries, carriesNothing, scanSource, scanTests } from '../../docs/generate/scan.ts'
import { traceabilityPage } from '../../docs/generate/traceability-page.ts'
import { inPackage, readTree } from '../../docs/generate/tree.ts'
import { rulebook } from '../../src/policy/rulebook.ts'

const rules: readonly string[] = rulebook.map(({ id }) => id)
const sources = readTree('src', '.ts')
const references = sources.flatMap(scanSource)
const titles = readTree('test', '.test.ts').flatMap(scanTests)

/** The families whose rules the present work carries. */
const carried = ['ID', 'PW', 'OTP', 'LOCK', 'ACC', 'AUD', 'API']

/** Rules of these families that later work carries. Whoever carries one takes it out of here. */
const later: Readonly<Record<string, string>> = {
  'ID-11': 'who assigns a new ID is decided where accounts are created, by administration',
  'LOCK-12': 'the smartcard comes with the transition',
  'ACC-04': 'what a profile shows comes with the profiles of administration',
  'ACC-13': 'a DA at the terminals comes with decommissioning and business user groups',
  'AUD-02': 'the hash chain over the trail',
}

test('AUD-05 docs/rulebook.md is what the rulebook says today', () => {
  expect(readFileSync(inPackage('docs/rulebook.md'), 'utf8')).toBe(rulebookPage(rulebook))
})

test('AUD-05 every rule stands on the page of the rulebook once, under a family', () => {
  expect(rules.filter((rule) => !families.some(([prefix]) => prefix === familyOf(rule)))).toEqual([])
  const page = rulebookPage(rulebook)
  for (const rule of rules) expect(page.split(`<a id="${rule.toLowerCase()}"></a>${rule} |`)).toHaveLength(2)
})

describe('AUD-05 every rule of the families at hand is found', () => {
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

test('AUD-05 what is left to later work is in the rulebook, and nobody carries and tests it already', () => {
  const done = (rule: string) =>
    references.some((reference) => reference.rule === rule) && titles.some((title) => title.rule === rule)
  expect(Object.keys(later).filter((rule) => !rules.includes(rule) || done(rule))).toEqual([])
})

test('AUD-05 code and tests name no rule that the rulebook does not hold', () => {
  expect([...references, ...titles].filter(({ rule }) => !rules.includes(rule))).toEqual([])
})

test('AUD-05 no @rule tag is lost, wherever it stands', () => {
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

  test('the rulebook itself carries nothing', () => {
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

test('AUD-05 the page of traceability leads there and back, and shows what is missing', () => {
  const page = traceabilityPage({
    rules: ['PW-01', 'PW-02'],
    references: [{ rule: 'PW-01', file: 'src/a.ts', symbol: 'a', how: 'tag' }],
    titles: [{ rule: 'PW-01', file: 'test/a.test.ts', title: 'PW-01 a | b' }],
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
