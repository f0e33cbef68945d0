/** Every link of every page leads to a file and an anchor that exist, in the repository and in the package. */
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { anchorsOf, deadLinks, linksOf } from '../../docs/generate/links.ts'
import { inPackage, readTree } from '../../docs/generate/tree.ts'

const roots = ['README.md', 'SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md']
const pages = [
  ...roots.map((path) => ({ path, text: readFileSync(inPackage(path), 'utf8') })),
  ...readTree('docs', '.md'),
  ...readTree('examples', '.md'),
]

/** Pages for readers of the repository: they link to sources and tests, which the package does not contain. */
const forTheRepository = /^docs\/(?:traceability\.md|tests\.md|decisions\/)/

test('every link of every page leads to a file and an anchor', () => {
  expect(pages.flatMap(({ text }) => linksOf(text)).length).toBeGreaterThan(100)
  expect(deadLinks(pages, (path) => existsSync(inPackage(path)))).toEqual([])
})

/** The sources that pages name in code, such as `src/kernel/instant.ts`; in capitals stands what the reader puts in. */
const namedFiles = (text: string): readonly string[] =>
  [...text.matchAll(/`((?:src|test|docs|examples)\/[\w./-]+\.(?:ts|md))`/g)].flatMap(([, path = '']) =>
    path.includes('NAME') ? [] : [path],
  )

test('every source that a page names exists', () => {
  const missing = pages.flatMap(({ path, text }) =>
    namedFiles(text).flatMap((file) => (existsSync(inPackage(file)) ? [] : [`${path}: ${file}`])),
  )
  expect(missing).toEqual([])
  expect(pages.flatMap(({ text }) => namedFiles(text)).length).toBeGreaterThan(20)
  expect(namedFiles('`src/a/b-c.ts`, `src/adapters/NAME.ts`, src/d.ts')).toEqual(['src/a/b-c.ts'])
})

test('the links also work in node_modules: they lead to files in the package', () => {
  const { files } = JSON.parse(readFileSync(inPackage('package.json'), 'utf8')) as { files: string[] }
  const always = ['README.md', 'LICENSE', 'package.json']
  const contained = (path: string) =>
    existsSync(inPackage(path)) &&
    [...always, ...files].some((entry) => path === entry || path.startsWith(`${entry}/`)) &&
    !files.some((entry) => entry.startsWith('!') && `${path}/`.startsWith(`${entry.slice(1)}/`))
  const shipped = pages.filter(({ path }) => contained(path))
  expect(shipped.map(({ path }) => path)).toEqual(pages.map(({ path }) => path))
  expect(
    deadLinks(
      shipped.filter(({ path }) => !forTheRepository.test(path)),
      contained,
    ),
  ).toEqual([])
})

test('README.md links the documents for getting started', () => {
  const linked = linksOf(readFileSync(inPackage('README.md'), 'utf8'))
  const guides = pages
    .map(({ path }) => path)
    .filter((path) => /^docs\/(?:concepts\/)?[\w-]+\.md$/.test(path) || path === 'CONTRIBUTING.md')
  expect(guides.filter((path) => !linked.includes(path))).toEqual([])
})

test('the check finds a missing file, a missing anchor and a link out of the package', () => {
  const text = '# A b\n[x](b.md) [y](#a-b) [z](#c) [w](../../out.md) `[no](code.md)`\n'
  expect([...anchorsOf('# A b\n## A `b`, c\n# A b\n<a id="q">')]).toEqual(['a-b', 'a-b-c', 'a-b-1', 'q'])
  expect(deadLinks([{ path: 'docs/a.md', text }], (path) => path === 'docs/a.md')).toEqual([
    'docs/a.md: b.md',
    'docs/a.md: #c',
    'docs/a.md: ../../out.md',
  ])
})
