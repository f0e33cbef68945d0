/** The code of docs/testing-kit.md is run: by vitest from this folder, and by Node's own runner here. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as testing from 'ccass-2fa/testing'
import { expect, test } from 'vitest'
import { regionsOf, typeScriptOf } from '../../docs/generate/snippets.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(`${root}/${path}`, 'utf8')
const page = read('docs/testing-kit.md')

test('docs/testing-kit.md shows exactly the code that is run', () => {
  const run = ['storage.test.ts', 'hasher.node.ts', 'decider.test.ts'].flatMap((file) => [
    ...regionsOf(read(`test/docs/testing-kit/${file}`)).values(),
  ])
  expect(run).toHaveLength(3)
  expect(typeScriptOf(page)).toEqual(run)
})

test('the page names every contract of the kit and no other', () => {
  const published = Object.keys(testing).filter((name) => name.endsWith('Contract'))
  const named = page.match(/\b[a-zA-Z]+Contract\b/g) ?? []
  expect([...new Set(named)].sort()).toEqual(published.sort())
})

test('PW-15 · the contract of the hasher runs with node:test', async () => {
  const { CI: _ci, FORCE_COLOR: _force, NODE_V8_COVERAGE: _coverage, ...env } = process.env
  const told = await new Promise<{ code: number | null; stdout: string }>((resolve) => {
    const args = [
      '--import',
      'tsx',
      '--test',
      '--test-reporter',
      'tap',
      'test/docs/testing-kit/hasher.node.ts',
    ]
    const child = execFile(process.execPath, args, { cwd: root, env }, (_, stdout) =>
      resolve({ code: child.exitCode, stdout }),
    )
  })
  expect(told.code, told.stdout).toBe(0)
  expect(told.stdout).toContain(`# pass ${testing.hasherContract(async () => ({}) as never).length}`)
  expect(told.stdout).toContain('# fail 0')
}, 60_000)
