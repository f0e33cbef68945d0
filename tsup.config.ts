import { defineConfig, type Options } from 'tsup'
import ts from 'typescript'

type Plugin = NonNullable<Options['plugins']>[number]

/** Whether an initialiser does more, when the module is loaded, than name, list or define things. */
const isWork = (node: ts.Node): boolean => {
  if (ts.isFunctionLike(node) || ts.isClassLike(node)) return false
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) return true
  if (ts.isSpreadElement(node) || ts.isPropertyAccessExpression(node)) return true
  return ts.forEachChild(node, isWork) ?? false
}

const pure = (expression: string) => `/* @__PURE__ */ (() => (${expression}))()`

/** A declaration at a module's top, so that it can be left out: `{ a, b } = f()` is taken apart for it. */
const marked = ({ name, initializer }: ts.VariableDeclaration): string | undefined => {
  if (initializer === undefined || !isWork(initializer)) return undefined
  const value = pure(initializer.getText())
  if (ts.isIdentifier(name)) return `${name.text} = ${value}`
  if (!ts.isObjectBindingPattern(name)) return undefined
  const whole = `$${name.elements.map((element) => element.name.getText()).join('$')}`
  const parts = name.elements.map((element) => {
    if (element.dotDotDotToken || element.initializer || !ts.isIdentifier(element.name)) return undefined
    return `${element.name.text} = ${pure(`${whole}.${(element.propertyName ?? element.name).getText()}`)}`
  })
  return parts.includes(undefined) ? undefined : [`${whole} = ${value}`, ...parts].join(', ')
}

/**
 * Lets bundlers leave out what nobody uses. They keep every table and schema that calls make at load, for
 * a call might do something. Here none does: no module of the package acts by being loaded (a law of the
 * house, and tried on the packed tarball). So each such value is marked as free to go. Lines stay as they are.
 */
const markInitialisersPure: Plugin = {
  name: 'mark-initialisers-pure',
  renderChunk: (code, { path, map }) => {
    if (!path.endsWith('.js')) return undefined
    const source = ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS)
    const declarations = source.statements
      .filter(ts.isVariableStatement)
      .flatMap(({ declarationList }) => declarationList.declarations)
    const free = declarations.reduceRight(
      (text, node) =>
        text.slice(0, node.getStart(source)) + (marked(node) ?? node.getText()) + text.slice(node.end),
      code,
    )
    return { code: free, map: map ?? null }
  },
}

/** One entry per published subpath; what they share is split out, so that a class has one identity. */
export default defineConfig({
  entry: {
    index: 'src/index.ts',
    memory: 'src/adapters/memory.ts',
    sqlite: 'src/adapters/sqlite.ts',
    argon2: 'src/adapters/argon2.ts',
    'web-crypto': 'src/adapters/web-crypto.ts',
    'capture-mailer': 'src/adapters/capture-mailer.ts',
    'system-clock': 'src/adapters/system-clock.ts',
    testing: 'src/testing/index.ts',
  },
  format: 'esm',
  target: 'es2022',
  platform: 'neutral',
  removeNodeProtocol: false,
  external: [/^node:/],
  splitting: true,
  sourcemap: true,
  clean: true,
  treeshake: true,
  plugins: [markInitialisersPure],
  // tsup 8.5 passes `baseUrl` to TypeScript 6, which calls it deprecated.
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
})
