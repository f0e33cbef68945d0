import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { suffixesOf } from '../../src/identity/allocation.ts'
import {
  formatUserId,
  looksLikeAdministrator,
  parseUserId,
  type UserIdParts,
  userIdFormats,
  validateUserId,
} from '../../src/identity/user-id.ts'
import { branches } from '../support/branches.ts'

const orders = ['as-example', 'as-written'] as const
const roles = ['DelegatedAdministrator', 'User'] as const
const groups = ['1', '2', '3', '4'] as const
const shape = { code: 'malformed-user-id', rule: 'ID-07', problem: 'shape' }
const looksLike = { code: 'looks-like-administrator', rule: 'ID-09' }

/** Every place for an ID of one participant per type: type × role × group. */
const places = roles.flatMap((role) => [
  { type: 'HKSCC' as const, role, participantId: 'B01234' },
  { type: 'DB' as const, role, participantId: 'BNK999' },
  ...groups.flatMap((group) => [
    { type: 'HKCC' as const, role, participantId: 'ABC', group },
    { type: 'SEOCH' as const, role, participantId: '0Z9', group },
  ]),
])

describe.each(orders)('SEOCH administrators %s', (order) => {
  test('ID-01, ID-02, ID-03, ID-04, ID-05, ID-06 · a printed ID is parsed to the same parts, for every ID of a participant', () => {
    for (const place of places) {
      const given = new Set<string>()
      for (const suffix of suffixesOf(place.role)) {
        const parts: UserIdParts = { ...place, suffix }
        const userId = formatUserId(parts, order)._unsafeUnwrap()
        const { types, ...parsed } = parseUserId(userId, order)._unsafeUnwrap()
        const { type, ...printed } = parts
        expect(userId).toMatch(/^[A-Z0-9]{8}$/)
        expect(types).toContain(type)
        expect(parsed).toStrictEqual({
          ...printed,
          userId,
          participant: 'group' in place ? `HK${place.participantId}` : place.participantId,
        })
        given.add(userId)
      }
      expect(given.size).toBe(place.role === 'User' ? 1_269 : 27)
    }
  })

  test('ID-02, ID-03, ID-04, ID-05, ID-06 · the examples of each row of the format table have its format', () => {
    for (const row of userIdFormats.filter(({ seochOrder }) => (seochOrder ?? order) === order)) {
      const { role, types } = parseUserId(row.example, order)._unsafeUnwrap()
      expect(types).toContain(row.type)
      expect(role).toBe(row.role)
    }
  })

  test('ID-10 · an ID of HKCC or SEOCH belongs to both; an ID of HKSCC or a Designated Bank to one', () => {
    const types = (userId: string) => parseUserId(userId, order)._unsafeUnwrap().types
    expect(types('HKABC101')).toEqual(['HKCC', 'SEOCH'])
    expect([types('B01234X1'), types('B0123401')]).toEqual([['HKSCC'], ['HKSCC']])
    expect([types('BNK999X1'), types('BNK99901')]).toEqual([['DB'], ['DB']])
  })
})

test('ID-02, ID-03, ID-04, ID-05, ID-06 · the briefing’s own examples are parsed as the briefing says', () => {
  const read = (userId: string) => {
    const { role, participantId, group, suffix, participant } = parseUserId(userId)._unsafeUnwrap()
    return [role, participantId, group, suffix, participant]
  }
  expect(read('B01234X1')).toEqual(['DelegatedAdministrator', 'B01234', undefined, 'X1', 'B01234'])
  expect(read('B0123401')).toEqual(['User', 'B01234', undefined, '01', 'B01234'])
  expect(read('BNK999X1')).toEqual(['DelegatedAdministrator', 'BNK999', undefined, 'X1', 'BNK999'])
  expect(read('BNK99901')).toEqual(['User', 'BNK999', undefined, '01', 'BNK999'])
  expect(read('HKABC1X1')).toEqual(['DelegatedAdministrator', 'ABC', '1', 'X1', 'HKABC'])
  expect(read('HKABC101')).toEqual(['User', 'ABC', '1', '01', 'HKABC'])
  expect(read('HKABC2X1')).toEqual(['DelegatedAdministrator', 'ABC', '2', 'X1', 'HKABC'])
  expect(read('HKABC201')).toEqual(['User', 'ABC', '2', '01', 'HKABC'])
})

