/**
 * A source file as a page with syntax colours, an anchor for each line, and links for rule numbers in
 * comments and texts.
 */
import ts from 'typescript'
import { ruleAddress } from './addresses.ts'
import { escaped } from './markdown.ts'

const rulePattern = /\b(?:ID|PW|OTP|LOCK|ACC|MNT|DMS|ESV|QTA|MIG|AUD|PRI|OBS|FLD|API)-\d\d\b/g

/** A range of the text, with the class for its colour. */
interface Stretch {
  readonly start: number
  readonly end: number
  readonly shown: 'comment' | 'string' | 'keyword' | 'number'
}

const classOf = (token: ts.Node): Stretch['shown'] | undefined => {
  const { kind } = token
  if (kind >= ts.SyntaxKind.FirstKeyword && kind <= ts.SyntaxKind.LastKeyword) return 'keyword'
  if (ts.isStringLiteralLike(token) || ts.isRegularExpressionLiteral(token)) return 'string'
  if (kind >= ts.SyntaxKind.FirstTemplateToken && kind <= ts.SyntaxKind.LastTemplateToken) return 'string'
  return ts.isNumericLiteral(token) ? 'number' : undefined
}

/** The coloured ranges of a TypeScript file, in order. */
const stretchesOf = (path: string, text: string): readonly Stretch[] => {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const found: Stretch[] = []
  const visit = (node: ts.Node) => {
    if (ts.isJSDoc(node)) return
    const children = node.getChildren(file)
    if (children.length > 0) return children.forEach(visit)
    const comments = ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []
    const trailing = ts.getTrailingCommentRanges(text, node.getEnd()) ?? []
    for (const { pos, end } of [...comments, ...trailing]) found.push({ start: pos, end, shown: 'comment' })
    const shown = classOf(node)
    if (shown !== undefined) found.push({ start: node.getStart(file), end: node.getEnd(), shown })
  }
  visit(file)
  return found.sort((a, b) => a.start - b.start)
}

const withRules = (text: string, rules: ReadonlySet<string>) =>
  escaped(text).replace(rulePattern, (rule) =>
    rules.has(rule) ? `<a href="${ruleAddress(rule)}">${rule}</a>` : rule,
  )

/** The text as HTML. A range over several lines is split at each line. */
const coloured = (text: string, stretches: readonly Stretch[], rules: ReadonlySet<string>): string => {
  const parts: string[] = []
  let at = 0
  for (const { start, end, shown } of stretches) {
    if (start < at) continue
    parts.push(escaped(text.slice(at, start)))
    for (const [i, line] of text.slice(start, end).split('\n').entries())
      parts.push(`${i === 0 ? '' : '\n'}<span class="t-${shown}">${withRules(line, rules)}</span>`)
    at = end
  }
  return [...parts, stretches.length === 0 ? withRules(text, rules) : escaped(text.slice(at))].join('')
}

/** The lines of a file as HTML. The anchor of each line is `L` and its number. */
export const sourceHtml = (path: string, text: string, rules: ReadonlySet<string>): string => {
  const stretches = /\.[cm]?tsx?$|\.[cm]?js$/.test(path) ? stretchesOf(path, text) : []
  const lines = coloured(text.replace(/\r/g, '').replace(/\n$/, ''), stretches, rules).split('\n')
  const label = escaped(`Source of ${path}`)
  return `<div class="source" role="region" tabindex="0" aria-label="${label}"><pre><code>${lines
    .map((line, i) => `<span class="line" id="L${i + 1}" data-line="${i + 1}">${line}</span>`)
    .join('\n')}</code></pre></div>`
}
