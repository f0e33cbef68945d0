/** Guards for the values of a list. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isOneOf } from '../../src/kernel/membership.ts'
import { branches } from '../support/branches.ts'

const isColour = isOneOf(['red', 'green'])

test('API-01 · a value of the list is accepted, and other text, other case and blanks are refused', () => {
  expect(['red', 'green', 'blue', 'Red', ' red', 'red ', ''].filter(isColour)).toEqual(['red', 'green'])
})

test('API-01 · a value of another type is refused, also if it prints like a value of the list', () => {
  const like = { toString: () => 'red' }
  expect([['red'], like, new String('red'), 0, null, undefined, true].filter(isColour)).toEqual([])
  const seen = branches('a colour', 'another value')
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.constantFrom('red', 'green', 'blue')), (value) => {
      const isOne = seen.either('a colour', 'another value', value === 'red' || value === 'green')
      expect(isColour(value)).toBe(isOne)
    }),
  )
  seen.expectAll()
})
