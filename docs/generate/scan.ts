import ts from 'typescript'
import type { SourceText } from './tree.ts'

/**
 * A place in the code that names a rule. Committed pages leave out the line number, because it changes often.
 */
export interface Reference {
  readonly rule: string
  readonly file: string
  /** The top-level symbol, with its member if a member is tagged, or `(file)` if there is none. */
  readonly symbol: string
  /** `tag`: the doc comment has `@rule`. `code`: the number is a value in the code. */
  readonly how: 'tag' | 'code'
  /** The first line that names it, counted from 1. */
  readonly line: number
}

/** The title of a test or a group of tests that names a rule. */
export interface TestTitle {
  readonly rule: string
  readonly file: string
  readonly title: string
  /** The line of the title, counted from 1. */
  readonly line: number
  /** The titles of the tests in it, if it is a group. */
  readonly within: readonly string[]
}

const ruleIds = /\b(?:ID|PW|OTP|LOCK|ACC|MNT|DMS|ESV|QTA|MIG|AUD|PRI|OBS|FLD|API)-\d\d\b/g

const idsIn = (text: string): readonly string[] => text.match(ruleIds) ?? []

const isRuleId = (text: string) => idsIn(text)[0] === text

/** The rulebook, its numbers and its notes name every rule and implement none. */
export const carriesNothing: readonly string[] = ['src/policy/rulebook.ts', 'src/kernel/rule-id.ts']

/**
 * Whether a place implements its rule. The published parts of `src/testing` test rules and implement none.
 */
export const carries = ({ file }: Reference): boolean => !file.startsWith('src/testing/')

const parse = ({ path, text }: SourceText) => ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)

/** The rule numbers of a `@rule` tag, all on its own line. */
const rulesOf = (tag: ts.JSDocTag): readonly string[] =>
  idsIn((ts.getTextOfJSDocComment(tag.comment) ?? '').split('\n')[0] ?? '')

const nameOf = (node: ts.Node): string | undefined => {
  const name = ts.isVariableStatement(node)
    ? node.declarationList.declarations[0]?.name
    : ts.getNameOfDeclaration(node as ts.Declaration)
  return name?.getText()
}

/** Removes items that differ only in their line, keeping the first. */
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
 * Every place in a source file that names a rule, with `@rule` in a doc comment or as a value in code.
 * Literal *types* are left out: they describe answers and enforce nothing.
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
      // With several comments, the last one documents the symbol, and an earlier one belongs to the file.
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

/** The text of a title: a literal, a template (with `…` for its expressions), or a concatenation of these. */
const titleOf = (node: ts.Node | undefined): string | undefined => {
  if (node === undefined) return undefined
  if (ts.isStringLiteralLike(node)) return node.text
  if (ts.isTemplateExpression(node))
    return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('')
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return undefined
  const [left, right] = [titleOf(node.left), titleOf(node.right)]
  return left === undefined && right === undefined ? undefined : `${left ?? '…'}${right ?? '…'}`
}

/** The names in a callee, starting at its root: `test.each(cases)` has `test` and `each`. */
const calleeNames = (node: ts.Expression): readonly string[] => {
  if (ts.isIdentifier(node)) return [node.text]
  if (ts.isPropertyAccessExpression(node)) return [...calleeNames(node.expression), node.name.text]
  if (ts.isCallExpression(node)) return calleeNames(node.expression)
  return ts.isTaggedTemplateExpression(node) ? calleeNames(node.tag) : []
}

/** The titles of the tests in a group. */
const testsIn = (group: ts.CallExpression): readonly string[] => {
  const titles: string[] = []
  const visit = (node: ts.Node) => {
    if (ts.isCallExpression(node)) {
      const [root = '', ...forms] = calleeNames(node.expression)
      if (forms.includes('skip') || forms.includes('todo')) return
      if (root === 'test' || root === 'it') titles.push(titleOf(node.arguments[0]) ?? '')
    }
    ts.forEachChild(node, visit)
  }
  ts.forEachChild(group, visit)
  return titles.filter((title) => title !== '')
}

/**
 * Every title in a test file that names a rule. Skipped and unwritten tests are left out, because they prove
 * nothing.
 */
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
        const within = root === 'describe' ? testsIn(node) : []
        for (const rule of idsIn(title)) found.push({ rule, file: source.path, title, line, within })
      }
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return distinct(found)
}
