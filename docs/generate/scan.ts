import ts from 'typescript'
import type { SourceText } from './tree.ts'

/** A place in the code that names a rule. Pages that are committed leave the line out: it drifts. */
export interface Reference {
  readonly rule: string
  readonly file: string
  /** The top-level symbol, with its member where a member is tagged; `(file)` where there is none. */
  readonly symbol: string
  /** `tag`: the doc comment says `@rule`; `code`: the number stands as a value in the code. */
  readonly how: 'tag' | 'code'
  /** The first line that names it, from 1. */
  readonly line: number
}

/** A title of a test, or of a group of tests, that names a rule. */
export interface TestTitle {
  readonly rule: string
  readonly file: string
  readonly title: string
  /** The line of the title, from 1. */
  readonly line: number
}

const ruleIds = /\b(?:ID|PW|OTP|LOCK|ACC|MNT|DMS|ESV|QTA|MIG|AUD|PRI|OBS|FLD|API)-\d\d\b/g

const idsIn = (text: string): readonly string[] => text.match(ruleIds) ?? []

const isRuleId = (text: string) => idsIn(text)[0] === text

/** The rulebook itself, its numbers and its notes name every rule and carry none. */
export const carriesNothing: readonly string[] = ['src/policy/rulebook.ts', 'src/kernel/rule-id.ts']

/**
 * Whether a place counts as code that carries its rule. What `src/testing` publishes proves rules, and
 * carries none.
 */
export const carries = ({ file }: Reference): boolean => !file.startsWith('src/testing/')

const parse = ({ path, text }: SourceText) => ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)

/** What a `@rule` tag names: the numbers on its own line. */
const rulesOf = (tag: ts.JSDocTag): readonly string[] =>
  idsIn((ts.getTextOfJSDocComment(tag.comment) ?? '').split('\n')[0] ?? '')

const nameOf = (node: ts.Node): string | undefined => {
  const name = ts.isVariableStatement(node)
    ? node.declarationList.declarations[0]?.name
    : ts.getNameOfDeclaration(node as ts.Declaration)
  return name?.getText()
}

/** Of those that differ in nothing but their line, the first. */
const distinct = <T extends { readonly line: number }>(items: readonly T[]): readonly T[] => {
  const found = new Map<string, T>()
  for (const item of items) {
    const key = JSON.stringify({ ...item, line: 0 })
    if (!found.has(key)) found.set(key, item)
  }
  return [...found.values()]
}

const lineOf = (file: ts.SourceFile, position: number) =>
  file.getLineAndCharacterOfPosition(position).line + 1

/**
 * Every place of a source file that names a rule: by `@rule` in a doc comment, or as a value in code.
 * A literal *type* counts for nothing: it says what may be answered, and enforces nothing.
 */
export const scanSource = (source: SourceText): readonly Reference[] => {
  if (carriesNothing.includes(source.path)) return []
  const file = parse(source)
  const found: Reference[] = []
  const add = (rule: string, symbol: string, how: Reference['how'], node: ts.Node) =>
    found.push({ rule, file: source.path, symbol, how, line: lineOf(file, node.getStart(file)) })

  const visit = (node: ts.Node, top: string) => {
    const docs = node.getChildren(file).filter(ts.isJSDoc)
    for (const doc of docs) {
      const member = nameOf(node)
      const own = member === undefined || member === top ? top : `${top}.${member}`
      // Of several comments the last documents the symbol; one before it is the file's.
      const symbol = doc === docs.at(-1) ? own : '(file)'
      for (const tag of doc.tags ?? [])
        if (tag.tagName.text === 'rule') for (const rule of rulesOf(tag)) add(rule, symbol, 'tag', tag)
    }
    if (ts.isStringLiteralLike(node) && !ts.isLiteralTypeNode(node.parent) && isRuleId(node.text))
      add(node.text, top, 'code', node)
    ts.forEachChild(node, (child) =>
      visit(
        child,
        ts.isVariableDeclaration(child) && node.parent?.parent === file ? (nameOf(child) ?? top) : top,
      ),
    )
  }
  for (const statement of file.statements) visit(statement, nameOf(statement) ?? '(file)')
  visit(file.endOfFileToken, '(file)')
  return distinct(found)
}

/** The text of a title: a literal, a template (its gaps shown as `…`), or a sum of such. */
const titleOf = (node: ts.Node | undefined): string | undefined => {
  if (node === undefined) return undefined
  if (ts.isStringLiteralLike(node)) return node.text
  if (ts.isTemplateExpression(node))
    return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('')
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return undefined
  const [left, right] = [titleOf(node.left), titleOf(node.right)]
  return left === undefined && right === undefined ? undefined : `${left ?? '…'}${right ?? '…'}`
}

/** The names in a callee, from its root: `test.each(cases)` has `test`, `each`. */
const calleeNames = (node: ts.Expression): readonly string[] => {
  if (ts.isIdentifier(node)) return [node.text]
  if (ts.isPropertyAccessExpression(node)) return [...calleeNames(node.expression), node.name.text]
  if (ts.isCallExpression(node)) return calleeNames(node.expression)
  return ts.isTaggedTemplateExpression(node) ? calleeNames(node.tag) : []
}

/** Every title of a test file that names a rule. What is skipped or still to do proves nothing, and is left out. */
export const scanTests = (source: SourceText): readonly TestTitle[] => {
  const file = parse(source)
  const found: TestTitle[] = []
  const visit = (node: ts.Node) => {
    if (ts.isCallExpression(node)) {
      const [root = '', ...forms] = calleeNames(node.expression)
      if (['test', 'it', 'describe'].includes(root)) {
        if (forms.includes('skip') || forms.includes('todo')) return
        const [first] = node.arguments
        const title = titleOf(first) ?? ''
        const line = lineOf(file, (first ?? node).getStart(file))
        for (const rule of idsIn(title)) found.push({ rule, file: source.path, title, line })
      }
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return distinct(found)
}
