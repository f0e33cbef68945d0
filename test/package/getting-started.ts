/** Follows docs/getting-started.md as a reader does: runs the commands and the program of the packed page. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Finding, run } from './report.ts'

/** The code blocks of a Markdown page with a given info string, e.g. `sh npm`. */
export const blocksOf = (page: string, fence: string): readonly string[] =>
  [...page.matchAll(/^```([^\n]*)\n([\s\S]*?)^```/gm)]
    .filter(([, info]) => info === fence)
    .map(([, , text = '']) => text.trim())

/**
 * Follows the guide with one package manager, in an empty folder. Two things differ from a reader's machine:
 * `ccass-2fa` is installed from the tarball, and pnpm, which may not be installed, runs through npx.
 */
export const followed = async (
  packageFolder: string,
  tarball: string,
  manager: 'npm' | 'pnpm',
): Promise<Finding> => {
  const page = await readFile(join(packageFolder, 'docs/getting-started.md'), 'utf8')
  const [install] = blocksOf(page, `sh ${manager}`)
  const [start] = blocksOf(page, 'sh run')
  const [printed] = blocksOf(page, 'text')
  const program = blocksOf(page, 'ts').join('\n\n')
  if (install === undefined || start === undefined || printed === undefined || program === '')
    return { problems: ['docs/getting-started.md lacks a block'] }
  const script = [
    'set -e',
    manager === 'pnpm' ? 'pnpm() { npx --yes pnpm@10 "$@"; }' : '',
    install.replace(/ ccass-2fa(?= |$)/m, ` ${tarball}`),
    'cp ../program.mjs first-sign-in.mjs',
    'echo ---',
    start,
  ].join('\n')
  const folder = await mkdtemp(join(tmpdir(), `ccass-2fa-${manager}-`))
  try {
    await writeFile(join(folder, 'program.mjs'), program)
    const { code, stdout, stderr } = await run('bash', ['-c', script], folder)
    const shown = stdout.split('---\n').at(-1)?.trim()
    return {
      note: 'pasted and run',
      problems: code === 0 && shown === printed ? [] : [`ended with ${code}`, stdout, stderr],
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