test('ID-06, ID-10 · a letter before the group is accepted only in the as-written order, where it distinguishes SEOCH from HKCC', () => {
  expect(parseUserId('HKABCX21')._unsafeUnwrapErr()).toEqual(shape)
  expect(parseUserId('HKABCX21', 'as-written')._unsafeUnwrap()).toMatchObject({
    types: ['SEOCH'],
    group: '2',
    suffix: 'X1',
  })
  for (const text of ['HKABCX20', 'HKABCX51', 'HKABCW21'])
    expect(parseUserId(text, 'as-written')._unsafeUnwrapErr()).toEqual(shape)
  expect(parseUserId('HKABC2X1')._unsafeUnwrap().types).toEqual(['HKCC', 'SEOCH'])
  expect(parseUserId('HKABC2X1', 'as-written')._unsafeUnwrap().types).toEqual(['HKCC'])
})

test('ID-08 · lower case is accepted and converted to upper case', () => {
  for (const text of ['b01234x1', 'bnK99901', 'hkabc2z9', 'HKabc10a'])
    expect(parseUserId(text)).toEqual(parseUserId(text.toUpperCase()))
  expect(parseUserId('hkabc2z9')._unsafeUnwrap().userId).toBe('HKABC2Z9')
})

test.each([
  ['nothing', '', 'length'],
  ['seven characters', 'B012340', 'length'],
  ['a blank before', ' B0123401', 'length'],
  ['a blank after', 'B0123401 ', 'length'],
  ['a line end after', 'B0123401\n', 'length'],
  ['a huge text', 'B'.repeat(1_000_000), 'length'],
  ['a blank for a character', 'B012340 ', 'characters'],
  ['a line end for a character', 'B012340\n', 'characters'],
  ['a no-break space', '\u00a0B012340', 'characters'],
  ['a hyphen', 'B0123-01', 'characters'],
  ['an underscore', 'HKABC1_1', 'characters'],
  ['Cyrillic А', 'А0123401', 'characters'],
  ['Greek Β', 'Β0123401', 'characters'],
  ['a long s, whose capital is an S', 'HK\u017fBC101', 'characters'],
  ['a dotless i, whose capital is an I', 'HK\u0131BC101', 'characters'],
  ['a Kelvin sign', 'H\u212aABC101', 'characters'],
  ['full-width Ｂ', 'Ｂ0123401', 'characters'],
  ['a full-width digit', 'B012340１', 'characters'],
  ['Turkish dotless ı, a capital I in upper case', 'ı0123401', 'characters'],
  ['long ſ, a capital S in upper case', 'ſ0123401', 'characters'],
  ['the Kelvin sign', 'H\u212aABC101', 'characters'],
  ['ß, two letters in upper case', 'Bß012340', 'characters'],
  ['a lone surrogate', '\ud8000123401', 'characters'],
  ['four pictures, eight units', '😀😀😀😀', 'characters'],
] as const)('ID-01, ID-08 · %s is refused and not trimmed or converted', (_, text, problem) => {
  const rule = problem === 'length' ? 'ID-01' : 'ID-08'
  expect(parseUserId(text)._unsafeUnwrapErr()).toEqual({ code: 'malformed-user-id', rule, problem })
})

