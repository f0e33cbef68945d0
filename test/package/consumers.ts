/** Consumers of the installed package: their types are checked under each resolution, and they run. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import ts from 'typescript'
import { type Finding, must, run } from './report.ts'

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')

const strict = {
  target: 'ES2023',
  lib: ['ES2023', 'DOM'],
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
}

/** TypeScript's module resolutions. `node16` does not allow `require` of ESM. */
const resolutions = {
  node16: { options: { module: 'Node16', moduleResolution: 'Node16' }, include: ['*.mts'] },
  nodenext: { options: { module: 'NodeNext', moduleResolution: 'NodeNext' }, include: ['*.mts', '*.cts'] },
  bundler: { options: { module: 'ESNext', moduleResolution: 'Bundler' }, include: ['*.mts'] },
}

/** The ways in which types are checked. */
export const resolutionNames = Object.keys(resolutions) as (keyof typeof resolutions)[]

/** Errors in other packages' declarations are reported, but are not failures of ours. */
const isForeign = (line: string) =>
  line.includes('node_modules/') && !line.includes('node_modules/ccass-2fa/')

/** Checks the consumers' types, including library declarations; compiled files go to `out`. */
export const typed = async (folder: string, resolution: keyof typeof resolutions): Promise<Finding> => {
  const { options, include } = resolutions[resolution]
  const config = join(folder, `tsconfig.${resolution}.json`)
  const outDir = `out-${resolution}`
  await writeFile(config, JSON.stringify({ compilerOptions: { ...strict, ...options, outDir }, include }))
  const { code, stdout } = await run(process.execPath, [tsc, '-p', config, '--pretty', 'false'], folder)
  const errors = stdout.split('\n').filter((line) => /error TS\d+/.test(line))
  const foreign = errors.filter(isForeign)
  const others = [...new Set(foreign.map((line) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(line)?.[1]))]
  const ours = errors.filter((line) => !isForeign(line))
  return {
    note:
      others.length === 0
        ? 'strict, without skipLibCheck'
        : `strict; not ours: declarations of ${others.join(', ')}`,
    problems: code !== 0 && errors.length === 0 ? [stdout] : ours,
  }
}

/** Checks that a consumer imports each entry point, because only imported ones are checked. */
export const allImported = async (sources: string, specifiers: readonly string[]): Promise<Finding> => {
  const files = await readdir(sources)
  const texts = await Promise.all(
    files.map(async (file) => ({ file, text: await readFile(join(sources, file), 'utf8') })),
  )
  const problems = ['.mts', '.cts', '.cjs'].flatMap((ending) =>
    specifiers
      .filter(
        (specifier) =>
          !texts.some(({ file, text }) => file.endsWith(ending) && text.includes(`'${specifier}'`)),
      )
      .map((specifier) => `no consumer *${ending} has ${specifier}`),
  )
  return { problems, note: `${files.length} consumers` }
}

/** The run-time names of a module, according to its declarations. */
const declaredNames = (folder: string, specifiers: readonly string[]) => {
  const entry = join(folder, 'declared.mts')
  const host = ts.createCompilerHost({})
  const text = specifiers.map((specifier) => `import '${specifier}'`).join('\n')
  const original = host.getSourceFile
  host.getSourceFile = (path, ...rest) =>
    path === entry ? ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true) : original(path, ...rest)
  const { NodeNext: module } = ts.ModuleKind
  const { NodeNext: moduleResolution } = ts.ModuleResolutionKind
  const options = { module, moduleResolution, target: ts.ScriptTarget.ES2023, types: [], noEmit: true }
  const program = ts.createProgram([entry], options, host)
  const checker = program.getTypeChecker()
  const imports = program.getSourceFile(entry)?.statements.filter(ts.isImportDeclaration) ?? []
  return imports.map(({ moduleSpecifier }) => {
    const module = checker.getSymbolAtLocation(moduleSpecifier)
    const exported = module === undefined ? [] : checker.getExportsOfModule(module)
    return exported
      .filter((symbol) => {
        const typeOnly = symbol.declarations?.some(
          (node) => ts.isExportSpecifier(node) && (node.isTypeOnly || node.parent.parent.isTypeOnly),
        )
        const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
        return !typeOnly && (target.flags & ts.SymbolFlags.Value) !== 0
      })
      .map(({ name }) => name)
  })
}

/** Checks that declarations and modules have the same run-time names. */
export const sameNames = async (folder: string, specifiers: readonly string[]): Promise<Finding> => {
  const script = `console.log(JSON.stringify(await Promise.all(${JSON.stringify(specifiers)}.map(
    async (specifier) => Object.keys(await import(specifier))))))`
  const printed = await must(process.execPath, ['--input-type=module', '--eval', script], folder)
  const present = JSON.parse(printed) as string[][]
  const declared = declaredNames(folder, specifiers)
  const problems = specifiers.flatMap((specifier, i) => {
    const [there, said] = [present[i] ?? [], declared[i] ?? []]
    return [
      ...said
        .filter((name) => !there.includes(name))
        .map((name) => `${specifier}: ${name} is declared, not there`),
      ...there.filter((name) => !said.includes(name)).map((name) => `${specifier}: ${name} is not declared`),
    ]
  })
  return { note: `${present.flat().length} values`, problems }
}

/** Runs a consumer, which prints what it did. */
export const runs = async (folder: string, script: string): Promise<Finding> => {
  const stdout = await must(process.execPath, [script], folder)
  return { note: stdout.trim(), problems: [] }
}
