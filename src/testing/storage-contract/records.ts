import assert from 'node:assert/strict'
import { type Json, recordKinds as kinds, type RecordKey } from '../../ports/storage.ts'
import { accountAt, type Check, committed, loadOne, nextWrite, same, trailOf, waiting } from './fixtures.ts'

const unicode = 'é e\u0301 界 😀 \u{10ffff} \u200f \ufeff ß İ'
const awkward = '"\'`\\/%_;--\t\n\r\u0001\u001f\u007f\u2028$x {} \\u0041 </script>'

const states: Readonly<Record<string, Json>> = {
  'an empty object': {},
  'an empty list': [],
  nothing: null,
  'a number': 0,
  'an empty text': '',
  nested: { a: [{ b: [[], {}, [[null]]] }, true, false, { c: { d: { e: [1, 'two', null] } } }] },
  Unicode: { [unicode]: unicode },
  'quotes and control characters': { [awkward]: awkward },
  'a text of 100 kB': 'é😀x'.repeat(14_000),
  numbers: [
    0.1,
    -1.5,
    1e-7,
    5e-324,
    1.7976931348623157e308,
    2 ** 53 - 1,
    1 - 2 ** 53,
    1e21,
    1_682_643_600_123,
  ],
  // A literal would set the prototype instead.
  'a key named __proto__': JSON.parse('{"__proto__":{"a":1},"constructor":2,"toString":"x"}'),
  'keys like numbers': { '10': 'ten', '9': 'nine', '': 'none', '01': 'one' },
}

const unknownKeys: Check = async ({ storage }) => {
  same(await storage.load([]), [], 'a load of no keys returns no records')
  const found = await storage.load([accountAt('A'), accountAt('B'), accountAt('A')])
  assert.equal(found.length, 3, 'a load returns one result for each key')
  assert.ok(
    found.every((record) => record === undefined),
    'an unknown record is `undefined`',
  )
}

const order: Check = async ({ storage }) => {
  const [a, b, c] = [accountAt('A'), accountAt('B'), accountAt('C', 'BNK999')]
  await committed(
    storage,
    [c, a, b].map((key) => nextWrite(key, undefined, { state: key.id })),
  )
  const keys = [b, accountAt('unknown'), c, a, b, accountAt('A', 'BNK999')]
  const found = await storage.load(keys)
  same(
    found.map((record) => record?.state ?? 'none'),
    ['B', 'none', 'C', 'A', 'B', 'none'],
    'records are returned in the order of the keys, duplicates included',
  )
}

const roundTrip: Check = async ({ storage }) => {
  for (const [name, state] of Object.entries(states)) {
    const key = accountAt(name)
    const vault = { 'a b': unicode, [awkward]: awkward, long: 'x'.repeat(100_000), empty: '' }
    const write = nextWrite(key, undefined, { state, vault, entries: 2 })
    await committed(storage, [write])
    same(
      await loadOne(storage, key),
      write.record,
      `state, vault, head and version are returned as written: ${name}`,
    )
    same(await trailOf(storage, key), write.entries, `the trail is returned as written: ${name}`)
  }
}

const protoInVault: Check = async ({ storage }) => {
  const key = accountAt()
  const vault: Record<string, string> = JSON.parse('{"__proto__":"a","constructor":"b"}')
  await committed(storage, [nextWrite(key, undefined, { vault })])
  same((await loadOne(storage, key))?.vault, vault, 'a name in the vault may be any text')
}

const replaced: Check = async ({ storage }) => {
  const key = accountAt()
  const first = nextWrite(key, undefined, {
    state: { a: 1, b: 2 },
    vault: { old: 'x', kept: 'y' },
    entries: 3,
  })
  const second = nextWrite(key, first.record, { state: { a: 2 }, vault: { kept: 'y' }, entries: 2 })
  await committed(storage, [first])
  await committed(storage, [second])
  same(await loadOne(storage, key), second.record, 'a record is replaced, not merged')
  same(await trailOf(storage, key), [...first.entries, ...second.entries], 'a write appends to the trail')
}

