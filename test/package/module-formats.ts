/** Follows docs/modules.md as a reader does: compiles and runs the files of the packed page. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Finding, must, run } from './report.ts'

/** The files on a page: code blocks whose info string names one, e.g. `json tsconfig.json`. */
export const filesOf = (page: string): ReadonlyMap<string, string> =>
  new Map(
    [...page.matchAll(/^```\w+ ([\w.-]+\.\w+)\n([\s\S]*?)^```/gm)].map(([, name = '', text = '']) => [
      name,
      text,
    ]),
  )

const tools = ['jest@30.5.2', 'ts-jest@29.4.15', 'typescript@5.9.3', '@types/jest@30.0.0']

/** The steps for the files of the page, in order. The `node10` configuration is this test's own. */
const steps = (node10: string): readonly (readonly [what: string, command: string])[] => [
  ['tsc, module node20', 'npx tsc --noEmit'],
  ['tsc, moduleResolution node10', `npx tsc -p ${node10}`],
  [
    'CommonJS on Node',
    `node -e "const { isUserId } = require('./out/accounts.js'); if (!isUserId('B0123401')) process.exit(1)"`,
  ],
  ['Jest, CommonJS', 'npx jest --config jest.config.cjs --testMatch "**/accounts.test.ts"'],
  [
    'Jest, ESM',
    `NODE_OPTIONS=--experimental-vm-modules npx jest --config '{"transform":{}}' --testMatch "**/esm.test.mjs"`,
  ],
]

/** Writes the page's files into an empty folder with the package, and runs the steps. */
export const recipes = async (packageFolder: string, tarball: string): Promise<Finding> => {
  const page = await readFile(join(packageFolder, 'docs/modules.md'), 'utf8')
  const folder = await mkdtemp(join(tmpdir(), 'ccass-2fa-modules-'))
  const node10 = 'tsconfig.node10.json'
  const classic = { module: 'CommonJS', moduleResolution: 'Node10', target: 'ES2022', strict: true }
  try {
    for (const [name, text] of filesOf(page)) await writeFile(join(folder, name), text)
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'modules', private: true }))
    await writeFile(
      join(folder, node10),
      JSON.stringify({ compilerOptions: { ...classic, types: [], outDir: 'out' }, files: ['accounts.ts'] }),
    )
    await must('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', tarball, ...tools], folder)
    const problems: string[] = []
    for (const [what, command] of steps(node10)) {
      const { code, stdout, stderr } = await run('bash', ['-c', command], folder)
      if (code !== 0) problems.push(`${what} ended with ${code}\n${stdout}${stderr}`)
    }
    return {
      note: steps(node10)
        .map(([what]) => what)
        .join('; '),
      problems,
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
