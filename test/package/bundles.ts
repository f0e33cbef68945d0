/** The imports of the built code, the effects of importing it, and what a bundler keeps of it. */
import { readFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { resolve } from 'node:path'
import { build, type Metafile } from 'esbuild'
import type { Finding } from './report.ts'

/** A consumer's folder, with the package installed. */
interface Installed {
  readonly folder: string
  readonly packageFolder: string
  readonly files: readonly string[]
}

const bundle = async (folder: string, contents: string, minify = false) => {
  const { metafile, outputFiles } = await build({
    stdin: { contents, resolveDir: folder },
    absWorkingDir: folder,
    outfile: 'out.js',
    bundle: true,
    format: 'esm',
    platform: 'browser',
    metafile: true,
    write: false,
    minify,
    // Only the testing kit, the hasher, the mailer, lists and limits need what a browser lacks.
    external: ['@node-rs/argon2', '@opentelemetry/api', 'nodemailer', 'rate-limiter-flexible', 'node:*'],
    logLevel: 'silent',
  })
  const [output] = Object.values(metafile.outputs)
  return { bytes: outputFiles[0]?.contents.length ?? 0, inputs: output?.inputs ?? {} }
}

/** The bytes in a bundle, by package. */
const byPackage = (inputs: Metafile['outputs'][string]['inputs']): ReadonlyMap<string, number> => {
  const bytes = new Map<string, number>()
  for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
    const name = /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? 'consumer'
    if (bytesInOutput > 0) bytes.set(name, (bytes.get(name) ?? 0) + bytesInOutput)
  }
  return bytes
}

/** Every external import of an entry and its shared chunks, and the files of these. */
const graphOf = async ({ folder, packageFolder }: Installed, entry: string) => {
  const { metafile } = await build({
    entryPoints: [`${packageFolder}/dist/${entry}.js`],
    absWorkingDir: folder,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    metafile: true,
    write: false,
    outfile: 'out.js',
    logLevel: 'silent',
  })
  const foreign = [...new Set(Object.values(metafile.inputs).flatMap((input) => input.imports))]
    .filter(({ external }) => external)
    .map(({ path }) => path)
  return { foreign, files: Object.keys(metafile.inputs).length }
}

/**
 * One file per module (250 files) took twice as long to import as a dozen files. Only the testing kit, which no
 * application imports, has more than 40: each part that it shares with another entry is a file.
 */
const maxFiles = 45

/** Checks that importing an entry reads few of our files. */
export const fewFiles = async (installed: Installed, names: readonly string[]): Promise<Finding> => {
  const counts = await Promise.all(
    names.map(async (name) => ({ name, files: (await graphOf(installed, name)).files })),
  )
  return {
    note: counts.map(({ name, files }) => `${name} ${files}`).join(', '),
    problems: counts
      .filter(({ files }) => files > maxFiles)
      .map(({ name, files }) => `${name} is ${files} files, more than ${maxFiles}`),
  }
}

/** The entries that need Node's own modules: a test's assertions, a mailer's sockets, a list's files. */
const onNode: readonly string[] = ['testing', 'smtp', 'password-list', 'node-crypto', 'scrypt']

/** Checks that only these need Node, and that the core imports only its dependencies. */
export const imports = async (
  installed: Installed,
  manifest: Readonly<Record<'dependencies' | 'peerDependencies', Readonly<Record<string, string>>>>,
  names: readonly string[],
): Promise<Finding> => {
  const problems: string[] = []
  for (const name of names) {
    const known = { ...manifest.dependencies, ...(name === 'index' ? {} : manifest.peerDependencies) }
    for (const specifier of (await graphOf(installed, name)).foreign) {
      const [scope = '', rest = ''] = specifier.split('/')
      const of = specifier.startsWith('@') ? `${scope}/${rest}` : scope
      const builtin = isBuiltin(specifier)
      if (builtin ? !onNode.includes(name) : !(of in known)) problems.push(`${name} imports ${specifier}`)
    }
  }
  return {
    note: 'no node: module outside the testing kit, SMTP, lists and Node’s own crypto, nothing that is not named',
    problems,
  }
}

/** Checks that there is one session class, regardless of the entry point. */
export const oneIdentity = async ({ packageFolder, files }: Installed): Promise<Finding> => {
  const scripts = files.filter((file) => file.endsWith('.js'))
  const texts = await Promise.all(scripts.map((file) => readFile(`${packageFolder}/${file}`, 'utf8')))
  const holders = scripts.filter((_, i) => /\bSession = class\b|\bclass Session\b/.test(texts[i] ?? ''))
  return {
    note: holders.join(', '),
    problems: holders.length === 1 ? [] : [`Session is defined in ${holders.length} files`],
  }
}

/** Checks that importing an entry point only for its effects leaves an empty bundle. */
export const effects = async ({ folder }: Installed, specifiers: readonly string[]): Promise<Finding> => {
  const { bytes } = await bundle(folder, specifiers.map((specifier) => `import '${specifier}'`).join('\n'))
  return {
    note: `${specifiers.length} entry points, ${bytes} bytes left`,
    problems: bytes === 0 ? [] : ['not shaken off'],
  }
}

/**
 * Checks that a bundler can drop each statement of the built files separately. The bundler is told here that
 * the files have effects, as it must assume for a file of which something is used.
 */
export const computed = async (
  { folder, packageFolder }: Installed,
  names: readonly string[],
): Promise<Finding> => {
  const { outputFiles } = await build({
    stdin: {
      contents: names.map((name) => `import '${packageFolder}/dist/${name}.js'`).join('\n'),
      resolveDir: folder,
    },
    absWorkingDir: folder,
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    write: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'with-effects',
        setup: ({ onResolve }) => {
          onResolve({ filter: /^[./]/ }, ({ path, resolveDir }) => ({
            path: resolve(resolveDir, path),
            sideEffects: true,
          }))
          onResolve({ filter: /^[^./]/ }, ({ path }) => ({ path, external: true }))
        },
      },
    ],
  })
  const left = (outputFiles[0]?.text ?? '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^(?:import\b|} from |\/\/)/.test(line))
  return { note: `${names.length} entries`, problems: left.filter((line) => !line.startsWith(' ')) }
}

const kB = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`

/**
 * Checks what a bundle contains that uses one function, and that it lacks what the function does not need.
 * `@date-fns/tz` and `otpauth` are exempt, because neither declares `sideEffects`.
 */
export const shaken = async (
  { folder }: Installed,
  name: string,
  specifier: string,
  without: readonly string[],
): Promise<Finding> => {
  const text = `import { ${name} } from '${specifier}'\nglobalThis.used = ${name}`
  const { bytes, inputs } = await bundle(folder, text)
  const { bytes: minified } = await bundle(folder, text, true)
  const parts = byPackage(inputs)
  const shares = [...parts].sort(([, a], [, b]) => b - a).map(([part, size]) => `${part} ${kB(size)}`)
  return {
    note: `${kB(bytes)}, minified ${kB(minified)} (${shares.join(', ')})`,
    problems: without
      .filter((unwanted) => parts.has(unwanted))
      .map((unwanted) => `${unwanted} is in the bundle`),
  }
}
