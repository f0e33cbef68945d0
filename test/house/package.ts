import { isBuiltin } from 'node:module'
import { importsOf, packageOf, type SourceText } from './sources.ts'

/** The part of package.json that the laws read. */
export interface Manifest {
  readonly name: string
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
}

const foreignImports = (sources: readonly SourceText[]) =>
  sources.flatMap(importsOf).filter(({ to }) => to === undefined)

/** Imports of packages other than the named ones; `node:*` and the package's own name do not count. */
export const foreign = (sources: readonly SourceText[], allowed: readonly string[]): readonly string[] =>
  foreignImports(sources)
    .filter(({ specifier }) => !allowed.includes(packageOf(specifier)))
    .map(({ from, specifier }) => `${from} → ${specifier}`)

/** Packages that a user must install but that are not declared: neither a dependency nor an optional peer. */
export const untoldPeers = (sources: readonly SourceText[], manifest: Manifest): readonly string[] =>
  foreignImports(sources).flatMap(({ from, specifier }) => {
    const name = packageOf(specifier)
    if (isBuiltin(specifier) || name in manifest.dependencies) return []
    if (!(name in (manifest.peerDependencies ?? {}))) return [`${from} → ${name}: no peer dependency`]
    return manifest.peerDependenciesMeta?.[name]?.optional ? [] : [`${from} → ${name}: not optional`]
  })

/** The settings files that name the published entry points, parsed. */
export interface EntryPoints {
  readonly tsup: Readonly<Record<string, string>>
  readonly paths: Readonly<Record<string, readonly string[]>>
  readonly typedoc: readonly string[]
}

/** Contradictions between the published entry points and the settings that name them. */
export const entryProblems = (
  manifest: Manifest,
  { tsup, paths, typedoc }: EntryPoints,
): readonly string[] => {
  const published = Object.entries(manifest.exports).flatMap(([subpath, target]) =>
    typeof target === 'string'
      ? []
      : [{ subpath, target, name: subpath === '.' ? 'index' : subpath.slice(2) }],
  )
  const problems = published.flatMap(({ subpath, target, name }) => {
    const source = tsup[name]
    if (source === undefined) return [`${subpath}: no tsup entry`]
    const path = paths[`${manifest.name}${subpath.slice(1)}`]
    return [
      ...(target.default === `./dist/${name}.js` ? [] : [`${subpath}: default is ${target.default}`]),
      ...(target.types === `./dist/${name}.d.ts` ? [] : [`${subpath}: types are ${target.types}`]),
      ...(path?.length === 1 && path[0] === `./${source}`
        ? []
        : [`${subpath}: no tsconfig path to ${source}`]),
      ...(typedoc.includes(source) ? [] : [`${subpath}: ${source} is no typedoc entry point`]),
    ]
  })
  const names = published.map(({ name }) => name)
  const sources = Object.values(tsup)
  return [
    ...problems,
    ...Object.keys(tsup)
      .filter((name) => !names.includes(name))
      .map((name) => `${name}: built, not exported`),
    ...typedoc
      .filter((source) => !sources.includes(source))
      .map((source) => `${source}: documented, not built`),
    ...(Object.keys(paths).length === names.length ? [] : ['tsconfig: paths that are not exported']),
  ]
}
