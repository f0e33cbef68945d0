/**
 * The refusals of the library, read from its source files: what each means, and which operations return it.
 */
import ts from 'typescript'
import { inPackage, readTree, type SourceText } from './tree.ts'

/** One refusal code, as its union documents it. */
export interface DocumentedRefusal {
  readonly code: string
  readonly meaning: string
  /** Rule numbers. Empty if the rule depends on the case. */
  readonly rules: readonly string[]
  /** Its facts, besides `code` and `rule`. */
  readonly facts: readonly string[]
}

/** An operation of the service, e.g. `signIn.begin`, and the codes it returns. */
export interface Operation {
  readonly name: string
  readonly codes: readonly string[]
  /** The codes that its doc comment names in `@returns`, once for each signature that has one. */
  readonly documented: readonly (readonly string[])[]
}

const literalsOf = (node: ts.TypeNode): readonly string[] => {
  if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)) return [node.literal.text]
  return ts.isUnionTypeNode(node) ? node.types.flatMap(literalsOf) : []
}

const commentBefore = (text: string, node: ts.Node): string => {
  const ranges = ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []
  const bar = text.lastIndexOf('|', node.getStart())
  const beforeBar = text.slice(0, bar).trimEnd()
  const comment =
    ranges.length > 0
      ? text.slice(ranges.at(-1)?.pos, ranges.at(-1)?.end)
      : beforeBar.endsWith('*/')
        ? beforeBar.slice(beforeBar.lastIndexOf('/**'))
        : ''
  return (
    comment
      .replace(/^\/\*\*|\*\/$/g, '')
      .replace(/^\s*\*/gm, '')
      // The text ends at the first tag.
      .replace(/^\s*@\w[\s\S]*/m, '')
      .replace(/\s+/g, ' ')
      .trim()
  )
}

/** Every member of a union that has a literal `code` and a `rule`, with its comment. */
export const refusalsIn = ({ path, text }: SourceText): readonly DocumentedRefusal[] => {
  const found: DocumentedRefusal[] = []
  const visit = (node: ts.Node) => {
    if (ts.isTypeLiteralNode(node) || ts.isInterfaceDeclaration(node)) {
      const members = node.members.filter(ts.isPropertySignature)
      const typeOf = (name: string) => members.find((member) => member.name.getText() === name)?.type
      const [code, rule] = [typeOf('code'), typeOf('rule')]
      const [only, ...others] = code === undefined ? [] : literalsOf(code)
      if (only !== undefined && others.length === 0 && rule !== undefined)
        found.push({
          code: only,
          meaning: commentBefore(text, node),
          rules: literalsOf(rule),
          facts: members
            .map((member) => member.name.getText())
            .filter((name) => !['code', 'rule'].includes(name)),
        })
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true))
  return found
}

/**
 * The documentation of the given codes, in this order: from the unions in `refusals.ts` of each room, or else
 * from the malformed input of the kernel. Throws for a code without documentation.
 */
export const documentedRefusals = (codes: readonly string[]): readonly DocumentedRefusal[] => {
  const files = readTree('src', '.ts').filter(({ path }) =>
    /\/(?:refusals|refusal|malformed-input)\.ts$/.test(path),
  )
  const late = ({ path }: SourceText) => path.startsWith('src/kernel/')
  const all = [...files.filter((file) => !late(file)), ...files.filter(late)].flatMap(refusalsIn)
  return codes.map((code) => {
    const found = all.filter((refusal) => refusal.code === code && refusal.meaning !== '')
    const best = found.find(({ rules }) => rules.length > 0) ?? found[0]
    if (best === undefined) throw new Error(`no union documents the refusal ${code}`)
    return best
  })
}

const codesOfType = (checker: ts.TypeChecker, type: ts.Type): readonly string[] =>
  (type.isUnion() ? type.types : [type]).flatMap((member) => {
    const code = member.getProperty('code')
    const value = code === undefined ? undefined : checker.getTypeOfSymbol(code)
    const parts = value === undefined ? [] : value.isUnion() ? value.types : [value]
    return parts.flatMap((part) => (part.isStringLiteral() ? [part.value] : []))
  })

/** Every operation of `Authentication` with the codes of its error type, and those in its doc comment. */
export const operationsOf = (known: readonly string[]): readonly Operation[] => {
  const { config } = ts.readConfigFile(inPackage('tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, inPackage('.'))
  const program = ts.createProgram([inPackage('src/authentication.ts')], { ...options, types: [] })
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(inPackage('src/authentication.ts'))
  const service = source?.statements.find(
    (node): node is ts.InterfaceDeclaration =>
      ts.isInterfaceDeclaration(node) && node.name.text === 'Authentication',
  )
  if (service === undefined) throw new Error('src/authentication.ts has no interface Authentication')
  const operations: Operation[] = []
  const visit = (type: ts.Type, name: string) => {
    for (const symbol of type.getProperties()) {
      const member = checker.getTypeOfSymbol(symbol)
      const [signature] = member.getCallSignatures()
      const own = name === '' ? symbol.name : `${name}.${symbol.name}`
      if (signature === undefined) {
        if (name === '' && symbol.name !== 'policy') visit(member, own)
        continue
      }
      const result = signature.getReturnType()
      // The arguments of the class itself, not of an alias for it.
      const isReference = (result as ts.ObjectType).objectFlags & ts.ObjectFlags.Reference
      const error = isReference
        ? checker.getTypeArguments(result as ts.TypeReference)
        : (result.aliasTypeArguments ?? [])
      const codes = error[1] === undefined ? [] : codesOfType(checker, error[1])
      const documented = symbol
        .getJsDocTags(checker)
        .filter((tag) => tag.name === 'returns')
        .map((tag) => [...ts.displayPartsToString(tag.text).matchAll(/`([a-z-]+)`/g)])
        .map((words) => words.flatMap(([, code = '']) => (known.includes(code) ? [code] : [])))
      operations.push({ name: own, codes: [...new Set(codes)], documented })
    }
  }
  visit(checker.getTypeAtLocation(service), '')
  return operations
}
