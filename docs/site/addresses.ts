/**
 * Addresses within the site. Pages are rendered in folders of different depth, so links are first written as
 * `site:address` from the root, and become relative when the page is complete. The site therefore works in
 * any folder, and without a server.
 */
import { posix } from 'node:path'
import { Slugger } from 'typedoc'
import { anchorsOf } from '../generate/links.ts'
import type { SitePage } from './pages.ts'

const scheme = 'site:'

/** An address of the site, in the form used while pages are built. */
export const siteAddress = (url: string, anchor = ''): string =>
  `${scheme}${url}.html${anchor === '' ? '' : `#${anchor}`}`

/** The address of a line of a source file. */
export const sourceAddress = (path: string, line?: number): string =>
  siteAddress(`source/${path}`, line === undefined ? '' : `L${line}`)

/** The address of the page of a rule. */
export const ruleAddress = (rule: string): string => siteAddress(`rules/${rule}`)

/** Makes every address of the site in a page's HTML relative to that page. */
export const withRelativeAddresses = (html: string, url: string): string => {
  const root = '../'.repeat(url.split('/').length - 1)
  return html.replace(/(href|src)="site:([^"]*)"/g, (_, attribute: string, address: string) =>
    address === '' ? `${attribute}="${root}index.html"` : `${attribute}="${root}${address}"`,
  )
}

const headingsOf = (text: string) =>
  [...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#{1,6} +(.*?)\s*$/gm)].map(([, title = '']) =>
    title.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*]/g, ''),
  )

/** Maps the anchors of a page from GitHub's names to the site's names. */
const anchorNames = (text: string): ReadonlyMap<string, string> => {
  const slugger = new Slugger({ lowercase: true })
  const headings = headingsOf(text)
  const [ours, theirs] = [headings.map((heading) => slugger.slug(heading)), [...anchorsOf(text)]]
  return new Map(theirs.map((anchor, i) => [anchor, ours[i] ?? anchor]))
}

/** Converts link targets in the repository to addresses of the site. */
export const siteTargets = (pages: readonly SitePage[], sources: ReadonlySet<string>) => {
  const byPath = new Map(pages.map((page) => [page.path, page]))
  const anchors = new Map<string, ReadonlyMap<string, string>>()
  const anchorOn = (page: SitePage, anchor: string) => {
    const names = anchors.get(page.path) ?? anchorNames(page.text)
    anchors.set(page.path, names)
    return names.get(anchor) ?? anchor
  }

  /** The address for a target, as linked from a page of the repository. */
  return (from: string, target: string): string => {
    if (/^[a-z]+:/.test(target)) return target
    const [file = '', anchor = ''] = target.split('#')
    const path =
      file === '' ? from : posix.normalize(posix.join(posix.dirname(from), file)).replace(/\/$/, '')
    const rule = path === 'docs/rulebook.md' && /^[a-z]+-\d\d$/.test(anchor) && from !== path
    if (rule) return ruleAddress(anchor.toUpperCase())
    const code = path === 'docs/errors.md' && anchor !== '' && byPath.has(`docs/errors/${anchor}.md`)
    if (code && from !== path) return siteAddress(`errors/${anchor}`)
    const page = byPath.get(path)
    if (page !== undefined) return siteAddress(page.url, anchor === '' ? '' : anchorOn(page, anchor))
    if (path.endsWith('.svg')) return `${scheme}pictures/${posix.basename(path)}`
    if (sources.has(path))
      return sourceAddress(path, /^L\d+$/.test(anchor) ? Number(anchor.slice(1)) : undefined)
    return siteAddress(`source/${path}/index`)
  }
}
