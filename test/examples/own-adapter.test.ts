/** The example of a custom adapter, run as a reader runs it: in a separate process. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

test('LOCK-09 · an adapter that compares, waits and writes fails the contract, and the corrected one passes', async () => {
  const { CI: _ci, FORCE_COLOR: _force, ...env } = process.env
  const ended = await new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      ['--import', 'tsx', 'examples/own-adapter.ts'],
      { cwd: root, env: { ...env, NO_COLOR: '1' } },
      (_, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    )
  })
  expect(ended).toMatchObject({ code: 0, stderr: '' })
  const [, first = '', underLoad = '', ...corrected] = ended.stdout.split(/\n(?=\S.*\n {2}[✓✗])/)
  expect(first).toContain('✗ races · of many concurrent commits on one version exactly one succeeds')
  expect(underLoad).toMatch(
    /✗ quota · .*\n.*three accounts are created within a quota of three: \{"ok":3,"quota-exceeded":47\}, not/,
  )
  expect(corrected.join('')).not.toContain('✗')
  expect(ended.stdout).toContain('All results are as expected.')
}, 120_000)
