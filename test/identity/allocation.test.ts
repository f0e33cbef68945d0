import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextUserId, suffixesOf } from '../../src/identity/allocation.ts'
import { parseUserId, type UserIdParts } from '../../src/identity/user-id.ts'
import { branches } from '../support/branches.ts'

type Resource = Omit<UserIdParts, 'suffix'>
const hkscc: Resource = { type: 'HKSCC', role: 'User', participantId: 'B01234' }
const seoch: Resource = { type: 'SEOCH', role: 'DelegatedAdministrator', participantId: 'ABC', group: '2' }
const exhausted = { code: 'user-ids-exhausted', rule: 'ID-12' }

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const allPairs = [...alphabet].flatMap((a) => [...alphabet].map((b) => a + b))

test('ID-09 · 1,269 suffixes are free for users and 27 for administrators: together all 36²', () => {
  const [users, administrators] = [suffixesOf('User'), suffixesOf('DelegatedAdministrator')]
  expect([users.length, administrators.length]).toEqual([1_269, 27])
  expect([...users, ...administrators].sort()).toEqual(allPairs)
})

test('ID-12 · the lowest suffix is first, digits before letters', () => {
  for (const role of ['User', 'DelegatedAdministrator'] as const)
    expect(suffixesOf(role)).toEqual([...suffixesOf(role)].sort())
  expect([...suffixesOf('User').slice(0, 11), suffixesOf('User').at(-1)]).toEqual([
    '00',
    '01',
    '02',
    '03',
    '04',
    '05',
    '06',
    '07',
    '08',
    '09',
    '0A',
    'ZZ',
  ])
  expect([suffixesOf('DelegatedAdministrator')[0], suffixesOf('DelegatedAdministrator').at(-1)]).toEqual([
    'X1',
    'Z9',
  ])
})

test('ID-12 · the lowest free ID is proposed, gaps first', () => {
  expect(nextUserId(hkscc, new Set())._unsafeUnwrap()).toBe('B0123400')
  expect(nextUserId(hkscc, new Set(['B0123400', 'B0123402']))._unsafeUnwrap()).toBe('B0123401')
  expect(nextUserId(seoch, new Set(['HKABC2X1']))._unsafeUnwrap()).toBe('HKABC2X2')
})

test('ID-06, ID-12 · in the as-written order, the proposed administrator’s ID has the letter first', () => {
  expect(nextUserId(seoch, new Set(['HKABCX21']), 'as-written')._unsafeUnwrap()).toBe('HKABCX22')
})

test('ID-12 · IDs of other participants, groups and roles do not affect the proposal', () => {
  const others = new Set(['B0123500', 'BNK99900', 'HKABC100', 'HKABC1X1', 'HKABC200', 'not an ID', ''])
  expect(nextUserId(hkscc, others)._unsafeUnwrap()).toBe('B0123400')
  expect(nextUserId(seoch, others)._unsafeUnwrap()).toBe('HKABC2X1')
})

const anyPlace = fc.oneof(
  fc.record({
    type: fc.constant('HKSCC' as const),
    role: fc.constantFrom('User' as const, 'DelegatedAdministrator' as const),
    participantId: fc.stringMatching(/^[A-Z][0-9]{5}$/),
  }),
  fc.record({
    type: fc.constantFrom('HKCC' as const, 'SEOCH' as const),
    role: fc.constantFrom('User' as const, 'DelegatedAdministrator' as const),
    participantId: fc.stringMatching(/^[A-Z0-9]{3}$/),
    group: fc.constantFrom('1' as const, '2' as const, '3' as const, '4' as const),
  }),
)
const head = (place: Resource) =>
  place.group ? `HK${place.participantId}${place.group}` : place.participantId

test('ID-09, ID-12 · for any allocated IDs the proposal is the lowest free suffix of the role, or none is left', () => {
  const seen = branches('a free ending', 'a free ending between taken ones', 'none is free')
  const administrators = /^[XYZ][1-9]$/
  const someTaken = fc.oneof(fc.nat(26), fc.nat(1_300))
  const someHoles = fc.oneof(fc.constant<number[]>([]), fc.uniqueArray(fc.oneof(fc.nat(26), fc.nat(1_295))))
  fc.assert(
    fc.property(anyPlace, someTaken, someHoles, (place, upTo, holes) => {
      const mine = allPairs.filter((pair) => administrators.test(pair) === (place.role !== 'User'))
      const taken = mine.filter((_, i) => i < upTo && !holes.includes(i))
      const free = mine.find((suffix) => !taken.includes(suffix))
      const next = nextUserId(place, new Set(taken.map((suffix) => head(place) + suffix)))
      seen.hitIf(
        'a free ending between taken ones',
        mine.indexOf(free ?? '') < taken.length && free !== undefined,
      )
      seen.either('none is free', 'a free ending', free === undefined)
      if (next.isErr()) expect([next.error, free]).toEqual([exhausted, undefined])
      else {
        expect(next.value).toBe(`${head(place)}${free}`)
        expect(parseUserId(next.value)._unsafeUnwrap().role).toBe(place.role)
      }
    }),
  )
  seen.expectAll()
})

test('ID-12 · allocating one ID after another gives each once, none that looks like an administrator’s, and finally none', () => {
  const taken = new Set<string>()
  for (let i = 0; i < 1_269; i++) taken.add(nextUserId(hkscc, taken)._unsafeUnwrap())
  expect(taken.size).toBe(1_269)
  expect([...taken].filter((userId) => /[XYZ][1-9]$/.test(userId))).toEqual([])
  expect(nextUserId(hkscc, taken)._unsafeUnwrapErr()).toEqual(exhausted)
})

test('ID-07, ID-12 · nothing is proposed without a valid participant', () => {
  const wrong: readonly Resource[] = [
    { ...hkscc, participantId: 'b01234' },
    { ...hkscc, participantId: 'B0123' },
    { ...hkscc, participantId: '' },
    { ...hkscc, type: 'DB' },
    { ...hkscc, group: '1' },
    { type: 'HKCC', role: 'User', participantId: 'ABC' },
    { ...seoch, participantId: 'ＡＢＣ' },
  ]
  for (const place of wrong)
    expect(nextUserId(place, new Set())._unsafeUnwrapErr()).toEqual({
      code: 'malformed-user-id',
      rule: 'ID-07',
      problem: 'shape',
    })
})

test('ID-12, API-01 · a malformed request for a proposal, or list of IDs, is refused without throwing', () => {
  const place = { type: 'HKSCC', role: 'User', participantId: 'B01234' } as const
  for (const taken of [undefined, null, {}, [], 'B0123401', { has: true }])
    expect(nextUserId(place, taken as never)._unsafeUnwrapErr()).toEqual({
      code: 'malformed-input',
      rule: 'API-01',
      field: 'taken',
      problem: 'must be a Set',
    })
  for (const none of [undefined, null, {}, 'x'])
    expect(nextUserId(none as never, new Set())._unsafeUnwrapErr()).toMatchObject({
      code: 'malformed-user-id',
    })
})
