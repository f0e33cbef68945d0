/** Finds the links of Markdown pages, and the dead ones among them. */
import type { SourceText } from './tree.ts'

/** The anchors of a page, with GitHub's names: its headings, and `<a id>`. */
export const anchorsOf = (page: string): ReadonlySet<string> => {
  const text = page.replace(/^```[\s\S]*?^```/gm, '')
  const seen = new Map<string, number>()
  const headings = [...text.matchAll(/^#{1,6} +(.*?)\s*$/gm)].map(([, title = '']) => {
    const plain = title.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*]/g, '')
    const slug = plain
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-')
    const before = seen.get(slug) ?? 0
    seen.set(slug, before + 1)
    return before === 0 ? slug : `${slug}-${before}`
  })
  return new Set([...headings, ...[...text.matchAll(/<a id="([^"]+)"/g)].map(([, id = '']) => id)])
}

/** Every link and picture of a page, except in code. */
export const linksOf = (page: string): readonly string[] =>
  [
    ...page
      .replace(/^```[\s\S]*?^```/gm, '')
      .replace(/`[^`\n]*`/g, '')
      .matchAll(/!?\[(?:[^\]\\]|\\.)*\]\(([^)\s]+)\)/g),
  ].map(([, target = '']) => target)

/** Resolves a path that is relative to a page. */
const resolved = (page: string, target: string): string => {
  const parts = page.split('/').slice(0, -1)
  for (const part of target.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) parts.push('..')
    } else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/')
}

/**
 * `page: target` for each link to a file or an anchor that does not exist. `exists` answers for files and
 * folders.
 */
export const deadLinks = (
  pages: readonly SourceText[],
  exists: (path: string) => boolean,
): readonly string[] => {
  const anchors = new Map(pages.map(({ path, text }) => [path, anchorsOf(text)]))
  return pages.flatMap(({ path, text }) =>
    linksOf(text)
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => {
        const [file = '', anchor] = target.split('#')
        const to = file === '' ? path : resolved(path, file)
        return !exists(to) || (anchor !== undefined && !(anchors.get(to)?.has(anchor) ?? false))
      })
      .map((target) => `${path}: ${target}`),
  )
}
