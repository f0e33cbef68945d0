import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { regionsOf, typeScriptOf } from '../../docs/generate/snippets.ts'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const regions = (path: string) => [...regionsOf(read(path)).values()]

test('README.md shows the whole first sign-in, and the rules alone, exactly as the examples run them', () => {
  const firstSignIn = regions('examples/first-sign-in.ts')
  expect(firstSignIn).toHaveLength(4)
  expect(typeScriptOf(read('README.md'))).toEqual([
    firstSignIn.join('\n\n'),
    ...regions('examples/rules-alone.ts'),
  ])
})

test('docs/getting-started.md shows the same program, step by step', () => {
  expect(typeScriptOf(read('docs/getting-started.md'))).toEqual(regions('examples/first-sign-in.ts'))
})

test('docs/transition.md shows the code of its examples', () => {
  const run = ['examples/plan-listing.ts', 'examples/move-listing.ts'].flatMap(regions)
  expect(run.length).toBeGreaterThan(2)
  expect(typeScriptOf(read('docs/transition.md'))).toEqual(run)
})

test('README.md and docs/getting-started.md install every package that their program imports', () => {
  const program = regions('examples/first-sign-in.ts').join('\n')
  const imported = [...program.matchAll(/from '((?:@[^/']+\/)?[^/']+)[^']*'/g)].map(([, name]) => name)
  const peers = ['@node-rs/argon2'] // of ccass-2fa/argon2
  for (const page of ['README.md', 'docs/getting-started.md']) {
    const installs = read(page).match(/^(?:npm install|pnpm add) .*$/gm) ?? []
    expect(installs.length, page).toBeGreaterThan(0)
    for (const line of installs)
      expect(
        [...new Set([...imported, ...peers])].filter((name) => !line.split(' ').includes(`${name}`)),
      ).toEqual([])
  }
})

test('the check finds a region that no page shows and a block that no example runs', () => {
  expect([...regionsOf('// #region a\nlet x\n// #endregion\n')]).toEqual([['a', 'let x']])
  expect(typeScriptOf('```ts\nlet y\n```\n')).toEqual(['let y'])
})
