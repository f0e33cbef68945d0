/** The feed of the example, run as a reader runs it: as a process of its own, which kills and starts another. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

test('AUD-09 · a feed killed before its cursor is stored delivers the page again and continues, and refused sign-ins have source and reason', async () => {
  const { CI: _ci, FORCE_COLOR: _force, ...env } = process.env
  const told = await new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      ['--import', 'tsx', 'examples/siem-feed.ts'],
      { cwd: root, env: { ...env, NO_COLOR: '1' } },
      (_, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    )
  })
  expect(told).toMatchObject({ code: 0, stderr: '' })
  expect(told.stdout).toContain('Killed after 4 events were written, before the cursor was stored.')
  expect(told.stdout).toContain('Started again: 4 events, of which 0 are new by metadata.uid.')
  expect(told.stdout.match(/"status_code": ".*"|"ip": ".*"/g)).toEqual([
    ...['"status_code": "no-password-set"', '"ip": "203.0.113.9"'],
    ...['"status_code": "unknown-user"', '"ip": "203.0.113.9"'],
    ...['"status_code": "unknown-user"', '"ip": "198.51.100.7"'],
  ])
}, 120_000)
