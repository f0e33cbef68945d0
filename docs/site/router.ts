/** Assigns addresses to the pages of the site. */
import {
  type Application,
  type PageDefinition,
  PageKind,
  type Reflection,
  Slugger,
  StructureRouter,
} from 'typedoc'

/** The parts of the site that TypeDoc does not know. */
export interface SiteParts {
  /** The address of each Markdown page, without `.html`. */
  readonly documents: Map<Reflection, string>
  /** The source files as pages, with their HTML. */
  readonly sources: Map<Reflection, { readonly path: string; readonly html: string }>
}

/**
 * Creates a router for one site. The reference is under `api`, source files under `source`. Other pages keep
 * their address.
 */
export const siteRouter = ({
  documents,
  sources,
}: SiteParts): (new (
  application: Application,
) => StructureRouter) =>
  class SiteRouter extends StructureRouter {
    override getIdealBaseName(reflection: Reflection): string {
      return documents.get(reflection) ?? `api/${super.getIdealBaseName(reflection)}`
    }

    override buildPages(project: Parameters<StructureRouter['buildPages']>[0]): PageDefinition[] {
      const pages = super.buildPages(project)
      for (const [model, { path }] of sources) {
        const url = `source/${path}${this.extension}`
        this.fullUrls.set(model, url)
        this.sluggers.set(model, new Slugger(this.sluggerConfiguration))
        pages.push({ kind: PageKind.Document, model, url })
      }
      return pages
    }
  }
