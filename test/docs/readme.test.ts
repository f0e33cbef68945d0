import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { regionsOf, typeScriptOf } from '../../docs/generate/snippets.ts'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

/** Pages, and the examples whose regions they show, in order. */
const pages: readonly (readonly [page: string, atLeast: number, examples: readonly string[]])[] = [
  ['README.md', 4, ['examples/first-login.ts', 'examples/rules-alone.ts']],
  ['docs/transition.md', 2, ['examples/plan-listing.ts', 'examples/move-listing.ts']],
]

test.each(pages)('%s shows what the examples run, to the letter', (page, atLeast, examples) => {
  const run = examples.flatMap((path) => [...regionsOf(read(path)).values()])
  const shown = typeScriptOf(read(page))
  expect(run.length).toBeGreaterThan(atLeast)
  expect(shown).toEqual(run)
})

test('a region that no page shows, and a block that no example runs, are found', () => {
  expect([...regionsOf('// #region a\nlet x\n// #endregion\n')]).toEqual([['a', 'let x']])
  expect(typeScriptOf('```ts\nlet y\n```\n')).toEqual(['let y'])
})
