import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkPassword, passwordRequirements, unmetPasswordRules } from '../../src/password/composition.ts'
import { definePolicy } from '../../src/policy/define.ts'
import { defaultPolicy } from '../../src/policy/policy.ts'
import { branches } from '../support/branches.ts'

/** 12 characters with a number, a lower-case letter, a capital and a special character. */
const base = 'aB3!aB3!aB3!'
const codes = (password: string) => unmetPasswordRules(password).map(({ code }) => code)

test('PW-01 · a password of 16 characters is accepted and one of 15 refused', () => {
  expect(codes(`${base}aB3`)).toEqual(['too-short'])
  expect(codes(`${base}aB3!`)).toEqual([])
})

test('PW-02, PW-03 · a password needs a number, a lower-case letter, a capital and a special character', () => {
  const lacking = {
    '3': 'no-number',
    a: 'no-lower-case-letter',
    B: 'no-capital-letter',
    '!': 'no-special-character',
  }
  for (const [character, code] of Object.entries(lacking))
    expect(codes('aB3!'.repeat(5).replaceAll(character, '-'))).toEqual([code])
})

test('PW-03 · each of the eight special characters is accepted', () => {
  for (const special of '!@#%&*()') expect(codes(`aB3${special}aB3aB3aB3aB3aB3`)).toEqual([])
})

test('PW-03, PW-07 · no other ASCII character counts as special, $ and ^ included', () => {
  const others = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code))
  for (const other of others.filter((character) => !'!@#%&*()'.includes(character)))
    expect(codes(`aB3${other}aB3aB3aB3aB3aB3`)).toEqual(['no-special-character'])
})

test('PW-07 · a policy can set the special characters', () => {
  const policy = definePolicy({ password: { specialCharacters: '$^' } })._unsafeUnwrap()
  expect(unmetPasswordRules('aB3$aB3aB3aB3aB3', policy)).toEqual([])
  expect(unmetPasswordRules('aB3!aB3aB3aB3aB3', policy)).toEqual([
    { code: 'no-special-character', rule: 'PW-03' },
  ])
})

test('PW-05 · every unmet rule is reported at once, in the order of the screen', () => {
  const all = [
    { code: 'too-short', rule: 'PW-01' },
    { code: 'no-number', rule: 'PW-02' },
    { code: 'no-lower-case-letter', rule: 'PW-02' },
    { code: 'no-special-character', rule: 'PW-03' },
    { code: 'no-capital-letter', rule: 'PW-02' },
  ]
  expect(unmetPasswordRules('')).toEqual(all)
  expect(checkPassword('')._unsafeUnwrapErr()).toEqual({
    code: 'password-refused',
    rule: 'PW-05',
    unmet: all,
  })
})

test('PW-05 · numbers and letters are ASCII; others are allowed and satisfy no class', () => {
  expect(codes('１２３ａｂｃＡＢＣ！＠＃ßİıſ\u212a')).toEqual(codes('                '))
  expect(codes(`${base}１ａＡéЖ漢😀`)).toEqual([])
})

test('PW-05, PW-06 · length counts code points, up to 128', () => {
  expect(codes(`${base}😀😀😀`)).toEqual(['too-short'])
  expect(codes(`${base}😀😀😀😀`)).toEqual([])
  expect(codes(base + '😀'.repeat(116))).toEqual([])
  expect(codes(base + '😀'.repeat(117))).toEqual(['too-long'])
  expect(codes('😀'.repeat(128))).not.toContain('too-long')
  expect(codes('😀'.repeat(129))).toContain('too-long')
  expect(codes(base + 'é'.repeat(116))).toEqual([])
  expect(codes(base + 'é'.repeat(117))).toEqual(['too-long'])
})

