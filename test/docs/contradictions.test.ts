/**
 * Facts that documents state twice, or differently from the code: each check finds a contradiction that once
 * existed.
 */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { eservicePage } from '../../docs/generate/eservice-page.ts'
import { readTree } from '../../docs/generate/tree.ts'
import { rulebook } from '../../src/policy/rulebook.ts'
import { testService } from '../support/test-service.ts'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

/** The entries of a changelog, each on one line, without blanks. */
const entriesOf = (text: string) =>
  text
    .split(/^(?=- |#)/m)
    .filter((each) => each.startsWith('- '))
    .map((each) => each.replace(/\s+/g, ' ').trim().toLowerCase())

test('the changelog has no entry twice', () => {
  const entries = entriesOf(read('CHANGELOG.md'))
  expect(entries.length).toBeGreaterThan(20)
  expect(entries.filter((entry, i) => entries.indexOf(entry) !== i)).toEqual([])
  expect(entriesOf('- A\n  b\n- a b\n')).toEqual(['- a b', '- a b'])
})

test('SECURITY.md lists every part of the service as guarded by a session or a credential, or as unguarded', () => {
  const guarded = ['signIn', 'passwordSetUp', 'enrolment', 'selfService', 'dms', 'sessions', 'policy']
  const { auth } = testService()
  const [, line = ''] =
    /\*\*Callers of unguarded operations\.\*\*([\s\S]*?)do not authenticate/.exec(read('SECURITY.md')) ?? []
  const named = [...line.matchAll(/`([\w.]+)`/g)].map(([, name = '']) => name.split('.')[0])
  const parts = Object.keys(auth).filter((part) => !guarded.includes(part))
  expect([...named].sort()).toEqual(parts.sort())
})

test('no document or example logs a whole port error', () => {
  const pages = [
    { path: 'README.md', text: read('README.md') },
    ...readTree('docs', '.md'),
    ...readTree('examples', '.ts'),
  ]
  const whole = /console\.\w+\([^)]*\b(?:fault|error)\b(?!\.|\?\.)[^)]*\)/
  const found = pages.flatMap(({ path, text }) =>
    [...text.matchAll(/onError: [^\n]*/g)]
      .filter(([line]) => whole.test(line))
      .map(([line]) => `${path}: ${line}`),
  )
  expect(found).toEqual([])
  expect(whole.test('onError: ({ port, error }) => console.error(port, error),')).toBe(true)
})

test('AUD-05 · a rule that relies on another public document names its address', () => {
  const published = rulebook.filter(({ kind }) => kind === 'public')
  expect(published.length).toBeGreaterThan(4)
  expect(
    published.filter(({ source }) => !/\b[a-z-]+(?:\.[a-z-]+)+\/\S/.test(source)).map(({ id }) => id),
  ).toEqual([])
  expect(new Set(rulebook.map(({ kind }) => kind))).toEqual(new Set(['stated', 'public', 'interpretation']))
})

test('every function named in a sentence exists', () => {
  const sources = [...readTree('src', '.ts'), ...readTree('examples', '.ts'), ...readTree('test/api', '.md')]
  const known = new Set(sources.flatMap(({ text }) => text.match(/\b[A-Za-z_]\w*\b/g) ?? []))
  const isSql = (code: string) => /::|\b[A-Z]{4,}\b/.test(code)
  const unknownIn = (text: string) =>
    [...text.replace(/```.*?```/gs, '').matchAll(/`([^`\n]+)`/g)]
      .flatMap(([, code = '']) => (isSql(code) ? [] : [...code.matchAll(/\b([a-z]\w*)\(/g)]))
      .map(([, name = '']) => name)
      .filter((name) => !known.has(name))
  const pages = [
    ...['README.md', 'SECURITY.md', 'CONTRIBUTING.md'].map((path) => ({ path, text: read(path) })),
    ...readTree('docs', '.md'),
  ]
  expect(pages.flatMap(({ path, text }) => unknownIn(text).map((name) => `${path}: ${name}`))).toEqual([])
  expect(unknownIn('`definePolicy(x)` and `departuresOf(x)`')).toEqual(['departuresOf'])
})

test('ESV-04 · the page of eServices names the forms that are out of scope', () => {
  for (const form of ['SCard 2', 'SCard 3'])
    expect(eservicePage()).toMatch(new RegExp(`out of scope.*${form}`, 's'))
})

test('no file contains a merge conflict marker', () => {
  const marks = /^.{0,4}(?:<{7} |>{7} |={7}(?: |$))/m
  const files = [...readTree('src', '.ts'), ...readTree('docs', '.md'), ...readTree('test', '.ts')]
  expect(files.filter(({ text }) => marks.test(text)).map(({ path }) => path)).toEqual([])
  expect(marks.test(` * ${'<'.repeat(7)} HEAD`)).toBe(true)
})
