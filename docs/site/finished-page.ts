/** What is set right on each page when it is complete. */
import { withRelativeAddresses } from './addresses.ts'

/** The level of each heading follows from those before it, so that none is left out; its size stays. */
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

/** A permalink within the switch of a section can not be told apart from the switch by keyboard. */
const withoutPermalinks = (summary: string) =>
  summary.replace(/<a [^>]*class="tsd-anchor-icon"[^>]*>[\s\S]*?<\/a>/g, '')

/** The page of an address: landmarks and headings for screen readers, icons that work from files, relative links. */
export const finishedPage = (html: string, url: string): string => {
  const marked = landmarks.reduce((page, [from, to]) => page.replace(from, to), html)
  return withRelativeAddresses(
    withLevels(marked)
      // Browsers load no picture of another file into a page that is a file; a script of the page adds them.
      .replace(/href="[^"]*icons\.svg#icon-/g, 'href="#icon-')
      .replace(/<summary[\s\S]*?<\/summary>/g, withoutPermalinks)
      .replace(/<th><\/th>/g, '<td></td>'),
    url,
  )
}
