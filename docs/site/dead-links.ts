/** The links of the finished site that lead nowhere: no file, or no anchor in it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'

const decoded = (text: string) => decodeURIComponent(text.replaceAll('&amp;', '&'))

const idsOf = (html: string): ReadonlySet<string> =>
  new Set([...html.matchAll(/\sid="([^"]*)"/g)].map(([, id = '']) => id))

const targetsOf = (html: string): ReadonlySet<string> =>
  new Set([...html.matchAll(/\s(?:href|src)="([^"]*)"/g)].map(([, target = '']) => target))

/** `page: target` for each dead link of the pages below a folder. Addresses of other sites are not asked. */
export const deadSiteLinks = (folder: string): readonly string[] => {
  const pages = new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => name.replaceAll('\\', '/'))
      .filter((name) => name.endsWith('.html'))
      .map((name) => {
        const html = readFileSync(join(folder, name), 'utf8')
        return [name, { targets: targetsOf(html), ids: idsOf(html) }] as const
      }),
  )
  const icons = idsOf(readFileSync(join(folder, 'assets/icons.svg'), 'utf8'))
  const leadsNowhere = (page: string, target: string) => {
    if (/^(?:https?|mailto|data):/.test(target)) return false
    const [path = '', anchor = ''] = target.split('#')
    const file = decoded(path.replace(/\?.*$/, ''))
    const to = file === '' ? page : posix.join(posix.dirname(page), file)
    // Icons come from a script of the page, so that they are shown from files too.
    if (file === '' && anchor.startsWith('icon-')) return false
    if (to === 'assets/icons.svg') return !icons.has(anchor)
    const found = pages.get(to)
    if (found === undefined) return to.startsWith('..') || anchor !== '' || !existsSync(join(folder, to))
    return anchor !== '' && !found.ids.has(decoded(anchor))
  }
  return [...pages].flatMap(([page, { targets }]) =>
    [...targets].filter((target) => leadsNowhere(page, target)).map((target) => `${page}: ${target}`),
  )
}
