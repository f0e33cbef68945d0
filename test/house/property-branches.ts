/** Properties whose checks branch on what was generated, and whether each counts its branches. */
import ts from 'typescript'
import { nodesOf, parse, type SourceText } from './sources.ts'

/** `??` is not here: it gives a default, and hides no check. */
const logical = [ts.SyntaxKind.AmpersandAmpersandToken, ts.SyntaxKind.BarBarToken]

const comparisons = [
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.LessThanEqualsToken,
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.GreaterThanEqualsToken,
]

const isOperation = (node: ts.Node, operators: readonly ts.SyntaxKind[]) =>
  ts.isBinaryExpression(node) && operators.includes(node.operatorToken.kind)

/** `expect(…).toBe(a === b)`: a property that only ever sees one of the two answers shows half of what it states. */
const isTwoSided = (node: ts.Node) =>
  ts.isCallExpression(node) && node.arguments.some((argument) => isOperation(argument, comparisons))

const isBranch = (node: ts.Node) =>
  ts.isIfStatement(node) ||
  ts.isSwitchStatement(node) ||
  ts.isConditionalExpression(node) ||
  isOperation(node, logical) ||
  isTwoSided(node) ||
  (ts.isCallExpression(node) && node.expression.getText() === 'fc.pre')

const isFunction = (node: ts.Node | undefined): node is ts.ArrowFunction | ts.FunctionExpression =>
  node !== undefined && (ts.isArrowFunction(node) || ts.isFunctionExpression(node))

const isProperty = (node: ts.Node): node is ts.CallExpression =>
  ts.isCallExpression(node) && /^fc\.(async)?property$/i.test(node.expression.getText())

/** The functions and classes that a file declares, by name. */
const declaredIn = (file: ts.SourceFile): ReadonlyMap<string, ts.Node> =>
  new Map(
    nodesOf(file).flatMap((node): readonly (readonly [string, ts.Node])[] => {
      if (ts.isVariableDeclaration(node) && isFunction(node.initializer))
        return [[node.name.getText(), node.initializer]]
      return ts.isClassDeclaration(node) && node.name !== undefined ? [[node.name.text, node]] : []
    }),
  )

const mentions = (node: ts.Node, name: RegExp) =>
  nodesOf(node).some((each) => ts.isIdentifier(each) && name.test(each.text))

/** A node with every function of its file that it uses, directly or not. */
const reached = (start: ts.Node, declared: ReadonlyMap<string, ts.Node>): readonly ts.Node[] => {
  const found = new Set<ts.Node>([start])
  for (const node of found)
    for (const each of nodesOf(node)) {
      const used = ts.isIdentifier(each) ? declared.get(each.text) : undefined
      if (used !== undefined) found.add(used)
    }
  return [...found].flatMap(nodesOf)
}

const enclosing = (node: ts.Node, is: (parent: ts.Node) => boolean): ts.Node | undefined => {
  let parent: ts.Node | undefined = node.parent
  while (parent !== undefined && !is(parent)) parent = parent.parent
  return parent
}

const isTest = (node: ts.Node) => ts.isCallExpression(node) && /^test\b/.test(node.expression.getText())

const titleOf = (node: ts.Node): string => {
  const call = isTest(node) ? node : enclosing(node, isTest)
  const title = call !== undefined && ts.isCallExpression(call) ? call.arguments[0] : undefined
  return title === undefined ? '' : ts.isStringLiteralLike(title) ? title.text : title.getText()
}

/** The checks of a file's properties: the functions given to `fc.property`, or to a function that passes them on. */
const checksOf = (file: ts.SourceFile, declared: ReadonlyMap<string, ts.Node>): readonly ts.Node[] =>
  nodesOf(file)
    .filter(isProperty)
    .flatMap((property): readonly ts.Node[] => {
      const check = property.arguments.at(-1) as ts.Expression
      const callers = [...declared].filter(
        ([, node]) =>
          isFunction(node) &&
          nodesOf(node).includes(property) &&
          node.parameters.some(({ name }) =>
            nodesOf(check).some((used) => used.getText() === name.getText()),
          ),
      )
      const passed = callers.flatMap(([name]) =>
        nodesOf(file).filter(
          (node): node is ts.CallExpression =>
            ts.isCallExpression(node) && node.expression.getText() === name,
        ),
      )
      return passed.length === 0 ? [check] : passed
    })

const callsOf = (nodes: readonly ts.Node[], method: RegExp) =>
  nodes.some((node) => ts.isPropertyAccessExpression(node) && method.test(node.name.text))

/** A property whose check branches. */
export interface BranchingProperty {
  readonly title: string
  /** Whether its test counts each branch and requires that each has run. */
  readonly counts: boolean
}

/** Every property of a test file whose check branches, itself or in a function of the same file. */
export const branchingProperties = (source: SourceText): readonly BranchingProperty[] => {
  const file = parse(source)
  const declared = declaredIn(file)
  // Only functions that check something: what generates, or computes what is expected, hides no check.
  const checking = new Map([...declared].filter(([, node]) => mentions(node, /^expect$/)))
  return checksOf(file, declared)
    .filter((check) => reached(check, checking).some(isBranch))
    .map((check) => {
      const around = enclosing(check, isTest) ?? file
      return {
        title: titleOf(check),
        counts:
          callsOf(reached(check, declared), /^(hit|hitIf|either)$/) &&
          callsOf(reached(around, declared), /^expectAll$/),
      }
    })
}
