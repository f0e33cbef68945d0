/**
 * Tries the packed package on every supported runtime: `npm run test:runtimes`. The runtimes come from npm
 * (`test/runtimes/package.json`, all versions pinned); Chromium and PostgreSQL are Debian's. `-- --write`
 * writes the table of `docs/storage.md`; without it, the outcomes must equal that table.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BuildOptions, build } from 'esbuild'
import { chromium } from 'playwright-core'
import { startPostgres } from '../peers/support/postgres.ts'
import { postgresProgram } from '../peers/support/programs.ts'
import { type Result, tableOf } from './table.ts'
import type { Outcome } from './trial.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const here = fileURLToPath(new URL('.', import.meta.url))
const installed = (path: string) => join(here, 'node_modules', path)
const browser = '/usr/bin/chromium'
const clients = ['@libsql/client', '@node-rs/argon2', 'csv-parse', 'fast-check', 'libsql', 'pg', 'postgres']

const runProgram = (
  command: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
): string =>
  execFileSync(command, [...args], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })

/** The versions to which the repository's tests are pinned. */
const pinned = (name: string): string => {
  const path = join(root, 'node_modules', name, 'package.json')
  return `${name}@${(JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version}`
}

/** Packs the built package, and installs it with the clients of its stores, as a user would. */
const install = (folder: string): void => {
  const [tarball = ''] = runProgram(
    'npm',
    ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder],
    root,
  )
    .trim()
    .split('\n')
    .slice(-1)
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'trial', private: true, type: 'module' }),
  )
  runProgram(
    'npm',
    ['install', '--no-audit', '--no-fund', '--loglevel=error', join(folder, tarball), ...clients.map(pinned)],
    folder,
  )
  for (const file of ['trial', 'on-node', 'on-bun', 'on-deno', 'on-workerd', 'in-browser', 'browser-assert'])
    cpSync(join(here, `${file}.ts`), join(folder, `${file}.ts`))
}

const built = async (folder: string, entry: string, options: BuildOptions): Promise<string> => {
  const outfile = join(folder, `${entry}.mjs`)
  await build({
    entryPoints: [join(folder, `${entry}.ts`)],
    absWorkingDir: folder,
    outfile,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'error',
    ...options,
  })
  return outfile
}

/** The outcomes that a program printed last. */
const outcomesOf = (printed: string): readonly Outcome[] =>
  JSON.parse(printed.trim().split('\n').at(-1) ?? '[]') as Outcome[]

type Trial = (folder: string, url: string) => Promise<Result>

const onNode =
  (major: number): Trial =>
  async (folder, url) => {
    const program = installed(`node${major}/bin/node`)
    const script = await built(folder, 'on-node', { packages: 'external', platform: 'node' })
    const version = runProgram(program, ['--version'], folder).trim().slice(1)
    const outcomes = outcomesOf(runProgram(program, [script], folder, { POSTGRES_URL: url }))
    return { runtime: 'Node', version, outcomes }
  }

const onBun: Trial = async (folder, url) => {
  const program = installed('@oven/bun-linux-x64/bin/bun')
  const script = await built(folder, 'on-bun', { packages: 'external', platform: 'node' })
  const version = runProgram(program, ['--version'], folder).trim()
  return {
    runtime: 'Bun',
    version,
    outcomes: outcomesOf(runProgram(program, [script], folder, { POSTGRES_URL: url })),
  }
}

const onDeno: Trial = async (folder, url) => {
  const program = installed('@deno/linux-x64-glibc/deno')
  const script = await built(folder, 'on-deno', { packages: 'external', platform: 'node' })
  const version = runProgram(program, ['--version'], folder).split(' ')[1] ?? ''
  const env = { POSTGRES_URL: url, DENO_NO_UPDATE_CHECK: '1', DENO_DIR: join(folder, 'deno') }
  const printed = runProgram(
    program,
    ['run', '--allow-all', '--node-modules-dir=manual', script],
    folder,
    env,
  )
  return { runtime: 'Deno', version, outcomes: outcomesOf(printed) }
}