test('PW-05, PW-06 · a character typed in parts counts once at either bound, as in the text that is hashed', () => {
  for (const [composed, parts] of [
    ['é', 'e\u0301'],
    ['ΐ', 'ι\u0308\u0301'],
    ['ᾂ', 'α\u0313\u0300\u0345'],
    ['각', '\u1100\u1161\u11a8'],
  ] as const)
    for (const count of [3, 4, 116, 117])
      expect(codes(base + parts.repeat(count))).toEqual(codes(base + composed.repeat(count)))
  expect(codes(base + 'e\u0301'.repeat(3))).toEqual(['too-short'])
  expect(codes(`Aa1!${'e\u0301'.repeat(124)}`)).toEqual([])
  expect(codes(`Aa1!${'e\u0301'.repeat(125)}`)).toEqual(['too-long'])
})

test('PW-06 · a huge text is refused only as too long', () => {
  for (const filler of ['x', '😀', '\ud83d', '\udc00'])
    expect(codes(base + filler.repeat(2_000_000))).toContain('too-long')
})

test('PW-05 · a password is not trimmed or folded, and Unicode is normalised', () => {
  const spaced = `  ${base} \u3000\t`
  expect(checkPassword(spaced)._unsafeUnwrap()).toBe(spaced)
  expect(checkPassword(`${base}caf\u00e9`)).toEqual(checkPassword(`${base}cafe\u0301`))
  expect(checkPassword(`${base}ＡＢＣ`).isErr()).toBe(true)
  expect(checkPassword(`${base}ＡＢＣＤ`)._unsafeUnwrap()).toBe(`${base}ＡＢＣＤ`)
})

test('PW-16 · a lone surrogate is refused, and a pair is accepted', () => {
  for (const lone of ['\ud83d', '\ude00', '\ude00\ud83d', '\ud83d\ud83d\ude00'])
    expect(unmetPasswordRules(`${base}aB3!${lone}`)).toEqual([{ code: 'not-well-formed', rule: 'PW-16' }])
  expect(codes(`${base}aB3!\ud83d\ude00`)).toEqual([])
})

test('PW-05, PW-08 · the requirements shown before an entry are the rules that the policy applies, in the order of the screen', () => {
  const of = (password: object) =>
    passwordRequirements(definePolicy({ password })._unsafeUnwrap()).map(
      ({ code, rule }) => `${rule} ${code}`,
    )
  const composition = [
    ...['PW-01 too-short', 'PW-02 no-number', 'PW-02 no-lower-case-letter'],
    ...['PW-03 no-special-character', 'PW-02 no-capital-letter'],
  ]
  expect(passwordRequirements().map(({ code, rule }) => `${rule} ${code}`)).toEqual(composition)
  expect(of({})).toEqual(composition)
  expect(of({ history: 1 })).toEqual([...composition, 'PW-08 used-before'])
  expect(of({ blocklist: true })).toEqual([...composition, 'PW-08 known-password'])
  expect(of({ history: 5, blocklist: true, minimumAgeHours: 24 })).toEqual([
    ...composition,
    'PW-08 used-before',
    'PW-08 known-password',
  ])
})

test('PW-16 · a value that is not text is refused without throwing', () => {
  for (const value of [
    undefined,
    null,
    1234567890123456,
    {},
    ['aB3!'],
    Symbol('s'),
    new String(`${base}aB3!`),
  ])
    expect(checkPassword(value as string)._unsafeUnwrapErr().code).toBe('password-refused')
})

/** The same rules implemented independently: Unicode regular expressions and spread code points. */
const reference = (text: string, rules = defaultPolicy.password) => {
  const points = [...text.normalize('NFC')]
  const rows = [
    [points.length < rules.minimumLength, 'too-short'],
    [points.length > rules.maximumLength, 'too-long'],
    [!/[0-9]/u.test(text), 'no-number'],
    [!/[a-z]/u.test(text), 'no-lower-case-letter'],
    [![...text].some((point) => [...rules.specialCharacters].includes(point)), 'no-special-character'],
    [!/[A-Z]/u.test(text), 'no-capital-letter'],
    [/\p{Surrogate}/u.test(text), 'not-well-formed'],
  ] as const
  return rows.filter(([unmet]) => unmet).map(([, code]) => code)
}

