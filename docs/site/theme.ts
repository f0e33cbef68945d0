/** TypeDoc's own theme, with pages for source files, and a copy of each document for the printed edition. */
import { DefaultTheme, type DocumentReflection, JSX, type PageEvent, type ProjectReflection } from 'typedoc'
import type { SiteParts } from './router.ts'

const raw = (html: string) => JSX.createElement(JSX.Raw, { html })

const panel = (html: string) => JSX.createElement('div', { class: 'tsd-panel tsd-typography' }, raw(html))

/** A theme for one site; `keep` receives the HTML of each document. */
export const siteTheme = (
  { sources }: SiteParts,
  keep: (url: string, html: string) => void,
): typeof DefaultTheme =>
  class SiteTheme extends DefaultTheme {
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
