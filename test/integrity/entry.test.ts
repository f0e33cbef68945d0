/** The shape of an entry, as a storage returns it. */
import { expect, test } from 'vitest'
import { entryOf } from '../../src/integrity/entry.ts'
import { chainOf } from './support.ts'

const entry = chainOf(1)[0] ?? expect.fail()

test('AUD-02 · what lacks a member, or has one of another type, is no entry', () => {
  expect(entryOf(entry)).toBe(entry)
  for (const wrong of [
    ...[{ seq: 0 }, { seq: 1.5 }, { seq: '1' }, { actor: 1 }, { actor: undefined }, { operationId: 7 }],
    ...[{ hash: undefined }, { hash: 7 }, { eventVersion: 0 }, { eventVersion: '1' }],
    ...[{ event: 'SignInRefused' }, { event: { at: 1 } }, { event: { type: 7 } }, { event: null }],
  ])
    expect([wrong, entryOf({ ...entry, ...wrong })]).toEqual([wrong, undefined])
})

test('PRI-02 · an entry without personal data has no member for it', () => {
  expect(Object.keys(entry)).not.toContain('personal')
})
