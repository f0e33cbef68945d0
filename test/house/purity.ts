import ts from 'typescript'
import { importsOf, nodesOf, packageOf, parse, type SourceText } from './sources.ts'

/** Globals that give access to a clock, a random source, or I/O. */
const outside = [
  'crypto',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'process',
  'console',
  'fetch',
  'globalThis',
  'Temporal',
]

/**
 * Constructors that use the present time, the host's time zone or a random secret if arguments are missing.
 */
const fewestArguments: Readonly<Record<string, number>> = { Date: 1, TZDate: 2, Secret: 1, TOTP: 1 }

/** Functions of the allowed packages that read the clock or generate random values. */
const hidden: Readonly<Record<string, RegExp>> = {
  'date-fns':
    /^(is(This|Today|Tomorrow|Yesterday|Past|Future).*|.*ToNow(Strict)?|constructNow|(start|end)Of(Today|Tomorrow|Yesterday))$/,
  '@noble/hashes': /^random/,
}

/** An identifier that refers to a variable: not a property, a declaration, or part of a type. */
const isFree = (node: ts.Identifier): boolean => {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if (ts.isTypeReferenceNode(parent) || ts.isQualifiedName(parent)) return false
  if (ts.isBindingElement(parent) && parent.propertyName === node) return false
  return !('name' in parent && parent.name === node) || ts.isShorthandPropertyAssignment(parent)
}

const isAskedFor = (node: ts.Node) =>
  ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword

const problemOfName = (node: ts.Identifier): string | undefined => {
  const { parent, text } = node
  const member = ts.isPropertyAccessExpression(parent) ? parent.name.text : undefined
  if (outside.includes(text)) return text
  if (text === 'Math') return member === undefined || member === 'random' ? 'Math.random' : undefined
  if (text !== 'Date' || ts.isNewExpression(parent)) return undefined
  const harmless = member === 'UTC' || member === 'parse' || isAskedFor(parent)
  return harmless ? undefined : `Date${member === undefined ? '' : `.${member}`}`
}

/** A TOTP is computed for a given time, never for the present one, which is otpauth's default. */
const isUntimed = (node: ts.CallExpression): boolean => {
  if (!ts.isPropertyAccessExpression(node.expression)) return false
  if (!['validate', 'generate', 'counter', 'remaining'].includes(node.expression.name.text)) return false
  const [options] = node.arguments
  const names = options !== undefined && ts.isObjectLiteralExpression(options) ? options.properties : []
  return !names.some(({ name }) => name?.getText() === 'timestamp')
}

const problemOf = (node: ts.Node, own: ReadonlySet<string>, usesTotp: boolean): string | undefined => {
  if (ts.isThrowStatement(node)) return 'throw'
  if (ts.isAwaitExpression(node) || node.kind === ts.SyntaxKind.AsyncKeyword) return 'async'
  if (ts.isIdentifier(node) && isFree(node) && !own.has(node.text)) return problemOfName(node)
  if (ts.isNewExpression(node)) {
    const name = node.expression.getText()
    const given = node.arguments?.length ?? 0
    return given < (fewestArguments[name] ?? 0) ? `new ${name} of too few arguments` : undefined
  }
  if (ts.isPropertyAccessExpression(node) && /^_unsafeUnwrap/.test(node.name.text)) return node.name.text
  if (ts.isPropertyAccessExpression(node) && node.getText() === 'TZDate.tz') return 'TZDate.tz'
  if (usesTotp && ts.isCallExpression(node) && isUntimed(node)) return 'TOTP without a timestamp'
  return undefined
}

/** Names that the file declares itself, which are therefore not globals. */
const declaredIn = (nodes: readonly ts.Node[]): ReadonlySet<string> =>
  new Set(
    nodes.flatMap((node) =>
      (ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isBindingElement(node)) &&
      ts.isIdentifier(node.name)
        ? [node.name.text]
        : [],
    ),
  )

/** Why a file is impure: it reads a clock, generates random values, throws, awaits, or does I/O. */
export const impurities = (sources: readonly SourceText[]): readonly string[] =>
  sources.flatMap((source) => {
    const nodes = nodesOf(parse(source))
    const imports = importsOf(source)
    const own = declaredIn(nodes)
    const usesTotp = imports.some(({ specifier }) => packageOf(specifier) === 'otpauth')
    const taken = imports.flatMap(({ specifier, names }) =>
      names.filter((name) => hidden[packageOf(specifier)]?.test(name)),
    )
    const met = nodes.flatMap((node) => problemOf(node, own, usesTotp) ?? [])
    return [...new Set([...taken, ...met])].map((problem) => `${source.path}: ${problem}`)
  })
