import assert from 'node:assert/strict'
import type { JournalEntry, RecordKey, StoragePort } from '../../ports/storage.ts'
import {
  accountAt,
  type Check,
  commitOf,
  committed,
  loadOne,
  nextWrite,
  type StorageUnderTest,
  same,
  trailOf,
  writeUntilCommitted,
} from './fixtures.ts'

const keys = [accountAt('A'), accountAt('B', 'BNK999'), accountAt('A', 'HKABC')]

/** Identifies an entry, without its position. */
const nameOf = ({ key, entry }: JournalEntry) => `${key.participant} ${key.id} ${entry.seq} ${entry.hash}`

/**
 * Reads pages from a position to the current end. Each page begins with the last entry of the previous one.
 */
const readFrom = async (storage: StoragePort, start: JournalEntry | undefined, limit: number) => {
  const read: JournalEntry[] = []
  for (let last = start; ; ) {
    const page = await storage.journal({ from: last?.position ?? '', limit: limit + (last ? 1 : 0) })
    if (last !== undefined)
      assert.equal(page[0] && nameOf(page[0]), nameOf(last), 'a page begins with the entry at its position')
    const fresh = last === undefined ? page : page.slice(1)
    if (fresh.length === 0) return read
    read.push(...fresh)
    last = fresh.at(-1)
  }
}

/**
 * Waits until the journal has this many entries. A storage may leave out entries for a moment while commits
 * are running, including those of other tests.
 */
const settled = async (storage: StoragePort, count: number): Promise<readonly JournalEntry[]> => {
  for (let tries = 0; ; tries++) {
    const all = await readFrom(storage, undefined, 100)
    if (all.length >= count || tries === 400) {
      assert.equal(all.length, count, 'every committed entry appears, once')
      return all
    }
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

/** Checks that every entry of these records is in the journal, once, in the order of its trail. */
const assertComplete = async (
  storage: StoragePort,
  read: readonly JournalEntry[],
  records: readonly RecordKey[],
) => {
  for (const key of records)
    same(
      read
        .filter((each) => each.key.participant === key.participant && each.key.id === key.id)
        .map(({ entry }) => entry),
      await trailOf(storage, key),
      'the entries of a record, in the order of its trail, each exactly once',
    )
  assert.equal(new Set(read.map(({ position }) => position)).size, read.length, 'each position is unique')
}

const inOrder: Check = async ({ storage }) => {
  same(await storage.journal({ from: '', limit: 10 }), [], 'a new journal is empty')
  for (let round = 0; round < 4; round++)
    for (const key of keys)
      await committed(storage, [nextWrite(key, await loadOne(storage, key), { entries: 1 + round })])
  await committed(
    storage,
    await Promise.all(keys.map(async (key) => nextWrite(key, await loadOne(storage, key), { entries: 3 }))),
  )
  const all = await settled(storage, 39)
  await assertComplete(storage, all, keys)
  assert.deepEqual(
    all.slice(0, 3).map(({ key }) => key),
    keys,
    'entries are in the order of their commits, regardless of the record',
  )
  for (const limit of [1, 2, 7, 38, 39, 40])
    same((await readFrom(storage, undefined, limit)).map(nameOf), all.map(nameOf), `in pages of ${limit}`)
  for (const at of [0, 1, 20, 37, 38])
    same(
      (await readFrom(storage, all[at], 5)).map(nameOf),
      all.slice(at + 1).map(nameOf),
      `resumed after entry ${at}`,
    )
  const [first] = all
  same(
    await storage.journal({ from: first?.position ?? '', limit: 1 }),
    [first],
    'a position includes its entry',
  )
  same(await storage.journal({ from: '', limit: 0 }), [], 'a limit of 0 returns no entry')
}

const conflicts: Check = async ({ storage }) => {
  const [key] = keys
  if (key === undefined) return
  const first = nextWrite(key, undefined)
  await committed(storage, [first])
  for (const other of [accountAt('C'), accountAt('D')])
    await storage.commit(commitOf([nextWrite(other, undefined), nextWrite(key, undefined)]))
  await committed(storage, [nextWrite(key, first.record, { operation: 'second' })])
  const all = await settled(storage, 2)
  await assertComplete(storage, all, [key])
}

/** A host that has moved to another store passes a position of the old one. */
const otherPositions: Check = async ({ storage }) => {
  const [key] = keys
  if (key === undefined) return
  await committed(storage, [nextWrite(key, undefined, { entries: 3 })])
  await settled(storage, 3)
  const foreign = [
    '12',
    'x',
    '-1',
    '1.5',
    '9'.repeat(40),
    '{}',
    '["1"]',
    '["x","","","","0"]',
    '["1","\u0000","","","0"]',
  ]
  for (const from of [
    ...foreign,
    '["-1","","","","0"]',
    '["1","","","","1e9"]',
    `["${'9'.repeat(30)}","","","","0"]`,
  ])
    assert.ok(
      (await storage.journal({ from, limit: 2 })).length <= 2,
      `from ${from}: at most the requested number`,
    )
}

const alone = ({ storage }: StorageUnderTest) => Promise.resolve([storage])
const inPair = async ({ storage, second }: StorageUnderTest) =>
  second === undefined ? undefined : [storage, await second()]

const writers = Array.from({ length: 12 }, (_, i) => accountAt(`W${i}`, i % 2 === 0 ? 'B01234' : 'BNK999'))
const rounds = 6
const shared = accountAt('shared')

/**
 * A reader that never goes back, in parallel with writers. Each writer writes its own record together with a
 * shared one, so that commits of several records wait for each other and finish in a different order than
 * they began.
 */
const beside =
  (storagesOf: (given: StorageUnderTest) => Promise<readonly StoragePort[] | undefined>): Check =>
  async (given) => {
    const storages = await storagesOf(given)
    if (storages === undefined) return
    const read: JournalEntry[] = []
    let writing = true
    const reader = (async () => {
      const at = storages.at(-1) ?? given.storage
      for (let waited = 0; waited < 100 && read.length < writers.length * rounds * 2; ) {
        if (!writing) waited++
        read.push(...(await readFrom(at, read.at(-1), 3)))
        await new Promise((resolve) => setTimeout(resolve, writing ? 0 : 25))
      }
    })()
    try {
      await Promise.all(
        writers.map(async (own, i) => {
          const storage = storages[i % storages.length] ?? given.storage
          for (let round = 0; round < rounds; round++)
            await writeUntilCommitted(storage, i % 3 === 0 ? [shared, own] : [own, shared], `${i}-${round}`)
        }),
      )
    } finally {
      writing = false // also if a writer fails, otherwise the reader would never end
    }
    await settled(given.storage, writers.length * rounds * 2)
    await reader
    await assertComplete(given.storage, read, [...writers, shared])
  }

/** The entries of all records, in the one order that never changes and that a feed reads. */
export const journalChecks: Readonly<Record<string, Check>> = {
  'journal · all entries of all records, in one order, starting from any position': inOrder,
  'journal · a conflict adds no entry': conflicts,
  'journal · a position of another storage causes no error': otherPositions,
  'races · a reader of the journal during writes gets every entry once, in the order of its record':
    beside(alone),
  'two storages · a reader of the journal during writes through both gets every entry once': beside(inPair),
}
