/** Every Markdown page of the site: those of the repository, and those generated for auditors. */
import { readFileSync } from 'node:fs'
import { rulebook } from '../../src/policy/rulebook.ts'
import { shownMachines } from '../generate/machines.ts'
import { diagramOf } from '../generate/machines-page.ts'
import { families, familyOf, head, row } from '../generate/rulebook-page.ts'
import { inPackage, readTree, type SourceText } from '../generate/tree.ts'
import { ruleAddress } from './addresses.ts'
import { errorPages } from './error-pages.ts'
import { eventIndex, eventPages } from './event-pages.ts'
import { allEvidence, type Evidence } from './evidence.ts'
import { frontPage } from './front-page.ts'
import { machinePicture } from './machine-picture.ts'
import { type Section, type SitePage, titleOf } from './pages.ts'
import { type AddedSection, pageUrl, rulePage } from './rule-page.ts'

const read = (path: string): SourceText => ({ path, text: readFileSync(inPackage(path), 'utf8') })

const audit = [
  'rulebook',
  'machines',
  'traceability',
  'model',
  'conformance-findings',
  'tests',
  'vectors',
  'standards',
  'mutation',
  'simulation',
]
const reference = [
  'access',
  'authority',
  'eservices',
  'errors',
  'formats',
  'glossary',
  'modules',
  'performance',
]

/** The navigation heading of a page of the repository. */
const sectionOf = (path: string): Section => {
  const name = path.split('/').at(-1)?.replace(/\.md$/, '') ?? ''
  if (path === 'README.md' || name === 'getting-started' || path.startsWith('examples/')) return 'Start'
  if (path.startsWith('docs/concepts/')) return 'Concepts'
  if (!path.startsWith('docs/') || path.startsWith('docs/decisions/') || name === 'architecture')
    return 'Project'
  if (audit.includes(name)) return 'Audit'
  return reference.includes(name) ? 'Reference pages' : 'Guides'
}

/**
 * The position of a page under its heading. The pages named above come first, and a folder's page comes
 * before its contents.
 */
const rankOf = (path: string) => {
  const name = path.split('/').at(-1)?.replace(/\.md$/, '') ?? ''
  const named = [...audit, 'getting-started', 'architecture', ...reference].indexOf(name)
  return named === -1 ? (name === 'README' ? 100 : 200) : named
}

const inRepository = (): readonly SourceText[] =>
  [
    ...['README.md', 'SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md'].map(read),
    ...readTree('docs', '.md'),
    ...readTree('examples', '.md'),
  ].sort((a, b) => rankOf(a.path) - rankOf(b.path))

/** Replaces the diagrams that GitHub draws with pictures. */
const withPictures = (text: string) =>
  shownMachines.reduce(
    (page, machine) => page.replace(diagramOf(machine), () => machinePicture(machine)),
    text,
  )

const repositoryPage = ({ path, text }: SourceText): SitePage => {
  const parent = { decisions: 'docs/decisions/README.md' }[path.split('/').at(-2) ?? '']
  return {
    path,
    url: pageUrl(path),
    name: path === 'README.md' ? 'Overview' : titleOf(text),
    section: sectionOf(path),
    text: withPictures(text),
    ...(parent === undefined || parent === path ? {} : { parent }),
  }
}

/** `docs/rules/LOCK.md`: the rules of a family. */
const familyPath = (prefix: string) => `docs/rules/${prefix}.md`

const familyPage = ([prefix, title]: (typeof families)[number], evidence: readonly Evidence[]): SitePage => ({
  path: familyPath(prefix),
  url: `rules/${prefix}`,
  name: title,
  section: 'Audit',
  parent: 'docs/rulebook.md',
  text: `${[
    `# ${prefix} · ${title}`,
    'The rules of this part of the rulebook, with what proves each.',
    [
      head('Rule', 'Statement', 'Code', 'Tests', 'Vectors', 'Invariants', 'Faults found'),
      ...evidence
        .filter(({ rule }) => familyOf(rule.id) === prefix)
        .map(({ rule, code, tests, vectors, invariants, plantedFaults, wrongSystems }) =>
          row(
            `[${rule.id}](${ruleAddress(rule.id)})`,
            rule.statement,
            ...[
              code.length,
              tests.length,
              vectors.reduce((sum, { cases }) => sum + cases.length, 0),
              invariants.length,
              plantedFaults.length + wrongSystems.length,
            ].map((count) => (count === 0 ? '–' : `${count}`)),
          ),
        ),
    ].join('\n'),
  ].join('\n\n')}\n`,
})

/** Links to the previous and the next rule, in the order of the rulebook. */
const neighbours = (id: string) => {
  const at = rulebook.findIndex((rule) => rule.id === id)
  const link = (step: number, label: string) => {
    const other = rulebook[at + step]?.id
    return other === undefined
      ? []
      : [`<a href="${ruleAddress(other)}" rel="${label}">${step < 0 ? `← ${other}` : `${other} →`}</a>`]
  }
  return `<nav class="neighbours" aria-label="Neighbouring rules">${[...link(-1, 'prev'), ...link(1, 'next')].join('')}</nav>`
}

/**
 * All pages. `commit` identifies the version of the site. `added` are sections of other parts of the project.
 */
export const sitePages = (commit: string, added: readonly AddedSection[]): readonly SitePage[] => {
  const repository = inRepository()
  const pageOf = (path: string) => repository.find((page) => page.path === path)?.text ?? ''
  const errors = errorPages(pageOf('docs/errors.md'))
  // Pages that name every rule do not explain any.
  const explaining = repository.filter(
    ({ path }) =>
      !/rulebook|traceability|tests|machines|model|vectors|conformance-findings|CHANGELOG/.test(path),
  )
  const evidence = allEvidence(explaining)
  const formats = pageOf('docs/formats.md')
  return [
    {
      path: 'docs/audit.md',
      url: 'index',
      name: 'Start an audit',
      section: 'Audit',
      text: frontPage(evidence, commit),
    },
    ...repository.map(repositoryPage),
    ...families.map((family) => familyPage(family, evidence)),
    ...evidence.map((each): SitePage => {
      const { id } = each.rule
      const own = errors.filter(({ rules }) => rules.includes(id)).map(({ code }) => code)
      return {
        path: `docs/rules/${id}.md`,
        url: `rules/${id}`,
        name: id,
        section: 'Audit',
        parent: familyPath(familyOf(id)),
        text: `${rulePage(each, own, added)}\n${neighbours(id)}\n`,
      }
    }),
    ...errors.map(
      ({ code, text }): SitePage => ({
        path: `docs/errors/${code}.md`,
        url: `errors/${code}`,
        name: code,
        section: 'Reference pages',
        parent: 'docs/errors.md',
        text: text.replaceAll(/\]\((?=[a-z])/g, '](../'),
      }),
    ),
    {
      path: 'docs/events.md',
      url: 'events/index',
      name: 'Events',
      section: 'Reference pages',
      text: eventIndex(formats),
    },
    ...[...eventPages(formats)].map(
      ([name, text]): SitePage => ({
        path: `docs/events/${name}.md`,
        url: `events/${name}`,
        name,
        section: 'Reference pages',
        parent: 'docs/events.md',
        text: text.replaceAll(/\]\((?=[a-z]+\.md)/g, '](../'),
      }),
    ),
  ]
}
