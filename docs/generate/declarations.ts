/**
 * The compiler's declarations of each source file: the text of every top-level declaration, without comments.
 */
import { posix } from 'node:path'
import ts from 'typescript'
import { inPackage } from './tree.ts'

/** One property or method of an interface. */
export interface Member {
  readonly name: string
  /** Its doc comment, as it is written; empty without one. */
  readonly comment: string
  readonly isMethod: boolean
  /** The names that it mentions, the type of a property first. */
  readonly names: readonly string[]
}

/** One top-level declaration of a source file. */
export interface Declared {
  readonly file: string
  readonly name: string
  readonly text: string
  readonly exported: boolean
  /** Its doc comment as written. Empty if there is none. */
  readonly comment: string
  /** The declarations that it refers to, as `file#name`. */
  readonly uses: readonly string[]
  /** Of an interface: its own properties and methods. */
  readonly members: readonly Member[]
  /** The names after `extends`, or of what a type alias stands for. */
  readonly bases: readonly string[]
}

/** A source file: its declarations, and its re-exports as `file#name` or `package#name`. */
interface DeclarationFile {
  readonly declared: ReadonlyMap<string, Declared>
  readonly passedOn: ReadonlyMap<string, string>
}

export type Declarations = ReadonlyMap<string, DeclarationFile>

const printer = ts.createPrinter({ removeComments: true })

const nodesBelow = (node: ts.Node): readonly ts.Node[] => {
  const found: ts.Node[] = []
  const visit = (each: ts.Node) => {
    found.push(each)
    ts.forEachChild(each, visit)
  }
  ts.forEachChild(node, visit)
  return found
}

const commentOf = (node: ts.Node): string => ts.getJSDocCommentsAndTags(node)[0]?.getText() ?? ''

const membersOf = (statement: ts.Statement): readonly Member[] =>
  !ts.isInterfaceDeclaration(statement)
    ? []
    : statement.members.flatMap((member): readonly Member[] => {
        if (member.name === undefined) return []
        const type = ts.isPropertySignature(member) ? member.type : undefined
        return [
          {
            name: member.name.getText(),
            comment: commentOf(member),
            isMethod: ts.isMethodSignature(member) || (type !== undefined && ts.isFunctionTypeNode(type)),
            names:
              type === undefined
                ? []
                : nodesBelow(type)
                    .filter(ts.isIdentifier)
                    .map(({ text }) => text),
          },
        ]
      })

const basesOf = (statement: ts.Statement): readonly string[] => {
  if (ts.isInterfaceDeclaration(statement))
    return (statement.heritageClauses ?? []).flatMap(({ types }) =>
      types.map((type) => type.expression.getText()),
    )
  return ts.isTypeAliasDeclaration(statement) && ts.isTypeReferenceNode(statement.type)
    ? [statement.type.typeName.getText()]
    : []
}

const resolve = (file: string, specifier: string) =>
  specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : specifier

const nameOf = (statement: ts.Statement): readonly string[] => {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.getText())
  const { name } = statement as Partial<ts.DeclarationStatement>
  return name === undefined ? [] : [name.getText()]
}

/** Parses a declaration file. `file` is the source that it was generated from. */
export const readDeclarations = (file: string, text: string): DeclarationFile => {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const imported = new Map<string, string>()
  const passedOn = new Map<string, string>()
  const own = new Set(source.statements.flatMap(nameOf))
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement) && ts.isStringLiteral(statement.moduleSpecifier)) {
      const bindings = statement.importClause?.namedBindings
      const from = resolve(file, statement.moduleSpecifier.text)
      if (bindings !== undefined && ts.isNamedImports(bindings))
        for (const { name, propertyName } of bindings.elements)
          imported.set(name.text, `${from}#${(propertyName ?? name).text}`)
    }
    if (ts.isExportDeclaration(statement) && statement.exportClause !== undefined) {
      const { exportClause, moduleSpecifier } = statement
      if (ts.isNamedExports(exportClause) && moduleSpecifier !== undefined)
        for (const { name, propertyName } of exportClause.elements)
          passedOn.set(
            name.text,
            `${resolve(file, (moduleSpecifier as ts.StringLiteral).text)}#${(propertyName ?? name).text}`,
          )
    }
  }
  const declared = new Map<string, Declared>()
  for (const statement of source.statements) {
    for (const name of nameOf(statement)) {
      const uses = new Set<string>()
      for (const node of nodesBelow(statement)) {
        if (ts.isIdentifier(node) && node.text !== name) {
          const from = imported.get(node.text) ?? (own.has(node.text) ? `${file}#${node.text}` : undefined)
          if (from !== undefined) uses.add(from)
        }
        if (
          ts.isImportTypeNode(node) &&
          ts.isLiteralTypeNode(node.argument) &&
          node.qualifier !== undefined
        ) {
          const specifier = (node.argument.literal as ts.StringLiteral).text
          uses.add(`${resolve(file, specifier)}#${node.qualifier.getText().split('.')[0]}`)
        }
      }
      const printed = printer
        .printNode(ts.EmitHint.Unspecified, statement, source)
        .replace(/^(?:export )?(?:declare )?/, '')
      const former = declared.get(name)
      declared.set(name, {
        file,
        name,
        text: former === undefined ? printed : `${former.text}\n${printed}`,
        exported:
          ts.canHaveModifiers(statement) &&
          (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword),
        comment: former?.comment || commentOf(statement),
        uses: [...new Set([...(former?.uses ?? []), ...uses])],
        members: [...(former?.members ?? []), ...membersOf(statement)],
        bases: basesOf(statement),
      })
    }
  }
  return { declared, passedOn }
}

/** The declarations of all source files that are reachable from the entry points. */
export const declarationsOf = (entries: readonly string[]): Declarations => {
  const { config } = ts.readConfigFile(inPackage('tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, inPackage('.'))
  const program = ts.createProgram(entries.map(inPackage), {
    ...options,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    allowImportingTsExtensions: true,
  })
  const files = new Map<string, DeclarationFile>()
  const root = inPackage('')
  program.emit(
    undefined,
    (_path, text, _mark, _onError, sources) => {
      const [source] = sources ?? []
      if (source === undefined || !source.fileName.startsWith(root)) return
      const file = source.fileName.slice(root.length)
      files.set(file, readDeclarations(file, text))
    },
    undefined,
    true,
  )
  return files
}
