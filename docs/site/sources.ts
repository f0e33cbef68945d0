/** The files that the site shows as source: code, tests and their data. */
import { posix } from 'node:path'
import { scanSource, scanTests } from '../generate/scan.ts'
import { testsBySource } from '../generate/tests-page.ts'
import { readTree, type SourceText } from '../generate/tree.ts'
import { ruleAddress, sourceAddress } from './addresses.ts'
import { escaped } from './markdown.ts'
import { sourceHtml } from './source-page.ts'

/** A source file, or a list of source files, as a page. */
export interface SourcePage {
  /** The address below `source/`, without `.html`. */
  readonly path: string
  /** The name in the search. */
  readonly name: string
  readonly html: string
}

const folders = ['src', 'test', 'docs', 'examples', 'vectors']
const endings = ['.ts', '.mts', '.cts', '.mjs', '.cjs', '.json', '.css', '.csv', '.py', '.txt']

/** Every file that is shown. */
export const shownSources = (): readonly SourceText[] =>
  folders
    .flatMap((folder) => endings.flatMap((ending) => readTree(folder, ending)))
    .filter(({ path }) => !path.endsWith('package-lock.json'))

const linkList = (title: string, links: readonly string[]) =>
  links.length === 0 ? '' : `<p><strong>${title}:</strong> ${links.join(' · ')}</p>`

/** A path whose folders link to their lists of files. */
const crumbs = (path: string) =>
  path
    .split('/')
    .map((name, i, parts) =>
      i === parts.length - 1
        ? escaped(name)
        : `<a href="${sourceAddress(`${parts.slice(0, i + 1).join('/')}/index`)}">${escaped(name)}</a>`,
    )
    .join('/<wbr>')

const headOf = (path: string, ...lines: readonly string[]) =>
  `<div class="tsd-panel tsd-typography source-head"><h1>${crumbs(path)}</h1>${lines.join('')}</div>`

/** A page for each folder that lists its contents. */
export const folderPages = (files: readonly SourceText[]): readonly SourcePage[] => {
  const folders = new Map<string, Set<string>>()
  for (const { path } of files)
    for (let at = path; at.includes('/'); at = posix.dirname(at)) {
      const folder = posix.dirname(at)
      const isFile = at === path
      const link = isFile ? sourceAddress(at) : sourceAddress(`${at}/index`)
      const name = `${posix.basename(at)}${isFile ? '' : '/'}`
      folders.set(
        folder,
        (folders.get(folder) ?? new Set()).add(`<li><a href="${link}">${escaped(name)}</a></li>`),
      )
    }
  return [...folders].map(([folder, items]) => ({
    path: `${folder}/index`,
    name: `${folder}/`,
    html: headOf(folder, `<ul>${[...items].join('')}</ul>`),
  }))
}

/** The HTML of each file: its rules and tests, followed by its lines. */
export const sourcePages = (
  files: readonly SourceText[],
  rules: ReadonlySet<string>,
): readonly SourcePage[] => {
  const sources = files.filter(({ path }) => path.startsWith('src/'))
  const tests = files.filter(({ path }) => path.startsWith('test/'))
  const titles = tests.filter(({ path }) => path.endsWith('.test.ts')).flatMap(scanTests)
  const references = sources.flatMap(scanSource)
  const testsOf = testsBySource({ sources, tests, references, titles })
  return files.map(({ path, text }) => {
    const named = [...references, ...titles].filter(({ file }) => file === path).map(({ rule }) => rule)
    const own = [...new Set(named)].filter((rule) => rules.has(rule)).sort()
    const testLinks = (testsOf.get(path) ?? []).map(
      (test) => `<a href="${sourceAddress(test)}">${escaped(posix.relative('test', test))}</a>`,
    )
    const ruleLinks = own.map((rule) => `<a href="${ruleAddress(rule)}">${rule}</a>`)
    const head = headOf(path, linkList('Rules', ruleLinks), linkList('Tests', testLinks))
    return { path, name: path, html: `${head}${sourceHtml(path, text, rules)}` }
  })
}
