/** A page of the site that is written in Markdown. */
export interface SitePage {
  /** The path in the repository. For a page that only the site has, the path from which its links start. */
  readonly path: string
  /** The address below the root of the site, without `.html`. */
  readonly url: string
  /** The name in the navigation and the search. */
  readonly name: string
  /** Its heading in the navigation. For a page with a parent, the heading of the parent. */
  readonly section: Section
  /** The `path` of its parent page. */
  readonly parent?: string
  readonly text: string
}

/** The headings of the navigation, in order. */
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

/** The title of a Markdown page: its first heading, without markup. */
export const titleOf = (text: string): string =>
  /^# +(.+)$/m.exec(text)?.[1]?.replace(/[`*]/g, '').trim() ?? 'Untitled'
