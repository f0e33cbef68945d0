import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { regionsOf, typeScriptOf } from '../../docs/generate/snippets.ts'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

test('the README shows what the examples run, to the letter', () => {
  const run = ['examples/first-login.ts', 'examples/rules-alone.ts'].flatMap((path) => [
    ...regionsOf(read(path)).values(),
  ])
  const shown = typeScriptOf(read('README.md'))
  expect(run.length).toBeGreaterThan(4)
  expect(shown).toEqual(run)
})

test('a region that the README does not show, and a block that no example runs, are found', () => {
  expect([...regionsOf('// #region a\nlet x\n// #endregion\n')]).toEqual([['a', 'let x']])
  expect(typeScriptOf('```ts\nlet y\n```\n')).toEqual(['let y'])
})