const onWorkerd: Trial = async (folder) => {
  const script = await built(folder, 'on-workerd', {
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['workerd', 'worker', 'import'],
    external: ['node:*'],
  })
  const { version } = JSON.parse(readFileSync(installed('workerd/package.json'), 'utf8')) as {
    version: string
  }
  // Miniflare needs a newer Node than the one that may run this script.
  const printed = runProgram(installed('node24/bin/node'), [join(here, 'worker.mjs'), script], folder)
  return { runtime: 'workerd', version, outcomes: outcomesOf(printed) }
}

const inChromium: Trial = async (folder) => {
  const script = await built(folder, 'in-browser', {
    platform: 'browser',
    define: { global: 'globalThis', 'process.env.NODE_DEBUG': 'undefined' },
    alias: { 'node:assert/strict': join(folder, 'browser-assert.ts'), 'node:util': installed('util') },
    nodePaths: [join(here, 'node_modules')],
    inject: [join(here, 'browser-process.mjs')],
  })
  // WebCrypto exists only on secure origins; localhost is one.
  const page = `<!doctype html><script type="module">${readFileSync(script, 'utf8').replaceAll('</script', '<\\/script')}</script>`
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(page))
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  const address = server.address()
  const opened = await chromium.launch({ executablePath: browser, args: ['--no-sandbox', '--disable-gpu'] })
  try {
    const tab = await opened.newPage()
    const complaints: string[] = []
    tab.on('pageerror', (error) => complaints.push(String(error)))
    await tab.goto(`http://localhost:${typeof address === 'object' ? address?.port : ''}`)
    const outcomes = await tab.evaluate(() =>
      (globalThis as unknown as { trial: () => Promise<Outcome[]> }).trial(),
    )
    if (complaints.length > 0) throw new Error(complaints.join('\n'))
    // Debian's version, which no manifest pins, so the table does not name it.
    console.log(`\nChromium ${opened.version()}`)
    return { runtime: 'Chromium', version: '(Debian)', outcomes }
  } finally {
    await opened.close()
    server.close()
  }
}

const trials: readonly Trial[] = [...[20, 22, 24, 26].map(onNode), onBun, onDeno, onWorkerd, inChromium]

const missing = [
  [installed('node20'), 'the runtimes: npm ci --ignore-scripts --prefix test/runtimes'],
  [browser, 'Chromium (Debian: chromium)'],
  ...(isAbsolute(postgresProgram('postgres')) ? [] : [['', 'PostgreSQL (Debian: postgresql)']]),
].filter(([path = '']) => !existsSync(path))
if (missing.length > 0) throw new Error(`not here: ${missing.map(([, what]) => what).join('; ')}`)

const folder = mkdtempSync(join(tmpdir(), 'ccass-2fa-runtimes-'))
const server = await startPostgres()
const results: Result[] = []
try {
  install(folder)
  for (const each of trials) {
    const begun = performance.now()
    const result = await each(folder, await server.database())
    results.push(result)
    const seconds = ((performance.now() - begun) / 1_000).toFixed(1)
    console.log(`\n${result.runtime} ${result.version} (${seconds} s)`)
    for (const { what, passed, of, failures } of result.outcomes) {
      console.log(`  ${passed === of ? 'ok    ' : 'FAILED'}  ${what}: ${passed} of ${of}`)
      for (const failure of failures) console.log(`          ${failure}`)
    }
  }
} finally {
  await server.close()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}

const failed = results.flatMap(({ outcomes }) => outcomes).filter(({ passed, of }) => passed < of || of === 0)
const page = join(root, 'docs/storage.md')
const text = readFileSync(page, 'utf8')
const region = /(<!-- runtimes -->\n)[\s\S]*?(<!-- \/runtimes -->)/
const wanted = text.replace(region, (_, start: string, end: string) => `${start}${tableOf(results)}${end}`)
if (!region.test(text)) throw new Error('docs/storage.md has no place for the table')
if (process.argv.includes('--write')) writeFileSync(page, wanted)
else if (wanted !== text) {
  console.log('\nFAILED  docs/storage.md says otherwise: npm run test:runtimes -- --write')
  process.exitCode = 1
}
if (failed.length > 0) process.exitCode = 1
console.log(`\n${results.length} runtimes, ${failed.length} failed trials`)
