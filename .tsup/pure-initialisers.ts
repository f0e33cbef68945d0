/**
 * Marks what a module computes while it is loaded as free of side effects, so that a bundler can leave it out.
 *
 * The package is a few files. Without this, a bundle that uses one function of such a file keeps every schema and
 * table in it: a bundler can't know that `z.object(…)` does nothing but return a value. In this library it does
 * nothing else (`sideEffects: false`; a test bundles every entry and finds nothing left), so the build says it:
 * `const schema = z.object(…)` is built as a function marked `@__PURE__` that is called at once.
 */
import { readFile } from 'node:fs/promises'
import type { Plugin } from 'esbuild'
import ts from 'typescript'

/** Expressions that a bundler leaves out by itself: functions, literals, names, and objects and lists of these. */
const isPlain = (node: ts.Expression): boolean => {
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isParenthesizedExpression(node))
    return isPlain(node.expression)
  if (ts.isArrayLiteralExpression(node)) return node.elements.every(isPlain)
  if (ts.isObjectLiteralExpression(node))
    return node.properties.every(
      (property) =>
        ts.isShorthandPropertyAssignment(property) ||
        (ts.isPropertyAssignment(property) &&
          !ts.isComputedPropertyName(property.name) &&
          isPlain(property.initializer)),
    )
  return (
    ts.isArrowFunction(node) ||
    ts.isFunctionExpression(node) ||
    ts.isIdentifier(node) ||
    ts.isLiteralExpression(node) ||
    [ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword, ts.SyntaxKind.NullKeyword].includes(node.kind)
  )
}

const pure = (expression: string) => `/* @__PURE__ */ (() => (${expression}))()`

/** The declarations that a destructuring comes to: a bundler never leaves out a destructuring. */
const taken = (pattern: ts.BindingPattern, value: string, source: ts.SourceFile): readonly string[] => {
  const whole = `taken${pattern.pos}`
  const parts = pattern.elements.map((element, index) => {
    if (ts.isOmittedExpression(element)) return []
    const { name, propertyName, initializer, dotDotDotToken } = element
    if (!ts.isIdentifier(name) || initializer !== undefined || dotDotDotToken !== undefined)
      throw new Error(
        `${source.fileName}: ${element.getText(source)} is computed at import; take it apart in steps`,
      )
    const key = ts.isArrayBindingPattern(pattern)
      ? String(index)
      : `'${(propertyName ?? name).getText(source)}'`
    return [`${name.text} = ${pure(`${whole}[${key}]`)}`]
  })
  return [`${whole} = ${pure(value)}`, ...parts.flat()]
}

/**
 * A module's text in which every constant that is computed at load says that it may be left out.
 *
 * @param path - the module's path, for its language.
 */
export const withPureInitialisers = (path: string, text: string): string => {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext)
  let marked = ''
  let from = 0
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (initializer === undefined || (ts.isIdentifier(name) && isPlain(initializer))) continue
      const value = text.slice(initializer.getStart(source), initializer.end)
      // On the same lines: source maps count in lines of the original.
      marked += ts.isIdentifier(name)
        ? text.slice(from, initializer.getStart(source)) + pure(value)
        : text.slice(from, name.getStart(source)) + taken(name, value, source).join(', ')
      from = initializer.end
    }
  }
  return marked + text.slice(from)
}

/** The same for esbuild: every module of `src`. */
export const pureInitialisers: Plugin = {
  name: 'pure-initialisers',
  setup: (build) => {
    build.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) => ({
      contents: withPureInitialisers(path, await readFile(path, 'utf8')),
      loader: 'ts',
    }))
  },
}
