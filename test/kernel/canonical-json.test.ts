/** One text for equal data. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from '../../src/kernel/canonical-json.ts'

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

test('AUD-02 · in any order of its keys, data has one text, and the text holds the data', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ noUnicodeString: false })), (data) => {
      const reversed = Object.fromEntries(Object.entries(data).reverse())
      expect(canonicalJson(reversed)).toBe(canonicalJson(data))
      expect(JSON.parse(canonicalJson(data))).toEqual(JSON.parse(JSON.stringify(data)))
    }),
  )
})
