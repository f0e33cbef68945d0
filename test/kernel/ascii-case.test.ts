/** Letter case of ASCII, which is all that counts where a text from outside is compared. */
import { expect, test } from 'vitest'
import { asciiLowerCase, asciiUpperCase } from '../../src/kernel/ascii-case.ts'

const capitals = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const small = 'abcdefghijklmnopqrstuvwxyz'

test('MIG-24 · the 26 ASCII letters change case', () => {
  expect([asciiLowerCase(`${capitals} ${small}`), asciiUpperCase(`${capitals} ${small}`)]).toEqual([
    `${small} ${small}`,
    `${capitals} ${capitals}`,
  ])
})

test.each([
  ['an empty text', ''],
  ['digits and punctuation', '0123456789 @[`{_-'],
  ['a Kelvin sign and a long s', '\u212a\u017f'],
  ['a dotted and a dotless i', '\u0130\u0131'],
  ['accents, a sharp s and a ligature', 'éÉßﬁ'],
  ['full-width letters', 'ａＡ'],
  ['Greek, Cyrillic and Chinese', 'σΣжЖ陳'],
])('MIG-24 · %s does not', (_, text) => {
  expect([asciiLowerCase(text), asciiUpperCase(text)]).toEqual([text, text])
})
