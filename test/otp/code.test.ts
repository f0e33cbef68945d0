import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkCodeFormat } from '../../src/otp/code.ts'
import { branches } from '../support/branches.ts'

const malformed = { code: 'malformed-code', rule: 'LOCK-06' }

test('LOCK-06 · six digits are a code, with leading zeros', () => {
  for (const code of ['000000', '012345', '999999'])
    expect(checkCodeFormat(code, 6)._unsafeUnwrap()).toBe(code)
})

test.each([
  ['nothing', ''],
  ['five digits', '12345'],
  ['seven digits', '1234567'],
  ['a letter', '12345O'],
  ['a blank before', ' 12345'],
  ['a blank around six digits', ' 123456 '],
  ['a line end after', '12345\n'],
  ['a line end after six digits', '123456\n'],
  ['a sign', '-12345'],
  ['an exponent', '1e0005'],
  ['full-width digits', '１２３４５６'],
  ['Arabic-Indic digits', '٠١٢٣٤٥'],
  ['digits beyond the basic plane', '𝟙𝟚𝟛'],
  ['a lone surrogate', '12345\ud800'],
  ['a huge text', '1'.repeat(1_000_000)],
])('LOCK-06 · %s is not a code', (_, text) => {
  expect(checkCodeFormat(text, 6)._unsafeUnwrapErr()).toEqual(malformed)
})

test('LOCK-06 · a value that is not text is not a code', () => {
  for (const value of [
    undefined,
    null,
    123456,
    123456n,
    {},
    [...'123456'],
    new String('123456'),
    Symbol('s'),
  ])
    expect(checkCodeFormat(value as string, 6)._unsafeUnwrapErr()).toEqual(malformed)
})

test('LOCK-06 · a text is a code exactly if it has the configured number of digits', () => {
  const character = fc.constantFrom(...'0123456789', ...'aO -+.\n１٣', '\ud835')
  const digit = fc.constantFrom(...'0123456789')
  const text = fc.oneof(
    fc.array(digit, { minLength: 5, maxLength: 9 }),
    fc.array(fc.oneof({ weight: 4, arbitrary: digit }, character), {
      minLength: 6,
      maxLength: 8,
      size: 'max',
    }),
  )
  const seen = branches('a code', 'too few or too many', 'the right length with another character')
  fc.assert(
    fc.property(text, fc.integer({ min: 6, max: 8 }), (characters, digits) => {
      const isLong = characters.length === digits
      const isCode = isLong && characters.every((one) => '0123456789'.includes(one))
      const other = isLong ? 'the right length with another character' : 'too few or too many'
      expect(checkCodeFormat(characters.join(''), digits).isOk()).toBe(seen.either('a code', other, isCode))
    }),
  )
  seen.expectAll()
})
