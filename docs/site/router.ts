/** Where the pages of the site are. */
import {
  type Application,
  type PageDefinition,
  PageKind,
  type Reflection,
  Slugger,
  StructureRouter,
} from 'typedoc'

/** The parts of the site that TypeDoc does not know by itself. */
export interface SiteParts {
  /** The address of each Markdown page, without `.html`. */
  readonly documents: Map<Reflection, string>
  /** The source files, each as a page with its HTML. */
  readonly sources: Map<Reflection, { readonly path: string; readonly html: string }>
}

/** A router for one site. The reference is under `api`, the sources under `source`; other pages keep their own address. */
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
