import assert from 'node:assert/strict'
import type { ErasedThrough } from '../../ports/personal-data.ts'
import type { RecordKey, RecordWrite, StoragePort, TrailEntry } from '../../ports/storage.ts'
import { accountAt, type Check, commitOf, committed, loadOne, nextWrite, same, trailOf } from './fixtures.ts'

const openings = (seq: number): TrailEntry['personal'] & {} => ({
  context: { [`context-${seq}`]: `["salt","192.0.2.${seq} é😀 '\\"$"]` },
  identity: { [`identity-${seq}`]: '["salt","CHAN"]', [`identity-${seq}b`]: '["salt","Tai Man"]' },
  contact: { [`contact-${seq}`]: '["salt","chan@example.com"]' },
})

/** A write of `count` entries. All but the second have personal data of each kind. */
const personalWrite = async (storage: StoragePort, key: RecordKey, count: number): Promise<RecordWrite> => {
  const write = nextWrite(key, await loadOne(storage, key), { entries: count })
  return {
    ...write,
    entries: write.entries.map((entry) =>
      entry.seq === 2 ? entry : { ...entry, personal: openings(entry.seq) },
    ),
  }
}

const erasing = async (storage: StoragePort, key: RecordKey, erase: ErasedThrough): Promise<RecordWrite> => ({
  ...nextWrite(key, await loadOne(storage, key)),
  erase,
})

/** The kinds that each entry still has. */
const kindsLeft = async (storage: StoragePort, key: RecordKey) =>
  (await trailOf(storage, key)).map(({ personal }) =>
    Object.keys(personal ?? {})
      .sort()
      .join(' '),
  )

const all = 'contact context identity'

const returnsPersonalData: Check = async ({ storage }) => {
  const write = await personalWrite(storage, accountAt(), 3)
  await committed(storage, [write])
  same(await trailOf(storage, accountAt()), write.entries, 'entries are returned with their personal data')
}

const erased: Check = async ({ storage }) => {
  const [key, other] = [accountAt(), accountAt('B0123402')]
  for (const each of [key, other]) await committed(storage, [await personalWrite(storage, each, 4)])
  const before = await trailOf(storage, key)
  await committed(storage, [await erasing(storage, key, { context: 3, contact: 1 })])
  same(
    await kindsLeft(storage, key),
    ['identity', '', 'contact identity', all, ''],
    'personal data of each kind is erased up to the named entry and no further',
  )
  same(
    (await trailOf(storage, key)).slice(0, 4).map(({ personal: _, ...entry }) => entry),
    before.map(({ personal: _, ...entry }) => entry),
    'everything else in the entries is unchanged',
  )
  same((await trailOf(storage, key))[3]?.personal, openings(4), 'data that is not erased is unchanged')
  await committed(storage, [await erasing(storage, key, { identity: 9, context: 9, contact: 9 })])
  same(await kindsLeft(storage, key), ['', '', '', '', '', ''], 'personal data of every kind can be erased')
  assert.ok(
    (await trailOf(storage, key)).every(({ personal }) => personal === undefined),
    'an entry without personal data has no such field, not an empty object',
  )
  same(await kindsLeft(storage, other), [all, '', all, all], 'other trails are unchanged')
}

const withItsCommit: Check = async ({ storage }) => {
  const [key, other] = [accountAt(), accountAt('B0123402')]
  for (const each of [key, other]) await committed(storage, [await personalWrite(storage, each, 1)])
  const stale = { ...(await personalWrite(storage, other, 1)), expectedVersion: 0 }
  const outcome = await storage.commit(
    commitOf([await erasing(storage, key, { context: 1, identity: 1, contact: 1 }), stale]),
  )
  assert.equal(outcome, 'conflict', 'a commit on an old version is a conflict')
  same(await kindsLeft(storage, key), [all], 'a conflicting commit erases nothing')
}

const ownEntries: Check = async ({ storage }) => {
  const key = accountAt()
  await committed(storage, [await personalWrite(storage, key, 1)])
  const write = await personalWrite(storage, key, 1)
  const kept = { ...write, entries: write.entries.map((entry) => ({ ...entry, personal: openings(2) })) }
  await committed(storage, [{ ...kept, erase: { contact: 1 } }])
  same(
    await kindsLeft(storage, key),
    ['context identity', all],
    'personal data written by the commit itself is kept',
  )
}

/** Personal data, stored with trail entries. */
export const personalDataChecks: Readonly<Record<string, Check>> = {
  'PRI-02 · personal data is returned with its entries': returnsPersonalData,
  'PRI-02 · personal data is erased by kind, up to an entry': erased,
  'PRI-02 · erasure is part of its commit': withItsCommit,
  'PRI-02 · a commit that erases keeps the personal data it writes': ownEntries,
}