test('ID-01 · a value that is not text is refused without throwing', () => {
  for (const value of [undefined, null, 12345678, {}, [...'B0123401'], new String('B0123401'), Symbol('s')]) {
    expect(parseUserId(value as string)._unsafeUnwrapErr().code).toBe('malformed-user-id')
    expect(validateUserId(value as string, 'User', 'created')._unsafeUnwrapErr().code).toBe(
      'malformed-user-id',
    )
  }
})

test('ID-07 · eight letters and digits that fit no format are refused', () => {
  for (const text of [
    '01234501',
    'BB123401',
    'B0123A01',
    'BNK99A01',
    'BNL99901',
    'HKABC001',
    'HKABC501',
    'HKABCX11',
    'KHABC101',
  ])
    expect(parseUserId(text)._unsafeUnwrapErr()).toEqual(shape)
})

test('ID-01, ID-07, ID-08 · any text is parsed exactly if it fits a format, and then in capitals', () => {
  const known = /^(?:[A-Za-z]\d{5}|[Bb][Nn][Kk]\d{3}|[Hh][Kk][A-Za-z0-9]{3}[1-4])[A-Za-z0-9]{2}$/
  const character = fc.constantFrom(...'BNKHXYZbhkxz0123459ı ', '\ud800')
  const near = fc
    .tuple(
      fc.constantFrom('B01234', 'b99999', 'BNK999', 'HKABC1', 'hk0z94', 'HKABC5', 'HKABCX', 'BN1234'),
      fc.array(character, { minLength: 1, maxLength: 3 }),
    )
    .map(([head, tail]) => head + tail.join(''))
  const anything = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units))
  const shaped = fc.stringMatching(known)
  const seen = branches('read', 'refused')
  fc.assert(
    fc.property(
      fc.oneof({ weight: 3, arbitrary: near }, { weight: 3, arbitrary: shaped }, anything),
      (text) => {
        const parsed = parseUserId(text)
        expect(parsed.isOk()).toBe(seen.either('read', 'refused', known.test(text)))
        if (parsed.isOk()) expect(parsed.value.userId).toBe(text.toUpperCase())
      },
    ),
  )
  seen.expectAll()
})

test('ID-09 · only X, Y or Z with 1 to 9 looks like an administrator’s suffix', () => {
  const pairs = Array.from({ length: 128 * 128 }, (_, i) => String.fromCharCode(i >> 7, i & 127))
  const looking = pairs.filter(looksLikeAdministrator)
  expect(looking).toEqual([...'XYZ'].flatMap((letter) => [...'123456789'].map((number) => letter + number)))
  for (const suffix of ['', 'X', 'X11', 'X1\n', ' X1', 'Ｘ1', 'X１'])
    expect(looksLikeAdministrator(suffix)).toBe(false)
})

test('ID-09, ID-11 · a user’s ID that looks like an administrator’s is refused at creation and gives a warning at import', () => {
  expect(validateUserId('B01234X1', 'User', 'created')._unsafeUnwrapErr()).toEqual(looksLike)
  expect(validateUserId('b01234x1', 'User', 'imported')._unsafeUnwrap()).toMatchObject({
    userId: 'B01234X1',
    role: 'User',
    warnings: ['looks-like-administrator'],
  })
  expect(validateUserId('B0123401', 'User', 'created')._unsafeUnwrap().warnings).toEqual([])
})

test('ID-02, ID-11 · an administrator’s ID must have an administrator’s suffix, at creation and at import', () => {
  for (const origin of ['created', 'imported'] as const) {
    const admit = (text: string) => validateUserId(text, 'DelegatedAdministrator', origin)
    expect(admit('B01234X1')._unsafeUnwrap()).toMatchObject({ role: 'DelegatedAdministrator', warnings: [] })
    for (const text of ['B0123401', 'B01234X0', 'B01234W1', 'B012341X'])
      expect(admit(text)._unsafeUnwrapErr()).toEqual(shape)
  }
})

