import { recordKinds, type Storage } from '../../ports/storage.ts'
import { accountAt, type Check, commitOf, committed, nextWrite, noticeOf, same, waiting } from './fixtures.ts'

const key = accountAt()

const paging: Check = async ({ storage }) => {
  const first = nextWrite(key, undefined, { entries: 4, act: 'first' })
  const second = nextWrite(key, first.record, { entries: 7, act: 'second' })
  await committed(storage, [first])
  await committed(storage, [second])
  const all = [...first.entries, ...second.entries]
  for (const after of [0, 1, 3, 4, 5, 10, 11, 12, 1_000])
    for (const limit of [0, 1, 2, 4, 7, 11, 12, 1_000])
      same(
        await storage.trail(key, { after, limit }),
        all.slice(after, after + limit),
        `at most ${limit} entries behind ${after}`,
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

const unknownTrail: Check = async ({ storage }) => {
  await committed(storage, [nextWrite(key, undefined)])
  same(await storage.trail(accountAt('unknown'), { after: 0, limit: 10 }), [], 'no record, no trail')
  same(await storage.trail(accountAt(key.id, 'BNK999'), { after: 0, limit: 10 }), [], '…of this participant')
}

/** Five notices, in three commits: one with a record, one with none, one with two notices more. */
const notified = async (storage: Storage) => {
  const notices = ['e', 'd', 'a', 'c', 'b'].map(noticeOf)
  await committed(storage, [nextWrite(key, undefined)], notices.slice(0, 1))
  await committed(storage, [], notices.slice(1, 3))
  await committed(storage, [nextWrite(accountAt('other'), undefined)], notices.slice(3))
  return notices
}

const noticeOrder: Check = async ({ storage }) => {
  same(await waiting(storage), [], 'at first there are none')
  const notices = await notified(storage)
  for (const limit of [0, 1, 3, 5, 6])
    same(await waiting(storage, limit), notices.slice(0, limit), `oldest first, at most ${limit}`)
}

const noticePages: Check = async ({ storage }) => {
  const notices = await notified(storage)
  await storage.settleNotice(notices[2] ?? noticeOf('none'))
  const left = notices.filter((_, i) => i !== 2)
  const pending = await storage.pendingNotices({ after: 0, limit: 10 })
  for (const [i, { ordinal }] of pending.entries())
    for (const limit of [0, 1, 2, 10])
      same(
        await waiting(storage, limit, ordinal),
        left.slice(i + 1, i + 1 + limit),
        `at most ${limit} behind the ordinal of the one before`,
      )
  same(await waiting(storage, 10, 2 ** 53 - 1), [], 'behind the last there are none')
}

const settling: Check = async ({ storage }) => {
  const [first, second, third, ...rest] = await notified(storage)
  if (first === undefined || second === undefined || third === undefined) return
  const left = [first, third, ...rest]
  await storage.settleNotice(second)
  same(await waiting(storage), left, 'the settled one is gone, the others are not')
  await storage.settleNotice(second)
  await storage.settleNotice(noticeOf('unknown'))
  same(await waiting(storage), left, 'settling again, or what is not there: nothing')
  await Promise.all([first, ...left].map((notice) => storage.settleNotice(notice)))
  same(await waiting(storage), [], 'all are settled')
}

const laterNotices: Check = async ({ storage }) => {
  const notices = await notified(storage)
  const [first, ...rest] = await storage.pendingNotices({ after: 0, limit: 10 })
  const last = rest.at(-1)?.ordinal ?? 0
  if (first !== undefined) await storage.settleNotice(first)
  await committed(storage, [], [noticeOf('late')])
  same(await waiting(storage), [...notices.slice(1), noticeOf('late')], 'what comes later stands behind')
  same(await waiting(storage, 10, last), [noticeOf('late')], 'also to whoever had read to the end')
  for (const notice of await waiting(storage)) await storage.settleNotice(notice)
  await committed(storage, [], [noticeOf('latest')])
  same(await waiting(storage, 10, last), [noticeOf('latest')], 'no ordinal is used again, even if none waits')
}

/** In the order in which a list must have them: that of ASCII, whatever a database's language thinks. */
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
        `at most ${limit} records behind “${after}”, by id`,
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
    'where there is nothing, nothing',
  )
}

const listedAnew: Check = async ({ storage }) => {
  const first = nextWrite(key, undefined, { state: 'first' })
  const second = nextWrite(key, first.record, { state: 'second' })
  await committed(storage, [first])
  await committed(storage, [second])
  await storage.commit(commitOf([nextWrite(key, first.record), nextWrite(accountAt('other'), undefined)]))
  same(
    await storage.list(key.participant, key.kind, { after: '', limit: 10 }),
    [{ id: key.id, record: second.record }],
    'a list has each record once, as it is now',
  )
}

/** Records of a participant and trails by the page, and notices until they are settled. */
export const listChecks: Readonly<Record<string, Check>> = {
  'list · by id, at most `limit` behind `after`': listed,
  'list · the records of one participant and kind alone': listedApart,
  'list · each record once, as it is now': listedAnew,
  'trail · pages begin behind `after` and hold at most `limit`': paging,
  'trail · page by page one reads the whole, in order': longTrail,
  'trail · an unknown record has none': unknownTrail,
  'notices · oldest first, at most `limit`': noticeOrder,
  'notices · pages begin behind an ordinal and hold at most `limit`': noticePages,
  'notices · settling takes one off the list; again, or an unknown one, does no harm': settling,
  'notices · later ones stand behind those still waiting, and behind any read before': laterNotices,
}
