/** TypeDoc's theme with pages for source files, and a copy of each document for the printed edition. */
import {
  DefaultTheme,
  type DocumentReflection,
  JSX,
  type NavigationElement,
  type PageEvent,
  type ProjectReflection,
} from 'typedoc'
import type { SiteParts } from './router.ts'

const raw = (html: string) => JSX.createElement(JSX.Raw, { html })

const panel = (html: string) => JSX.createElement('div', { class: 'tsd-panel tsd-typography' }, raw(html))

/**
 * For an entry with a page and with child entries, adds the page as the first child. A link within the toggle
 * that opens the children could not be distinguished from it by keyboard users.
 */
const unfolded = ({ path, kind, icon, children, ...entry }: NavigationElement): NavigationElement => {
  if (children === undefined)
    return {
      ...entry,
      ...(path === undefined ? {} : { path }),
      ...(kind === undefined ? {} : { kind }),
      ...(icon === undefined ? {} : { icon }),
    }
  const own =
    path === undefined
      ? []
      : [{ text: `${entry.text}: overview`, path, ...(kind === undefined ? {} : { kind }) }]
  return { ...entry, children: [...own, ...children.map(unfolded)] }
}

/** Creates the theme for one site. `keep` receives the HTML of each document. */
export const siteTheme = (
  { sources }: SiteParts,
  keep: (url: string, html: string) => void,
): typeof DefaultTheme =>
  class SiteTheme extends DefaultTheme {
    override buildNavigation(project: ProjectReflection): NavigationElement[] {
      return super.buildNavigation(project).map(unfolded)
    }

    override documentTemplate = (page: PageEvent<DocumentReflection>) => {
      const source = sources.get(page.model)
      if (source !== undefined) return raw(source.html)
      const html = this.getRenderContext(page).markdown(page.model.content)
      keep(page.url, html)
      return panel(html)
    }

    override indexTemplate = (page: PageEvent<ProjectReflection>) => {
      const html = this.getRenderContext(page).markdown(page.model.readme ?? [])
      keep(page.url, html)
      return panel(html)
    }
  }