const atom = fc.oneof(
  fc.constantFrom(...'azAZ09', ...'!@#%&*()'),
  fc.constantFrom(...'$^-_`{[/:~ \t\n\0'),
  fc.constantFrom('😀', '𝟙', '\ud83d', '\ude00', '\ud800', '\udfff', '\ufffd'),
  fc.constantFrom(...'１ａＡ！éßıİſ漢', '\u0301', '\u200d', '\u00a0', '\u037e', '\u212a'),
)
const sized = (minLength: number, maxLength: number) =>
  fc.array(atom, { minLength, maxLength, size: 'max' }).map((atoms) => atoms.join(''))
const texts = fc.oneof(sized(0, 20), sized(14, 18), sized(126, 131), sized(250, 270), sized(0, 600))
const few = fc
  .tuple(
    fc.uniqueArray(fc.constantFrom(...'aB3!$😀\ud83d'), { maxLength: 4 }),
    fc.integer({ min: 1, max: 140 }),
  )
  .map(([atoms, count]) => atoms.join('').repeat(count))

test('PW-01, PW-02, PW-03, PW-05, PW-06, PW-16 · for any text the unmet rules are those of an independent implementation', () => {
  const seen = branches(
    ...(['accepted', 'refused', 'too-short', 'too-long', 'no-number', 'no-lower-case-letter'] as const),
    ...(['no-special-character', 'no-capital-letter', 'not-well-formed'] as const),
  )
  const nearly = sized(2, 8).map((text) => `aB3!aB3!aB3!${text}`)
  fc.assert(
    fc.property(fc.oneof(texts, few, nearly), (text) => {
      const unmet = reference(text)
      for (const code of unmet) seen.hit(code)
      expect(codes(text)).toEqual(unmet)
      expect(checkPassword(text).isOk()).toBe(seen.either('accepted', 'refused', unmet.length === 0))
    }),
    { numRuns: 1_000 },
  )
  seen.expectAll()
})

test('PW-01, PW-06, PW-07 · for any text the unmet rules are those of an independent implementation under any policy', () => {
  const password = fc.record({
    minimumLength: fc.integer({ min: 16, max: 64 }),
    maximumLength: fc.integer({ min: 64, max: 140 }),
    specialCharacters: fc.constantFrom('!', '$^', '!@#$%^&*()', '-_`{[/:~'),
  })
  fc.assert(
    fc.property(fc.oneof(texts, few), password, (text, parts) => {
      const policy = definePolicy({ password: parts })._unsafeUnwrap()
      expect(unmetPasswordRules(text, policy).map(({ code }) => code)).toEqual(
        reference(text, policy.password),
      )
    }),
    { numRuns: 500 },
  )
})

test('PW-05 · an accepted password is returned in normal form, any other as typed', () => {
  fc.assert(
    fc.property(sized(0, 100), (text) => {
      const accepted = checkPassword(`aB3!aB3!aB3!aB3!${text.toWellFormed()}`)
      expect(accepted._unsafeUnwrap()).toBe(`aB3!aB3!aB3!aB3!${text.toWellFormed()}`.normalize('NFC'))
    }),
  )
})

test.each<[rule: string, code: string, password: string]>([
  ['PW-01', 'too-short', 'aB1!'],
  ['PW-06', 'too-long', `aB1!${'a'.repeat(125)}`],
  ['PW-02', 'no-number', `aB!${'a'.repeat(16)}`],
  ['PW-02', 'no-lower-case-letter', `B1!${'B'.repeat(16)}`],
  ['PW-02', 'no-capital-letter', `a1!${'a'.repeat(16)}`],
  ['PW-03', 'no-special-character', `aB1${'a'.repeat(16)}`],
  ['PW-16', 'not-well-formed', `aB1!${'a'.repeat(16)}\ud800`],
])('%s · the only unmet rule is %s', (rule, code, password) => {
  expect(unmetPasswordRules(password)).toEqual([{ code, rule }])
})

test('PW-06 · the last character of the first plane counts as one, also beside one of two code units', () => {
  const longest = `aB1!😀${'\uffff'.repeat(123)}`
  expect(unmetPasswordRules(longest)).toEqual([])
  expect(unmetPasswordRules(`${longest}\uffff`)).toEqual([{ code: 'too-long', rule: 'PW-06' }])
})
