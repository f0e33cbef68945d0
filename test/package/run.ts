/**
 * Tests the package as users get it: packed, installed into an empty folder, and used from there. `npm run
 * test:package`. It needs the registry and leaves no files.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { computed, effects, fewFiles, imports, oneIdentity, shaken } from './bundles.ts'
import { allImported, resolutionNames, runs, sameNames, typed } from './consumers.ts'
import { followed } from './getting-started.ts'
import { recipes } from './module-formats.ts'
import { check, failed, must } from './report.ts'
import { contents, entries, linted, sourceMaps, type Tarball, typesRight } from './tarball.ts'

interface Manifest {
  readonly name: string
  readonly exports: Readonly<Record<string, unknown>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly peerDependencies: Readonly<Record<string, string>>
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const consumers = fileURLToPath(new URL('./consumer', import.meta.url))

/** Packs the package into a folder; `prepack` builds it. */
const pack = async (folder: string): Promise<Tarball> => {
  const printed = await must('npm', ['pack', '--json', '--silent', '--pack-destination', folder], root)
  const [packed] = JSON.parse(printed.slice(printed.indexOf('[\n'))) as {
    filename: string
    files: { path: string }[]
  }[]
  if (packed === undefined) throw new Error('npm pack packed nothing')
  return { path: join(folder, packed.filename), files: packed.files.map(({ path }) => path) }
}

const install = async (folder: string, tarball: Tarball) => {
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true }))
  const packages = [
    tarball.path,
    '@node-rs/argon2',
    '@opentelemetry/api',
    'csv-parse',
    'fast-check',
    'nodemailer',
    'rate-limiter-flexible',
  ]
  await must('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...packages], folder)
  await cp(consumers, folder, { recursive: true })
}

const inspect = async (folder: string) => {
  const tarball = await pack(folder)
  await install(folder, tarball)
  const packageFolder = join(folder, 'node_modules', 'ccass-2fa')
  const manifest = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as Manifest
  const subpaths = Object.keys(manifest.exports).filter((subpath) => subpath !== './package.json')
  const specifiers = subpaths.map((subpath) => `${manifest.name}${subpath.slice(1)}`)
  const names = subpaths.map((subpath) => (subpath === '.' ? 'index' : subpath.slice(2)))
  const installed = { folder, packageFolder, files: tarball.files }

  await check('the tarball holds what is published, and nothing else', () => contents(tarball))
  await check('every entry point is in it', () => entries(tarball, manifest.exports))
  await check('source maps lead to sources of the package', () => sourceMaps(tarball, packageFolder))
  await check('publint --strict', () => linted(tarball))
  await check('are the types wrong?', () => typesRight(tarball))

  await check('the consumers import every entry point', () => allImported(consumers, specifiers))
  for (const resolution of resolutionNames)
    await check(`types, resolved as ${resolution}`, () => typed(folder, resolution))
  await check('declared values are there', () => sameNames(folder, specifiers))
  await check('runs from ESM', () => runs(folder, 'out-nodenext/login.mjs'))
  await check('runs from CommonJS', () =>
    (process.features as { require_module?: boolean }).require_module
      ? runs(folder, 'require.cjs')
      : { note: `not tried: Node ${process.version} does not require() ESM`, problems: [] },
  )

  for (const manager of ['npm', 'pnpm'] as const)
    await check(`docs/getting-started.md, with ${manager}`, () =>
      followed(packageFolder, tarball.path, manager),
    )

  await check('docs/modules.md: TypeScript and Jest', () => recipes(packageFolder, tarball.path))

  await check('few files', () => fewFiles(installed, names))
  await check('built imports', () => imports(installed, manifest, names))
  await check('one Session class over all entry points', () => oneIdentity(installed))
  await check('importing does nothing', () => effects(installed, specifiers))
  await check('what is computed at import can be left out', () => computed(installed, names))
  await check('parseUserId alone, bundled', () =>
    shaken(installed, 'parseUserId', 'ccass-2fa/rules', ['zod', 'date-fns', '@noble/hashes']),
  )
  await check('reachesLockout alone, bundled', () =>
    shaken(installed, 'reachesLockout', 'ccass-2fa/rules', ['date-fns', '@noble/hashes']),
  )
  await check('everything, bundled', () => shaken(installed, 'createAuthentication', 'ccass-2fa', []))
}

const folder = await mkdtemp(join(tmpdir(), 'ccass-2fa-package-'))
try {
  await inspect(folder)
} finally {
  await rm(folder, { recursive: true, force: true })
}
if (failed() > 0) {
  console.log(`\n${failed()} check(s) failed`)
  process.exitCode = 1
}
