/**
 * A TypeDoc plugin that builds the auditor's edition of the reference. `npm run docs` writes it to
 * `build/api`. It adds the pages of the repository, a page for each rule, refusal and event, and the source
 * files.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  Application,
  Comment,
  CommentTag,
  type Context,
  Converter,
  DocumentReflection,
  IndexEvent,
  PageEvent,
  type ProjectReflection,
  RendererEvent,
  type TranslatedString,
} from 'typedoc'
import { rulebook } from '../../src/policy/rulebook.ts'
import { inPackage } from '../generate/tree.ts'
import { addedSections } from './added-sections.ts'
import { ruleAddress, siteTargets, sourceAddress } from './addresses.ts'
import { deadSiteLinks } from './dead-links.ts'
import { finishedPage } from './finished-page.ts'
import { withRuleLinks, withTargets } from './markdown.ts'
import { extendMarkdown } from './markdown-rules.ts'
import type { SitePage } from './pages.ts'
import { printPage } from './print-page.ts'
import { type SiteParts, siteRouter } from './router.ts'
import { linkRules } from './rule-tags.ts'
import { searchPlainWords } from './search-text.ts'
import { sitePages } from './site-pages.ts'
import { folderPages, shownSources, sourcePages } from './sources.ts'
import { siteTheme } from './theme.ts'

const rules = new Set<string>(rulebook.map(({ id }) => id))

/** Pages that only repeat other pages are left out of the printed edition. */
const notPrinted = ['docs/traceability.md', 'docs/tests.md']

/** The commit from which the site is built, or a note that it is unknown outside a clone. */
const commitName = (): string => {
  try {
    const git = (...args: string[]) =>
      execFileSync('git', args, { cwd: inPackage('.'), encoding: 'utf8' }).trim()
    const changed = git('status', '--porcelain') === '' ? '' : ', with changes that are not committed'
    return `commit \`${git('rev-parse', '--short=12', 'HEAD')}\`${changed}`
  } catch {
    return 'a folder that is no clone'
  }
}

/** The pages, with links and rule numbers converted to addresses of the site. */
const linkedPages = (pages: readonly SitePage[], sources: ReadonlySet<string>) => {
  const target = siteTargets(pages, sources)
  return pages.map((page) => ({
    ...page,
    text: withRuleLinks(
      withTargets(page.text, (to) => target(page.path, to)),
      (rule) => (rules.has(rule) && page.name !== rule ? ruleAddress(rule) : undefined),
    ),
  }))
}

const addPages = (project: ProjectReflection, pages: readonly SitePage[], { documents }: SiteParts) => {
  const byPath = new Map<string, DocumentReflection>()
  for (const { path, url, name, section, parent, text } of pages) {
    if (url === 'index') {
      project.readme = [{ kind: 'text', text }]
      continue
    }
    const above = parent === undefined ? project : (byPath.get(parent) ?? project)
    const document = new DocumentReflection(name, above, [{ kind: 'text', text }], {
      category: section,
    })
    above.addChild(document)
    project.registerReflection(document, undefined, undefined)
    documents.set(document, url)
    byPath.set(path, document)
  }
}

const addSources = (project: ProjectReflection, { sources }: SiteParts) => {
  const files = shownSources()
  for (const page of [...sourcePages(files, rules), ...folderPages(files)])
    sources.set(new DocumentReflection(page.name, project, [], {}), page)
}

/** Puts the entry points under one heading, and links source locations to the site's source pages. */
const placeReference = (project: ProjectReflection) => {
  for (const entry of project.children ?? []) {
    entry.comment ??= new Comment()
    entry.comment.blockTags.push(new CommentTag('@category', [{ kind: 'text', text: 'API reference' }]))
  }
  for (const reflection of Object.values(project.reflections))
    if (reflection.isDeclaration() || reflection.isSignature())
      for (const source of reflection.sources ?? []) source.url = sourceAddress(source.fileName, source.line)
}

/** Registers the plugin with TypeDoc. */
export const load = (app: Application): void => {
  const parts: SiteParts = { documents: new Map(), sources: new Map() }
  const html = new Map<string, string>()
  let pages: readonly SitePage[] = []

  app.renderer.defineRouter('site', siteRouter(parts))
  app.renderer.defineTheme(
    'site',
    siteTheme(parts, (url, text) => html.set(url, text)),
  )
  // TypeDoc discards options that are set before it reads its own.
  app.on(Application.EVENT_BOOTSTRAP_END, () => app.options.setValue('markdownItLoader', extendMarkdown))

  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }: Context) => {
    const sources = new Set(shownSources().map(({ path }) => path))
    pages = linkedPages(sitePages(commitName(), addedSections()), sources)
    addPages(project, pages, parts)
    addSources(project, parts)
    placeReference(project)
    linkRules(project, rules)
  })

  app.renderer.on(IndexEvent.PREPARE_INDEX, searchPlainWords)
  app.renderer.on(PageEvent.END, (page) => {
    page.contents = finishedPage(page.contents ?? '', page.url)
  })
  app.renderer.on(RendererEvent.END, ({ outputDirectory, project }) => {
    const printed = pages
      .filter(({ path }) => !notPrinted.includes(path))
      .map(({ url, name }) => ({ url, name, html: html.get(`${url}.html`) ?? '' }))
    const title = `${project.name} ${project.packageVersion ?? ''}: the auditor’s edition`
    writeFileSync(join(outputDirectory, 'print.html'), finishedPage(printPage(printed, title), 'print.html'))
    cpSync(inPackage('docs/pictures'), join(outputDirectory, 'pictures'), { recursive: true })
    for (const link of deadSiteLinks(outputDirectory))
      app.logger.error(`dead link on ${link}` as TranslatedString)
  })
}