const user: UserIdParts = { type: 'HKSCC', role: 'User', participantId: 'B01234', suffix: '01' }
const ofGroup: UserIdParts = { type: 'HKCC', role: 'User', participantId: 'ABC', group: '1', suffix: '01' }

test.each<[string, UserIdParts]>([
  ['a participant ID in lower case', { ...user, participantId: 'b01234' }],
  ['another type’s participant ID', { ...user, type: 'DB' }],
  ['a suffix in lower case', { ...user, suffix: '0a' }],
  ['a suffix of three', { ...user, suffix: '012' }],
  ['a user’s suffix for an administrator', { ...user, role: 'DelegatedAdministrator' }],
  ['a group where there is none', { ...user, group: '1' }],
  ['no group where there must be one', { type: 'HKCC', role: 'User', participantId: 'ABC1', suffix: '01' }],
  ['a group beyond 4', { ...ofGroup, group: '5' as '4' }],
  ['an unknown type', { ...user, type: 'HKEX' as 'DB' }],
  ['a digit of the suffix in the participant ID', { ...user, participantId: 'B012340', suffix: '1' }],
  ['a digit of the participant ID in the suffix', { ...user, participantId: 'B0123', suffix: '401' }],
  ['a digit of the suffix in the group', { ...ofGroup, group: '10' as '1', suffix: '1' }],
  ['an administrator’s letter in the participant ID', { ...user, participantId: 'B01234X', suffix: '1' }],
])('ID-07 · %s cannot be printed', (_, parts) => {
  expect(formatUserId(parts)._unsafeUnwrapErr()).toEqual(shape)
})

test('ID-07 · parts that are not text cannot be printed, and nothing is thrown', () => {
  for (const value of [undefined, null, 12, {}]) {
    expect(formatUserId({ ...user, suffix: value as string })._unsafeUnwrapErr()).toEqual(shape)
    expect(formatUserId({ ...user, participantId: value as string })._unsafeUnwrapErr()).toEqual(shape)
  }
})

test('ID-09 · no user’s ID is printed with a suffix that looks like an administrator’s', () => {
  for (const suffix of suffixesOf('DelegatedAdministrator'))
    for (const parts of [user, ofGroup])
      expect(formatUserId({ ...parts, suffix })._unsafeUnwrapErr()).toEqual(looksLike)
})

test('ID-06 · without a configured order the slide’s example applies to printing, parsing and validation', () => {
  const parts = {
    type: 'SEOCH',
    role: 'DelegatedAdministrator',
    participantId: 'ABC',
    group: '2',
    suffix: 'X1',
  } as const
  expect(formatUserId(parts)._unsafeUnwrap()).toBe('HKABC2X1')
  expect(formatUserId(parts, 'as-written')._unsafeUnwrap()).toBe('HKABCX21')
  const admitted = (text: string) =>
    validateUserId(text, 'DelegatedAdministrator', 'created')
      .map(({ types }) => types)
      .unwrapOr([])
  expect([admitted('HKABC2X1'), admitted('HKABCX21')]).toEqual([['HKCC', 'SEOCH'], []])
  expect([
    parseUserId('HKABC2X1').isOk(),
    parseUserId('HKABCX21')
      .map(({ role }) => role)
      .unwrapOr('User'),
  ]).toEqual([true, 'User'])
})

test('ID-02, ID-03, ID-04, ID-05, ID-06 · each row of the format table names its own rule', () => {
  expect(userIdFormats.map(({ type, role, rule }) => `${type} ${role} ${rule}`)).toEqual([
    ...[
      'HKSCC DelegatedAdministrator ID-02',
      'HKSCC User ID-02',
      'DB DelegatedAdministrator ID-03',
      'DB User ID-03',
    ],
    ...['HKCC DelegatedAdministrator ID-04', 'HKCC User ID-04'],
    ...['SEOCH DelegatedAdministrator ID-06', 'SEOCH DelegatedAdministrator ID-06', 'SEOCH User ID-05'],
  ])
})