/** Overwrites everything that is mutable, at any depth. Frozen values cannot change and need no test. */
const spoil = (value: unknown): void => {
  if (typeof value !== 'object' || value === null) return
  for (const key of Object.keys(value)) {
    spoil(Reflect.get(value, key))
    Reflect.set(value, key, 'spoilt')
  }
  Reflect.set(value, 'added', 'spoilt')
}

const isolation: Check = async ({ storage }) => {
  const key = accountAt()
  const write = () =>
    nextWrite(accountAt(), undefined, { state: { list: [1, { a: 'b' }] }, vault: { c: 'd' }, entries: 2 })
  const notice = () => ({
    id: 'notice',
    participant: key.participant,
    notice: { type: 'account-locked', to: 'a@b.example', userId: key.id, at: 1 } as const,
  })
  const [given, told] = [write(), notice()]
  await committed(storage, [given], [told])
  spoil(given)
  spoil(told)
  for (const what of ['the objects passed in', 'the objects returned']) {
    const record = await loadOne(storage, key)
    const trail = await trailOf(storage, key)
    const notices = await waiting(storage)
    const participants = await storage.participants({ after: '', limit: 10 })
    const listed = await storage.list(key.participant, key.kind, { after: '', limit: 10 })
    same(record, write().record, `modifying ${what} does not change the record`)
    same(trail, write().entries, `modifying ${what} does not change the trail`)
    same(await waiting(storage), [notice()], `modifying ${what} does not change the notices`)
    same(listed, [{ id: key.id, record: write().record }], `modifying ${what} does not change the list`)
    same(participants, [key.participant], `modifying ${what} does not change the participants`)
    for (const each of [record, trail, notices, listed, participants]) spoil(each)
  }
  same(await loadOne(storage, key), write().record, 'modifying a loaded object does not change the record')
}

/**
 * Keys that look alike, or become equal if their parts are joined, case-folded, trimmed or used as patterns.
 */
const lookAlikes: readonly (readonly [participant: string, id: string])[] = [
  ['B01234', 'B0123401'],
  ['B01234', 'b0123401'],
  ['b01234', 'B0123401'],
  ['B01234', 'B0123401 '],
  ['B01234 ', 'B0123401'],
  ['B0123401', 'B01234'],
  ...['/', ':', '|', ',', '","', '\u001f', '-', '\n', '\\'].flatMap((separator): [string, string][] => [
    ['a', `b${separator}c`],
    [`a${separator}b`, 'c'],
  ]),
  ['a', 'account:b'],
  ['a:account', 'b'],
  ['100', '1'],
  ['1e2', '1'],
  ['1', '01'],
  ['1', '1.0'],
  ['%', '_'],
  ['__proto__', 'constructor'],
  ['é', 'x'],
  ['e\u0301', 'x'],
  ['Ａ', 'x'],
  ['A', 'x'],
]

const apart: Check = async ({ storage }) => {
  const keys = lookAlikes.flatMap(([participant, id]) =>
    kinds.map((kind): RecordKey => ({ participant, kind, id })),
  )
  const writes = keys.map((key, i) => nextWrite(key, undefined, { state: i, operation: `act ${i}` }))
  for (const write of writes) await committed(storage, [write])
  same(
    await storage.load(keys),
    writes.map(({ record }) => record),
    'records with similar participants, kinds and ids do not collide',
  )
  for (const { key, entries } of writes)
    same(await trailOf(storage, key), entries, `their trails do not collide: ${JSON.stringify(key)}`)
}

/** What is loaded equals what was written. */
export const recordChecks: Readonly<Record<string, Check>> = {
  'records · unknown keys load as undefined, one for each': unknownKeys,
  'records · load keeps the order of the keys, duplicates included': order,
  'records · state, vault, head, version and trail are returned as they were written': roundTrip,
  'records · a name in the vault may be any text, __proto__ included': protoInVault,
  'records · a later write replaces state and vault, and appends to the trail': replaced,
  'records · changing an object that was passed in or loaded changes nothing stored': isolation,
  'records · similar participants, kinds and IDs do not collide': apart,
}
