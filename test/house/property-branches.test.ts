/** Every property whose check branches counts its branches, so that none of them is never run. */
import { expect, test } from 'vitest'
import { readTree } from '../../docs/generate/tree.ts'
import { branchingProperties } from './property-branches.ts'

/** Properties that branch and count nothing, with the reason. */
const uncounted: Readonly<Record<string, string>> = {
  'test/engine/any-text.test.ts: %s returns a result, never throws, and writes nothing that a storage could not keep':
    'it compares its counts itself: which branches run depends on the capability',
}

const found = readTree('test', '.test.ts')
  .filter(({ path }) => !path.startsWith('test/house'))
  .flatMap((source) => branchingProperties(source).map((each) => ({ ...each, path: source.path })))

test('every property with a branch counts each of its branches, or is listed with the reason', () => {
  const silent = found.filter(({ counts }) => !counts).map(({ path, title }) => `${path}: ${title}`)
  expect(silent.sort()).toEqual(Object.keys(uncounted).sort())
  expect(found.length).toBeGreaterThan(50)
})

const planted = (check: string, after = '') => {
  const text = `
    const seen = branches('small', 'large')
    const always = (check) => fc.assert(fc.property(fc.nat(), check))
    const compare = (n) => { if (n > 5) expect(n).toBe(n) }
    const expected = (n) => (n > 5 ? 'large' : 'small')
    test('planted', () => { ${check}; ${after} })`
  return branchingProperties({ path: 'test/planted.test.ts', text })
}
const property = (body: string) => `fc.assert(fc.property(fc.nat(), (n) => { ${body} }))`
const silent = [{ title: 'planted', counts: false }]

test.each([
  ['an if', property('if (n > 5) expect(n).toBe(n)')],
  ['an early return', property('if (n > 5) return; expect(n).toBe(n)')],
  ['a conditional', property('expect(n).toBe(n > 5 ? n : n)')],
  ['a switch', property('switch (n) { case 1: expect(n).toBe(1) }')],
  ['an or', property('expect(n < 5 || n >= 5).toBe(true)')],
  ['a precondition', property('fc.pre(n > 5); expect(n).toBe(n)')],
  ['two answers', property('expect(f(n)).toBe(n > 5)')],
  ['a function of the file that checks', property('compare(n)')],
  [
    'an asynchronous property',
    'fc.assert(fc.asyncProperty(fc.nat(), async (n) => { if (n) expect(n).toBe(n) }))',
  ],
  ['a check that is passed on', 'always((n) => { if (n > 5) expect(n).toBe(n) })'],
])('the check finds a property with %s and no count', (_, check) => {
  expect(planted(check)).toEqual(silent)
})

test('the check does not accept a count that does not require every branch', () => {
  const check = property("if (seen.hitIf('large', n > 5)) expect(n).toBe(n)")
  expect(planted(check)).toEqual(silent)
  expect(planted(check, 'seen.expectAll()')).toEqual([{ title: 'planted', counts: true }])
})

test('the check accepts a property without a branch', () => {
  expect(planted(property('expect(n).toBe(n)'))).toEqual([])
  expect(planted(property('expect(f(n)).toBe(expected(n))'))).toEqual([])
})
