/** Data compared as canonical JSON, with and without its text. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson, isSameJson } from '../../src/kernel/canonical-json.ts'
import { branches } from '../support/branches.ts'

const odd = fc.constantFrom<unknown>(
  undefined,
  null,
  0,
  -0,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  '',
  '0',
  [],
  {},
)
const value = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 3 }, odd, fc.integer({ min: 0, max: 2 }), tie('list'), tie('object')),
  list: fc.array(tie('any'), { maxLength: 3 }),
  object: fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'toString'), tie('any'), { maxKeys: 3 }),
})).any

test('AUD-01 · two values are equal exactly if their canonical JSON is equal', () => {
  const seen = branches('the same', 'different')
  fc.assert(
    fc.property(value, value, (one, other) => {
      const expected = canonicalJson(one) === canonicalJson(other)
      expect(isSameJson(one, other)).toBe(seen.either('the same', 'different', expected))
      expect(isSameJson(one, structuredClone(one))).toBe(true)
    }),
    { numRuns: 3_000 },
  )
  seen.expectAll()
  expect(seen.counts['the same']).toBeGreaterThan(50)
})

test.each([
  [{ a: 1, b: undefined }, { a: 1 }, true],
  [{ a: 1 }, { b: undefined, a: 1 }, true],
  [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
  [{ a: 1 }, { a: 1, b: 2 }, false],
  [{ a: Number.POSITIVE_INFINITY }, { a: null }, false],
  [[undefined], [null], true],
  [[], {}, false],
  [[], { length: 0 }, false],
  [{ a: null }, { a: undefined, b: null }, false],
  [{ toString: undefined }, {}, true],
])('AUD-01 · the equality of %j and %j is %j', (one, other, expected) => {
  expect([isSameJson(one, other), isSameJson(other, one)]).toEqual([expected, expected])
})

test.each([
  [{ b: 1, a: [true, null, 'x'] }, '{"a":[true,null,"x"],"b":1}'],
  [{ a: undefined, b: 0 }, '{"b":0}'],
  [{}, '{}'],
  [[], '[]'],
  [[undefined], '[null]'],
  [undefined, 'null'],
  [null, 'null'],
  [Number.POSITIVE_INFINITY, 'Infinity'],
  [Number.NEGATIVE_INFINITY, '-Infinity'],
  [Number.NaN, 'NaN'],
  [{ n: [Number.POSITIVE_INFINITY] }, '{"n":[Infinity]}'],
  ['€', '"€"'],
])('AUD-02 · the canonical text of %o', (value, text) => expect(canonicalJson(value)).toBe(text))

test('AUD-02 · data has one canonical text in any order of its keys, and the text contains the data', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ noUnicodeString: false })), (data) => {
      const reversed = Object.fromEntries(Object.entries(data).reverse())
      expect(canonicalJson(reversed)).toBe(canonicalJson(data))
      expect(JSON.parse(canonicalJson(data))).toEqual(JSON.parse(JSON.stringify(data)))
    }),
  )
})
