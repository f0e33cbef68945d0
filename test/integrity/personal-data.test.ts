/** Personal data in records and trails: replaced by salted digests, and restored from their openings. */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  erasedValue,
  isPersonalReference,
  openingsOf,
  type PersonalFields,
  personalReferences,
  saltsFrom,
  sealer,
  unseal,
} from '../../src/integrity/personal-data.ts'
import { branches } from '../support/branches.ts'

const fields: PersonalFields = { surname: 'identity', contact: 'contact', source: 'context' }
const seed = 'ab'.repeat(32)
const digestOf = (text: string) => createHash('sha256').update(text).digest('hex')

const chan = {
  surname: 'Chan',
  stage: 'Initialised',
  contact: { email: 'chan@bank.example', phones: ['2522 1122', '2522 1123'], preferred: 1 },
  enabled: true,
  removed: null,
}

describe('PRI-02 · sealing', () => {
  test('replaces each text in a named field, or below one, by a reference of the field’s kind', () => {
    const { sealFields, openings } = sealer(saltsFrom(seed))
    const reference = (personal: string) => ({ personal, digest: expect.stringMatching(/^[0-9a-f]{64}$/) })
    const contact = reference('contact')
    expect(sealFields(chan, fields)).toEqual({
      ...chan,
      surname: reference('identity'),
      contact: { email: contact, phones: [contact, contact], preferred: 1 },
    })
    expect(Object.keys(openings())).toEqual(['identity', 'contact'])
    expect(Object.keys(openings().contact ?? {})).toHaveLength(3)
  })

  test('leaves a text alone that is in no named field, and one named like a property of every object', () => {
    const { sealFields, openings } = sealer(saltsFrom(seed))
    for (const value of ['Chan', 5, null, true, undefined, { stage: 'Locked', constructor: 'x' }, ['Chan']])
      expect(sealFields(value, fields)).toEqual(value)
    expect(openings()).toEqual({})
  })

  test('refers to a value by the SHA-256 of its opening: the format, the salt and the value', () => {
    const { seal, openings } = sealer(() => 'salt')
    const opening = '["ccass-2fa/personal/1","salt","Chan"]'
    expect(seal('identity', 'Chan')).toEqual({ personal: 'identity', digest: digestOf(opening) })
    expect(openings()).toEqual({ identity: { [digestOf(opening)]: opening } })
  })

  test('salts every value: equal values have different references', () => {
    const { seal } = sealer(saltsFrom(seed))
    expect(seal('identity', 'Chan').digest).not.toBe(seal('identity', 'Chan').digest)
  })
})

describe('PRI-02 · the salts of a commit', () => {
  test('are 128 bits in hex, each a hash of the seed and its number', () => {
    const next = saltsFrom(seed)
    const expected = [0, 1, 2].map((n) => digestOf(`ccass-2fa/personal/1 salt ${seed} ${n}`).slice(0, 32))
    expect([next(), next(), next()]).toEqual(expected)
    expect(saltsFrom('cd'.repeat(32))()).not.toBe(expected[0])
  })
})

describe('PRI-02 · what was sealed', () => {
  const seen = branches('with personal data', 'without personal data')
  const member = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 3 },
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      tie('object'),
      tie('list'),
    ),
    list: fc.array(tie('any'), { maxLength: 3 }),
    object: fc.dictionary(fc.constantFrom('surname', 'contact', 'stage', 'at'), tie('any'), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
  })).any

  test('is restored from its openings, and lists a reference for each text that it had', () => {
    fc.assert(
      fc.property(member, (value) => {
        const { sealFields, openings } = sealer(saltsFrom(seed))
        const sealed = sealFields(value, fields)
        const all = openingsOf(openings())
        expect(unseal(sealed, all)).toEqual(value)
        const references = personalReferences(sealed).map(({ digest }) => digest)
        expect(references.sort()).toEqual(Object.keys(all).sort())
        if (!seen.either('with personal data', 'without personal data', references.length > 0))
          expect(unseal(sealed, all)).toBe(sealed)
      }),
    )
    seen.expectAll()
  })

  test.each([
    ['is erased', undefined],
    ['is not JSON', 'Chan'],
    ['has another format', '["ccass-2fa/personal/2","salt","Chan"]'],
    ['is no list', '{"0":"ccass-2fa/personal/1","2":"Chan"}'],
    ['is null', 'null'],
  ])('reads [erased] if its opening %s', (_, opening) => {
    const { sealFields } = sealer(saltsFrom(seed))
    const sealed = sealFields({ surname: 'Chan', stage: 'Locked' }, fields)
    const [reference] = personalReferences(sealed)
    const openings = opening === undefined ? {} : { [reference?.digest ?? '']: opening }
    expect(unseal(sealed, openings)).toEqual({ surname: erasedValue, stage: 'Locked' })
    expect(unseal([sealed, 'x'], openings)).toEqual([{ surname: erasedValue, stage: 'Locked' }, 'x'])
    expect(erasedValue).toBe('[erased]')
  })

  test('of an entry has the openings of all kinds; an entry without personal data has none', () => {
    expect(openingsOf({ identity: { a: '1' }, contact: { b: '2', c: '3' } })).toEqual({
      a: '1',
      b: '2',
      c: '3',
    })
    expect(openingsOf({})).toEqual({})
    expect(openingsOf(undefined)).toEqual({})
  })
})

describe('PRI-02 · a reference', () => {
  const digest = digestOf('x')

  test('names a kind and a digest', () => {
    for (const personal of ['context', 'identity', 'contact'])
      expect(isPersonalReference({ personal, digest })).toBe(true)
  })

  test.each<[string, unknown]>([
    ['of an unknown kind', { personal: 'password', digest }],
    ['without a kind', { digest, other: 1 }],
    ['without a digest', { personal: 'context', other: 1 }],
    ['with a digest that is not a text', { personal: 'context', digest: 1 }],
    ['with another member', { personal: 'context', digest, other: 1 }],
    ['as a list', ['context', digest]],
    ['as a text', 'context'],
    ['as null', null],
    ['as undefined', undefined],
  ])('is not one %s', (_, value) => {
    expect(isPersonalReference(value)).toBe(false)
    expect(personalReferences(value)).toEqual([])
    expect(unseal(value, {})).toBe(value)
  })

  test('is listed once for each occurrence, at any depth', () => {
    const reference = { personal: 'context', digest }
    expect(personalReferences(reference)).toEqual([reference])
    expect(personalReferences([reference, { a: { b: [reference] }, c: 'x', d: null }])).toEqual([
      reference,
      reference,
    ])
  })
})
