/** Finds links of the finished site to a missing file or a missing anchor. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'

const decoded = (text: string) => decodeURIComponent(text.replaceAll('&amp;', '&'))

const idsOf = (html: string): ReadonlySet<string> =>
  new Set([...html.matchAll(/\sid="([^"]*)"/g)].map(([, id = '']) => id))

const targetsOf = (html: string): ReadonlySet<string> =>
  new Set([...html.matchAll(/\s(?:href|src)="([^"]*)"/g)].map(([, target = '']) => target))

/** `page: target` for each dead link in the pages of a folder. Links to other sites are not checked. */
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
    // A script of the page provides icons, so that they are also shown without a server.
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
