/** Consumers of the installed package: their types are checked under each resolution, and they run. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Finding } from './report.ts'
import { must, run } from './report.ts'

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

/** Ways in which TypeScript finds a package. `require` of ESM is none of `node16`. */
const resolutions = {
  node16: { options: { module: 'Node16', moduleResolution: 'Node16' }, include: ['*.mts'] },
  nodenext: { options: { module: 'NodeNext', moduleResolution: 'NodeNext' }, include: ['*.mts', '*.cts'] },
  bundler: { options: { module: 'ESNext', moduleResolution: 'Bundler' }, include: ['*.mts'] },
}

/** The ways in which types are checked. */
export const resolutionNames = Object.keys(resolutions) as (keyof typeof resolutions)[]

/** Errors that stand in declarations of others are theirs: they are told, and no failure of ours. */
const isForeign = (line: string) =>
  line.includes('node_modules/') && !line.includes('node_modules/ccass-2fa/')

/** Checks the consumers' types, declarations of libraries included; what compiles goes to `out`. */
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

/** That some consumer imports each entry point: what is not imported is not checked. */
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

/** Runs a consumer to its end; it prints what it did. */
export const runs = async (folder: string, script: string): Promise<Finding> => {
  const stdout = await must(process.execPath, [script], folder)
  return { note: stdout.trim(), problems: [] }
}
