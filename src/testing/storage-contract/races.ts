import assert from 'node:assert/strict'
import type { RecordKey, StoragePort } from '../../ports/storage.ts'
import {
  accountAt,
  assertWhole,
  type Check,
  commitOf,
  committed,
  conditional,
  loadOne,
  nextWrite,
  noticeOf,
  type StorageUnderTest,
  same,
  waiting,
  writeUntilCommitted,
} from './fixtures.ts'

const [a, b] = [accountAt('A'), accountAt('B', 'BNK999')]
const racers = Array.from({ length: 20 }, (_, i) => `writer ${i}`)
const crowd = Array.from({ length: 50 }, (_, i) => `writer ${i}`)

/** All writers commit on the same version at once: one succeeds, the others get a conflict. */
const race = async (storages: readonly StoragePort[], storage: StoragePort, key: RecordKey) => {
  const before = await loadOne(storage, key)
  const outcomes = await Promise.all(
    racers.map((operation, i) =>
      (storages[i % storages.length] ?? storage).commit(
        commitOf(
          [nextWrite(key, before, { operation, state: operation, entries: 2 })],
          [noticeOf(operation)],
        ),
      ),
    ),
  )
  const winners = racers.filter((_, i) => outcomes[i] === 'committed')
  assert.equal(winners.length, 1, 'exactly one of the concurrent commits succeeds')
  assert.ok(
    outcomes.every((outcome) => outcome === 'committed' || outcome === 'conflict'),
    'the others are conflicts',
  )
  const after = await loadOne(storage, key)
  assert.equal(after?.state, winners[0], 'the record has the state of the successful commit')
  const trail = await assertWhole(storage, key)
  same(
    trail.slice(-2).map(({ operationId: operation }) => operation),
    [winners[0], winners[0]],
    'the trail ends with the entry of the successful commit',
  )
  const notices = await waiting(storage)
  same(
    notices.map(({ id }) => id),
    winners,
    'a conflicting commit leaves no notice',
  )
  for (const notice of notices) await storage.settleNotice(notice)
}

/** All writers retry until committed: no write is lost, and none counts twice. */
const allWritersSucceed = async (
  storages: readonly StoragePort[],
  storage: StoragePort,
  keysOf: (i: number) => readonly RecordKey[],
) => {
  await Promise.all(
    crowd.map((operation, i) =>
      writeUntilCommitted(storages[i % storages.length] ?? storage, keysOf(i), operation),
    ),
  )
  for (const key of new Set(crowd.flatMap((_, i) => keysOf(i)))) {
    const writers = crowd.filter((_, i) => keysOf(i).includes(key))
    const trail = await assertWhole(storage, key)
    assert.equal(
      (await loadOne(storage, key))?.version,
      writers.length,
      'the version is the number of writes',
    )
    same(
      trail.map(({ operationId: operation }) => operation).sort(),
      [...writers].sort(),
      'each write is in the trail once',
    )
  }
}

const alone = ({ storage }: StorageUnderTest) => Promise.resolve([storage])
const inPair = async ({ storage, second }: StorageUnderTest) =>
  second === undefined ? undefined : [storage, await second()]

const raced =
  (storagesOf: (given: StorageUnderTest) => Promise<readonly StoragePort[] | undefined>): Check =>
  async (given) => {
    const storages = await storagesOf(given)
    if (storages === undefined) return
    await race(storages, given.storage, a)
    await race(storages, given.storage, a)
    await race(storages, given.storage, b)
  }

const crowded =
  (
    storagesOf: (given: StorageUnderTest) => Promise<readonly StoragePort[] | undefined>,
    keysOf: (i: number) => readonly RecordKey[],
  ): Check =>
  async (given) => {
    const storages = await storagesOf(given)
    if (storages !== undefined) await allWritersSucceed(storages, given.storage, keysOf)
  }

/**
 * Each writes one record and requires the other one to be unchanged. If both succeeded, both conditions would
 * be violated.
 */
const crossing = async (storages: readonly StoragePort[], storage: StoragePort) => {
  const [atA, atB] = await storage.load([a, b])
  const commitBy = (operation: string, i: number): Promise<string> =>
    (storages[i % storages.length] ?? storage).commit(
      // In pairs, so that each of two storages has both kinds.
      i % 4 < 2
        ? conditional([nextWrite(a, atA, { operation })], [b, atB?.version ?? 0])
        : conditional([nextWrite(b, atB, { operation })], [a, atA?.version ?? 0]),
    )
  const outcomes = await Promise.all(racers.map(commitBy))
  assert.equal(
    outcomes.filter((outcome) => outcome === 'committed').length,
    1,
    'of commits that each depend on what the others change, exactly one succeeds',
  )
}

const crossed =
  (storagesOf: (given: StorageUnderTest) => Promise<readonly StoragePort[] | undefined>): Check =>
  async (given) => {
    const storages = await storagesOf(given)
    if (storages === undefined) return
    for (let round = 0; round < 3; round++) await crossing(storages, given.storage)
    const trails = [await assertWhole(given.storage, a), await assertWhole(given.storage, b)]
    assert.equal(trails.flat().length, 3, 'each round has one write')
  }

const independentWriters: Check = async ({ storage }) => {
  const keys = racers.map((id) => accountAt(id))
  const outcomes = await Promise.all(keys.map((key) => storage.commit(commitOf([nextWrite(key, undefined)]))))
  same(
    outcomes,
    keys.map(() => 'committed'),
    'writers of different records do not conflict',
  )
}

const seenByOthers: Check = async ({ storage, second }) => {
  if (second === undefined) return
  const other = await second()
  const first = nextWrite(a, undefined, { state: 'first' })
  await committed(storage, [first], [noticeOf('told')])
  same(await loadOne(other, a), first.record, 'the second storage sees a commit of the first')
  same(await waiting(other), [noticeOf('told')], 'the second storage sees its notice')
  await committed(other, [nextWrite(a, first.record, { state: 'second' })])
  assert.equal((await loadOne(storage, a))?.state, 'second', 'the first storage sees a commit of the second')
  await other.settleNotice(noticeOf('told'))
  same(await waiting(storage), [], 'a notice settled by the second storage is settled for the first')
  assert.equal(
    await storage.commit(commitOf([nextWrite(a, first.record)])),
    'conflict',
    'a version that the other storage has replaced',
  )
}

const bothWays = (i: number) => (i % 2 === 0 ? [a, b] : [b, a])

/** Parallel writers, on one storage, or on two with the same data if there is a second. */
export const raceChecks: Readonly<Record<string, Check>> = {
  'races · of many concurrent commits on one version exactly one succeeds': raced(alone),
  'races · fifty concurrent writers that retry all succeed, once each': crowded(alone, () => [a]),
  'races · concurrent writers of the same two records, in both orders, all succeed': crowded(alone, bothWays),
  'races · of many commits that each depend on what the others change exactly one succeeds': crossed(alone),
  'races · writers of different records do not conflict': independentWriters,
  'two storages · each immediately sees what the other committed': seenByOthers,
  'two storages · of many concurrent commits on one version exactly one succeeds': raced(inPair),
  'two storages · of many commits that each depend on what the others change exactly one succeeds':
    crossed(inPair),
  'two storages · fifty concurrent writers that retry all succeed, once each': crowded(inPair, () => [a]),
  'two storages · concurrent writers of the same two records, in both orders, all succeed': crowded(
    inPair,
    bothWays,
  ),
}
