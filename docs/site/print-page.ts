/** The printed edition: all documents of the site on one page, with internal links between them. */
import { escaped } from './markdown.ts'

/** A document of the printed edition. Its HTML contains addresses of the site. */
export interface PrintedDocument {
  /** Its address, without `.html`. */
  readonly url: string
  readonly name: string
  readonly html: string
}

const partOf = (url: string) => `part-${url.replace(/[^\w-]/g, '-')}`

/** The HTML of a document with ids and links that are unique in the printed edition. */
const asPart = ({ url, name, html }: PrintedDocument, printed: ReadonlySet<string>) => {
  const own = partOf(url)
  const inPrint = html
    .replace(/<a [^>]*class="tsd-anchor-icon"[\s\S]*?<\/a>/g, '')
    .replace(/<button[\s\S]*?<\/button>/g, '')
    .replace(/<nav [\s\S]*?<\/nav>/g, '')
    .replace(/ id="([^"]*)"/g, ` id="${own}--$1"`)
    .replace(/href="#([^"]*)"/g, `href="#${own}--$1"`)
    .replace(/href="site:([^"#]*)\.html(?:#([^"]*))?"/g, (whole, to: string, anchor?: string) =>
      printed.has(to) ? `href="#${partOf(to)}${anchor === undefined ? '' : `--${anchor}`}"` : whole,
    )
  return `<section id="${own}" aria-label="${escaped(name)}">${inPrint}</section>`
}

/**
 * The documents with names that occur once: of two with the same name, the one in a folder is named with its folder.
 *
 * @throws Error if two names are still the same.
 */
const named = (documents: readonly PrintedDocument[]): readonly PrintedDocument[] => {
  const isOnce = ({ name }: PrintedDocument, among: readonly PrintedDocument[]) =>
    among.filter((other) => other.name === name).length === 1
  const renamed = documents.map((each) => {
    const folder = each.url
      .replace(/^docs\//, '')
      .split('/')
      .slice(0, -1)
      .join('/')
    return isOnce(each, documents) || folder === '' ? each : { ...each, name: `${each.name} (${folder})` }
  })
  const twice = renamed.find((each) => !isOnce(each, renamed))
  if (twice !== undefined) throw new Error(`Two printed documents are named ${twice.name}`)
  return renamed
}

/** The page. */
export const printPage = (given: readonly PrintedDocument[], title: string): string => {
  const documents = named(given)
  const printed = new Set(documents.map(({ url }) => url))
  const contents = documents
    .map(({ url, name }) => `<li><a href="#${partOf(url)}">${escaped(name)}</a></li>`)
    .join('')
  return `<!DOCTYPE html>
<html class="default printed" lang="en" data-theme="os"><head><meta charset="utf-8"><title>${escaped(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="assets/style.css"><link rel="stylesheet" href="assets/highlight.css"><link rel="stylesheet" href="assets/custom.css"></head>
<body><main class="container tsd-typography"><p><a href="index.html">Back to the site</a></p>
<nav class="contents" aria-label="Contents"><h2>Contents</h2><ol>${contents}</ol></nav>
${documents.map((document) => asPart(document, printed)).join('\n')}</main></body></html>
`
}
