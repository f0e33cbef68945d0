/**
 * Addresses within the site. Pages are rendered at different depths, so a link is written as `site:address`, from
 * the root, and becomes relative when its page is complete: the site works from any folder, also as files.
 */
import { posix } from 'node:path'
import { Slugger } from 'typedoc'
import { anchorsOf } from '../generate/links.ts'
import type { SitePage } from './pages.ts'

const scheme = 'site:'

/** An address of the site, as it is written in pages. */
export const siteAddress = (url: string, anchor = ''): string =>
  `${scheme}${url}.html${anchor === '' ? '' : `#${anchor}`}`

/** The address of a line of a source file. */
export const sourceAddress = (path: string, line?: number): string =>
  siteAddress(`source/${path}`, line === undefined ? '' : `L${line}`)

/** The address of the page of a rule. */
export const ruleAddress = (rule: string): string => siteAddress(`rules/${rule}`)

/** A page's HTML with every address of the site relative to the page's own. */
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

/** The anchors of a page as GitHub names them, each with the name that the site gives it. */
const anchorNames = (text: string): ReadonlyMap<string, string> => {
  const slugger = new Slugger({ lowercase: true })
  const headings = headingsOf(text)
  const [ours, theirs] = [headings.map((heading) => slugger.slug(heading)), [...anchorsOf(text)]]
  return new Map(theirs.map((anchor, i) => [anchor, ours[i] ?? anchor]))
}

/** What the targets of links in the repository become in the site. */
export const siteTargets = (pages: readonly SitePage[], sources: ReadonlySet<string>) => {
  const byPath = new Map(pages.map((page) => [page.path, page]))
  const anchors = new Map<string, ReadonlyMap<string, string>>()
  const anchorOn = (page: SitePage, anchor: string) => {
    const names = anchors.get(page.path) ?? anchorNames(page.text)
    anchors.set(page.path, names)
    return names.get(anchor) ?? anchor
  }

  /** The address of a target, as a page of the repository links to it. */
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
