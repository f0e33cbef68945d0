/** The site's additions to Markdown rendering. */

/** The parts of a markdown-it token that are used here. */
interface Token {
  type: string
  content: string
  children: Token[] | null
  attrSet(name: string, value: string): void
}

/** The parts of TypeDoc's parser that are used here. */
interface Parser {
  readonly core: {
    readonly ruler: { push(name: string, rule: (state: { readonly tokens: Token[] }) => void): void }
  }
  readonly renderer: { readonly rules: Record<string, unknown> }
  readonly linkify: { set(options: { readonly fuzzyLink: boolean }): void }
}

const textOf = (token: Token | undefined): string =>
  (token?.children ?? [])
    .filter(({ type }) => type === 'text' || type === 'code_inline')
    .map(({ content }) => content)
    .join('')

/** Labels each cell with the head of its column, so that a narrow screen can show a row as a list. */
const labelCells = (tokens: readonly Token[]) => {
  let heads: string[] = []
  let column = 0
  for (const [i, token] of tokens.entries()) {
    if (token.type === 'table_open') heads = []
    if (token.type === 'th_open') heads.push(textOf(tokens[i + 1]))
    if (token.type === 'tr_open') column = 0
    if (token.type === 'td_open') token.attrSet('data-label', heads[column++] ?? '')
  }
}

/** TypeDoc builds the anchor of a heading from its plain words only. This includes its code too. */
const unfoldCode = (tokens: readonly Token[]) => {
  for (const [i, token] of tokens.entries()) {
    const inline = tokens[i + 1]
    if (token.type !== 'heading_open' || inline?.children == null) continue
    inline.children = inline.children.flatMap((child) => {
      if (child.type !== 'code_inline') return [child]
      const html = (content: string) =>
        Object.assign(Object.create(child) as Token, { type: 'html_inline', content })
      return [html('<code>'), Object.assign(Object.create(child) as Token, { type: 'text' }), html('</code>')]
    })
  }
}

/** Adds the rules to a parser. */
export const extendMarkdown = (parser: Parser): void => {
  // A file name such as SECURITY.md is no host in Moldova.
  parser.linkify.set({ fuzzyLink: false })
  parser.core.ruler.push('site-tables', ({ tokens }) => labelCells(tokens))
  parser.core.ruler.push('site-headings', ({ tokens }) => unfoldCode(tokens))
  parser.renderer.rules['table_open'] = () => '<div class="table"><table>\n'
  parser.renderer.rules['table_close'] = () => '</table></div>\n'
}
