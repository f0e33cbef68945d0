/** Corrections that are applied to each complete page. */
import { withRelativeAddresses } from './addresses.ts'

/** Adjusts heading levels so that none is skipped. Sizes stay the same. */
export const withLevels = (html: string): string => {
  const above: number[] = []
  return html.replace(/<h([1-6])(?=[\s>])/g, (tag, digit: string) => {
    const level = Number(digit)
    while ((above.at(-1) ?? 0) >= level) above.pop()
    above.push(level)
    return above.length === level ? tag : `${tag} aria-level="${above.length}"`
  })
}

const landmarks: readonly (readonly [string, string])[] = [
  ['<div class="col-content">', '<div class="col-content" role="main">'],
  [
    '<div class="col-sidebar">',
    '<div class="col-sidebar" role="complementary" aria-label="On this page and on this site">',
  ],
  ['<nav id="tsd-sidebar-links"', '<nav id="tsd-sidebar-links" aria-label="Shortcuts"'],
]

/** Removes a permalink from the toggle of a section, because keyboard users could not tell them apart. */
const withoutPermalinks = (summary: string) =>
  summary.replace(/<a [^>]*class="tsd-anchor-icon"[^>]*>[\s\S]*?<\/a>/g, '')

/**
 * Finishes a page: landmarks and headings for screen readers, icons that work without a server, relative
 * links.
 */
export const finishedPage = (html: string, url: string): string => {
  const marked = landmarks.reduce((page, [from, to]) => page.replace(from, to), html)
  return withRelativeAddresses(
    withLevels(marked)
      // Without a server, browsers do not load symbols from another file. A script of the page adds them.
      .replace(/href="[^"]*icons\.svg#icon-/g, 'href="#icon-')
      .replace(/<summary[\s\S]*?<\/summary>/g, withoutPermalinks)
      .replace(/<th><\/th>/g, '<td></td>'),
    url,
  )
}
