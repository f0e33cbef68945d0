/** Checks the contents of the tarball, and runs publint and are-the-types-wrong on it. */
import { readFile } from 'node:fs/promises'
import { posix } from 'node:path'
import { checkPackage, createPackageFromTarballData, type Problem } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import type { Finding } from './report.ts'

/** A packed tarball. */
export interface Tarball {
  readonly path: string
  /** Its paths, without `package/`. */
  readonly files: readonly string[]
}

const needed = [
  'package.json',
  'README.md',
  'LICENSE',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'vectors/schema.json',
  'docs/getting-started.md',
  'examples/first-sign-in.ts',
  'dist/index.js',
  'dist/index.d.ts',
]
/** The pages and examples, so that the README's links work in `node_modules`. */
const pages = /^(?:docs\/(?:[\w-]+\/)*[\w-]+\.(?:md|svg)|examples\/(?:[\w-]+\/)*[\w-]+\.(?:ts|md|csv|css))$/
const built = /^dist\/[\w-]+\.(?:js|js\.map|d\.ts)$/
const vectors = /^vectors\/[a-z-]+\.json$/

/** Checks that it contains exactly what is published. */
export const contents = ({ files }: Tarball): Finding => ({
  note: `${files.length} files`,
  problems: [
    ...needed.filter((file) => !files.includes(file)).map((file) => `${file} is missing`),
    ...files
      .filter((file) => !needed.includes(file) && ![built, pages, vectors].some((kind) => kind.test(file)))
      .map((file) => `${file} has no business in it`),
  ],
})

/** Checks that its source maps refer only to the package's sources, by relative paths. */
export const sourceMaps = async ({ files }: Tarball, installed: string): Promise<Finding> => {
  const maps = files.filter((file) => file.endsWith('.map'))
  const sources = await Promise.all(
    maps.map(async (map) => {
      const { sources: paths } = JSON.parse(await readFile(`${installed}/${map}`, 'utf8')) as {
        sources: string[]
      }
      return paths
        .filter((path) => !posix.join(posix.dirname(map), path).startsWith('src/'))
        .map((path) => `${map}: ${path}`)
    }),
  )
  return { note: `${maps.length} maps`, problems: sources.flat() }
}

/** Checks that every entry point in package.json exists, with its types. */
export const entries = ({ files }: Tarball, exported: Readonly<Record<string, unknown>>): Finding => {
  const targets = Object.values(exported).flatMap((target) =>
    typeof target === 'object' && target !== null ? Object.values(target) : [target],
  )
  return {
    note: Object.keys(exported).join(' '),
    problems: targets
      .filter((target) => typeof target !== 'string' || !files.includes(target.replace('./', '')))
      .map((target) => `${target} is not in it`),
  }
}

/** Runs `publint --strict`. */
export const linted = async ({ path }: Tarball): Promise<Finding> => {
  const data = await readFile(path)
  const tarball = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength)
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true })
  return {
    problems: messages.map((message) => `${message.type} ${message.code}: ${formatMessage(message, pkg)}`),
  }
}

/** The only problem of an ESM-only package: `node16` reports `require`, which Node now allows. */
const ofEsmOnly = (problem: Problem) =>
  problem.kind === 'CJSResolvesToESM' && problem.resolutionKind === 'node16-cjs'

/** Runs are-the-types-wrong: every resolution except `require` under `node16` must be right. */
export const typesRight = async ({ path }: Tarball): Promise<Finding> => {
  const result = await checkPackage(createPackageFromTarballData(new Uint8Array(await readFile(path))))
  if (result.types === false) return { problems: ['it has no types'] }
  const ignored = result.problems.filter(ofEsmOnly)
  const names = [...new Set(ignored.map(({ kind }) => kind))].sort().join(', ')
  return {
    note:
      ignored.length === 0
        ? 'nothing ignored'
        : `ignored, for an ESM-only package: ${names} (${ignored.length})`,
    problems: result.problems
      .filter((problem) => !ofEsmOnly(problem))
      .map((problem) => JSON.stringify(problem)),
  }
}
