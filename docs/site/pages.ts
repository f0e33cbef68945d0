/** A page of the site that is written in Markdown. */
export interface SitePage {
  /** Where the page stands in the repository; of a page that only the site has, where its links start from. */
  readonly path: string
  /** Its address below the root of the site, without `.html`. */
  readonly url: string
  /** Its name in the navigation and in the search. */
  readonly name: string
  /** The heading of the navigation under which it stands; of a page with a parent, that of the parent. */
  readonly section: Section
  /** The `path` of the page that it stands under. */
  readonly parent?: string
  readonly text: string
}

/** The headings of the navigation, in their order. */
export const sections = [
  'Audit',
  'Start',
  'Concepts',
  'Guides',
  'Reference pages',
  'Project',
  'API reference',
] as const

export type Section = (typeof sections)[number]

/** The title of a Markdown page: its first heading, without marks. */
export const titleOf = (text: string): string =>
  /^# +(.+)$/m.exec(text)?.[1]?.replace(/[`*]/g, '').trim() ?? 'Untitled'
