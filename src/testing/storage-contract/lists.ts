import { recordKinds, type StoragePort } from '../../ports/storage.ts'
import { accountAt, type Check, commitOf, committed, nextWrite, noticeOf, same } from './fixtures.ts'

const key = accountAt()

const paging: Check = async ({ storage }) => {
  const first = nextWrite(key, undefined, { entries: 4, operation: 'first' })
  const second = nextWrite(key, first.record, { entries: 7, operation: 'second' })
  await committed(storage, [first])
  await committed(storage, [second])
  const all = [...first.entries, ...second.entries]
  for (const after of [0, 1, 3, 4, 5, 10, 11, 12, 1_000])
    for (const limit of [0, 1, 2, 4, 7, 11, 12, 1_000])
      same(
        await storage.trail(key, { after, limit }),
        all.slice(after, after + limit),
        `at most ${limit} entries after ${after}`,
      )
}

const longTrail: Check = async ({ storage }) => {
  const write = nextWrite(key, undefined, { entries: 120 })
  await committed(storage, [write])
  const read = []
  let after = 0
  for (let pages = 0; pages < 4; pages++) {
    const page = await storage.trail(key, { after, limit: 50 })
    read.push(...page)
    after = page.at(-1)?.seq ?? after
  }
  same(
    read,
    write.entries,
    'three pages and an empty one are the whole trail, ordered by number and not by text',
  )
}

/** An adapter that reads several trails at once returns the same as for each of them. */
const trailsTogether = async ({ trails, trail }: StoragePort) => {
  if (trails === undefined) return
  const keys = [accountAt('2'), accountAt('none'), key, accountAt(key.id, 'BNK998')]
  const apart = await Promise.all(keys.map((each) => trail(each, { after: 0, limit: 100 })))
  same(await trails(keys, 100), apart, 'several trails together, in the order of the keys')
  for (const limit of [1, 5])
    same((await trails(keys, limit)).flat().length, limit, 'at most `limit` in total')
}

const unknownTrail: Check = async ({ storage }) => {
  await committed(storage, [nextWrite(key, undefined)])
  for (const [i, each] of [accountAt('2'), accountAt(key.id, 'BNK998')].entries())
    await committed(storage, [nextWrite(each, undefined, { entries: 11 + i, operation: each.participant })])
  await trailsTogether(storage)
  same(
    await storage.trail(accountAt('unknown'), { after: 0, limit: 10 }),
    [],
    'an unknown record has an empty trail',
  )
  same(
    await storage.trail(accountAt(key.id, 'BNK999'), { after: 0, limit: 10 }),
    [],
    'the same id of another participant has an empty trail',
  )
}

/** In the order that a list must have: ASCII, regardless of the database's locale. */
const sortedIds = ['-', '01', '1', '10', '100', '2', 'A', 'B', 'B0', 'Z', '_', 'a', 'a b', 'aa', 'b', 'é']

const listed: Check = async ({ storage }) => {
  const ids = [
    ...sortedIds.filter((_, i) => i % 2 === 0),
    ...sortedIds.filter((_, i) => i % 2 === 1).reverse(),
  ]
  const writes = ids.map((id) => nextWrite(accountAt(id), undefined, { state: { id }, vault: { id } }))
  for (const write of writes) await committed(storage, [write])
  const all = sortedIds.map((id) => ({ id, record: writes.find((write) => write.key.id === id)?.record }))
  for (const after of ['', '0', '1', '11', 'A', 'a', 'b', 'é', 'ü'])
    for (const limit of [0, 1, 3, 100])
      same(
        await storage.list(key.participant, key.kind, { after, limit }),
        all.filter(({ id }) => id > after).slice(0, limit),
        `at most ${limit} records after “${after}”, by id`,
      )
}

const listedApart: Check = async ({ storage }) => {
  const places = ['B01234', 'B012345', 'b01234', 'BNK999'].flatMap((participant) =>
    recordKinds.map((kind) => ({ participant, kind })),
  )
  for (const place of places)
    await committed(
      storage,
      ['1', '2'].map((id) => nextWrite({ ...place, id }, undefined, { state: { ...place, id } })),
    )
  for (const { participant, kind } of places) {
    const found = await storage.list(participant, kind, { after: '', limit: 10 })
    same(
      found.map(({ id, record }) => ({ id, state: record.state })),
      ['1', '2'].map((id) => ({ id, state: { participant, kind, id } })),
      'a list has the records of its participant and kind, and no others',
    )
  }
  same(
    await storage.list('HKABC', 'account', { after: '', limit: 10 }),
    [],
    'an empty list if there are no records',
  )
}

const listsCurrentVersions: Check = async ({ storage }) => {
  const first = nextWrite(key, undefined, { state: 'first' })
  const second = nextWrite(key, first.record, { state: 'second' })
  await committed(storage, [first])
  await committed(storage, [second])
  await storage.commit(commitOf([nextWrite(key, first.record), nextWrite(accountAt('other'), undefined)]))
  same(
    await storage.list(key.participant, key.kind, { after: '', limit: 10 }),
    [{ id: key.id, record: second.record }],
    'a list has each record once, in its current version',
  )
}

/** Participants in the order that the list must have. */
const sortedParticipants = ['B01234', 'B1', 'B10', 'B9', 'C', 'HKABC', 'b01234']

const participantPages: Check = async ({ storage }) => {
  same(await storage.participants({ after: '', limit: 10 }), [], 'a new storage has no participants')
  for (const [i, participant] of [
    ...sortedParticipants.slice(3),
    ...sortedParticipants.slice(0, 3),
  ].entries())
    for (const kind of recordKinds.slice(0, 1 + (i % 3)))
      await committed(
        storage,
        ['1', '2'].map((id) => nextWrite({ participant, kind, id }, undefined)),
      )
  for (const after of ['', 'B', 'B01234', 'B1', 'B5', 'Z', 'b01234', 'c'])
    for (const limit of [0, 1, 3, 100])
      same(
        await storage.participants({ after, limit }),
        sortedParticipants.filter((each) => each > after).slice(0, limit),
        `at most ${limit} participants after “${after}”, each once`,
      )
}

const withRecords: Check = async ({ storage }) => {
  const first = nextWrite(key, undefined)
  await committed(storage, [first])
  await committed(storage, [nextWrite(key, first.record)])
  await storage.commit(commitOf([nextWrite(key, undefined), nextWrite(accountAt('A', 'BNK999'), undefined)]))
  await committed(storage, [], [{ ...noticeOf('told'), participant: 'HKABC' }])
  same(
    await storage.participants({ after: '', limit: 10 }),
    [key.participant],
    'a conflict or a notice does not add a participant',
  )
}

/** Pages of a participant's records, of trails and of participants. */
export const listChecks: Readonly<Record<string, Check>> = {
  'list · sorted by ID, at most `limit` after `after`': listed,
  'list · only the records of one participant and kind': listedApart,
  'list · each record once, in its current version': listsCurrentVersions,
  'trail · pages start after `after` and contain at most `limit` entries': paging,
  'trail · reading page by page returns every entry in order': longTrail,
  'trail · an unknown record has an empty trail': unknownTrail,
  'participants · ascending, each once, at most `limit` after `after`': participantPages,
  'participants · only those that have records': withRecords,
}
