import assert from 'node:assert/strict'
import type { RecordKey, RecordWrite, StoragePort } from '../../ports/storage.ts'
import {
  accountAt,
  type Check,
  commitOf,
  committed,
  conditional,
  everythingOf,
  loadOne,
  nextWrite,
  noticeOf,
  same,
} from './fixtures.ts'

const [a, b, c] = [accountAt('A'), accountAt('B'), accountAt('C', 'BNK999')]

/** A storage with A at version 2, B at version 1, and no C. */
const filled = async (storage: StoragePort) => {
  const first = nextWrite(a, undefined, { state: 'a1' })
  const second = nextWrite(a, first.record, { state: 'a2' })
  const other = nextWrite(b, undefined, { state: 'b1' })
  await committed(storage, [first, other], [noticeOf('kept')])
  await committed(storage, [second])
  return { a: second.record, b: other.record }
}

/** Checks that the commit conflicts and leaves nothing behind: no record, entry or notice. */
const expectConflict = async (storage: StoragePort, writes: readonly RecordWrite[], what: string) => {
  const before = await everythingOf(storage, [a, b, c])
  assert.equal(await storage.commit(commitOf(writes, [noticeOf(what)])), 'conflict', what)
  assert.equal(await everythingOf(storage, [a, b, c]), before, `nothing is written: ${what}`)
}

/** Writes with an expected version that is wrong. */
const staleWrites = (present: { version: number; head: string }): Readonly<Record<string, RecordWrite>> => ({
  'an insert of an existing record': nextWrite(a, undefined, { state: 'stale' }),
  'an update of an older version': nextWrite(a, { version: present.version - 1, head: 'x' }),
  'an update of a future version': nextWrite(a, { version: present.version + 1, head: 'x' }),
  'an update of a missing record': nextWrite(c, { version: 1, head: 'x' }),
})

const conflicts: Check = async ({ storage }) => {
  const present = await filled(storage)
  for (const [what, write] of Object.entries(staleWrites(present.a)))
    await expectConflict(storage, [write], what)
}

const allOrNothing: Check = async ({ storage }) => {
  const present = await filled(storage)
  for (const [what, stale] of Object.entries(staleWrites(present.a))) {
    const good = nextWrite(b, present.b, { state: 'b2', entries: 2 })
    await expectConflict(storage, [good, stale], `${what}, after a valid write`)
    await expectConflict(storage, [stale, good], `${what}, before a valid write`)
    const others = stale.key === c ? [good] : [nextWrite(c, undefined), good]
    await expectConflict(storage, [...others, stale], `${what}, after several valid writes`)
  }
}

const together: Check = async ({ storage }) => {
  const present = await filled(storage)
  const writes = [nextWrite(c, undefined), nextWrite(a, present.a, { entries: 3 }), nextWrite(b, present.b)]
  await committed(storage, writes, [noticeOf('new')])
  same(
    await storage.load([c, a, b]),
    writes.map(({ record }) => record),
    'a commit writes all of its records',
  )
}

const afterConflict: Check = async ({ storage }) => {
  const present = await filled(storage)
  await storage.commit(commitOf([nextWrite(a, undefined)]))
  const next = nextWrite(a, present.a, { state: 'a3' })
  await committed(storage, [next])
  same(await loadOne(storage, a), next.record, 'after a conflict, a commit on the right version succeeds')
}

const empty: Check = async ({ storage }) => {
  await filled(storage)
  const before = await everythingOf(storage, [a, b, c])
  await committed(storage, [])
  assert.equal(await everythingOf(storage, [a, b, c]), before, 'an empty commit changes nothing')
}

const unchangedHolds: Check = async ({ storage }) => {
  const present = await filled(storage)
  const write = nextWrite(b, present.b, { state: 'b2' })
  const commit = conditional([write], [a, present.a.version], [c, 0])
  assert.equal(await storage.commit(commit), 'committed', 'an unchanged record is no conflict')
  same(
    await storage.load([a, b, c]),
    [present.a, write.record, null],
    'a record that must be unchanged is not written',
  )
  assert.equal(
    await storage.commit(conditional([], [b, write.record.version])),
    'committed',
    'a commit may consist of conditions only',
  )
}

const unchangedMoved: Check = async ({ storage }) => {
  const present = await filled(storage)
  const write = nextWrite(b, present.b, { state: 'b2' })
  const { version } = present.a
  const moved: Readonly<Record<string, readonly [RecordKey, number]>> = {
    'it exists although expected absent': [a, 0],
    'an older version was expected': [a, version - 1],
    'a newer version was expected': [a, version + 1],
    'it does not exist although expected': [c, 1],
  }
  for (const [what, condition] of Object.entries(moved))
    for (const writes of [[write], [write, nextWrite(accountAt('new'), undefined)], []]) {
      const before = await everythingOf(storage, [a, b, c, accountAt('new')])
      const commit = { ...conditional(writes, [b, present.b.version], condition), notices: [noticeOf('no')] }
      assert.equal(await storage.commit(commit), 'conflict', `a record that should be unchanged: ${what}`)
      assert.equal(
        await everythingOf(storage, [a, b, c, accountAt('new')]),
        before,
        `nothing is written: ${what}`,
      )
    }
}

/** A commit takes effect completely or not at all. */
export const commitChecks: Readonly<Record<string, Check>> = {
  'commits · a record that is not at its expected version causes a conflict, and nothing is written':
    conflicts,
  'commits · if one of several records is stale, in any order, nothing is written': allOrNothing,
  'commits · several records and a notice are written together': together,
  'commits · a required unchanged record that has not changed does not prevent the commit': unchangedHolds,
  'commits · a required unchanged record that has changed causes a conflict, and nothing is written':
    unchangedMoved,
  'commits · after a conflict, a commit on the current version succeeds': afterConflict,
  'commits · an empty commit succeeds and changes nothing': empty,
}
