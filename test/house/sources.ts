import { posix } from 'node:path'
import ts from 'typescript'
import type { SourceText } from '../../docs/generate/tree.ts'

export type { SourceText }

/** One import, re-export, `import()` or `import('…')` type of a file. */
export interface Import {
  readonly from: string
  readonly specifier: string
  /** The path of a relative import; absent for a package. */
  readonly to?: string
  readonly typeOnly: boolean
  /** The imported names, if they are listed. */
  readonly names: readonly string[]
}

export const parse = ({ path, text }: SourceText): ts.SourceFile =>
  ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)

/** A node and all its descendants. */
export const nodesOf = (node: ts.Node): readonly ts.Node[] => {
  const found: ts.Node[] = []
  const visit = (each: ts.Node) => {
    found.push(each)
    ts.forEachChild(each, visit)
  }
  visit(node)
  return found
}

interface Taken {
  readonly specifier: ts.Node | undefined
  readonly typeOnly: boolean
  readonly names?: readonly string[]
}

type Named = readonly (ts.ImportSpecifier | ts.ExportSpecifier)[]

const namesOf = (named: Named) => named.map(({ name, propertyName }) => (propertyName ?? name).text)
const allTypes = (named: Named) => named.length > 0 && named.every(({ isTypeOnly }) => isTypeOnly)

const takenBy = (node: ts.Node): Taken | undefined => {
  if (ts.isImportDeclaration(node)) {
    const clause = node.importClause
    const bindings = clause?.namedBindings
    const named = bindings !== undefined && ts.isNamedImports(bindings) ? bindings.elements : []
    const typeOnly =
      clause?.phaseModifier === ts.SyntaxKind.TypeKeyword || (clause?.name === undefined && allTypes(named))
    return { specifier: node.moduleSpecifier, typeOnly, names: namesOf(named) }
  }
  if (ts.isExportDeclaration(node)) {
    const named =
      node.exportClause !== undefined && ts.isNamedExports(node.exportClause)
        ? node.exportClause.elements
        : []
    return {
      specifier: node.moduleSpecifier,
      typeOnly: node.isTypeOnly || allTypes(named),
      names: namesOf(named),
    }
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
    return { specifier: node.argument.literal, typeOnly: true }
  if (ts.isExternalModuleReference(node)) return { specifier: node.expression, typeOnly: false }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    return { specifier: node.arguments[0], typeOnly: false }
  return undefined
}

/** Everything that a file imports, including types. */
export const importsOf = (source: SourceText): readonly Import[] =>
  nodesOf(parse(source)).flatMap((node) => {
    const taken = takenBy(node)
    if (taken?.specifier === undefined || !ts.isStringLiteralLike(taken.specifier)) return []
    const specifier = taken.specifier.text
    const to = specifier.startsWith('.') ? { to: posix.join(posix.dirname(source.path), specifier) } : {}
    return [{ from: source.path, specifier, ...to, typeOnly: taken.typeOnly, names: taken.names ?? [] }]
  })

/** The room of a file in src: its folder, or its own name if it is directly in src. */
export const roomOf = (path: string): string => path.replace(/^src\//, '').replace(/(\/.*|\.ts)$/, '')

/** The package of a specifier: `otpauth` for `otpauth/slim`. */
export const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
