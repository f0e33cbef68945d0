import type { Storage } from '../../ports/storage.ts'
import { accountAt, type Check, committed, nextWrite, noticeOf, same } from './fixtures.ts'

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
  for (let after = 0; ; ) {
    const page = await storage.trail(key, { after, limit: 50 })
    read.push(...page)
    const last = page.at(-1)
    if (last === undefined) break
    after = last.seq
  }
  same(read, write.entries, 'page by page, the whole trail: by number, not by text')
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
  same(await storage.pendingNotices(10), [], 'at first there are none')
  const notices = await notified(storage)
  for (const limit of [0, 1, 3, 5, 6])
    same(await storage.pendingNotices(limit), notices.slice(0, limit), `oldest first, at most ${limit}`)
}

const settling: Check = async ({ storage }) => {
  const [first, second, third, ...rest] = await notified(storage)
  if (first === undefined || second === undefined || third === undefined) return
  await storage.settleNotice(second)
  same(
    await storage.pendingNotices(10),
    [first, third, ...rest],
    'the settled one is gone, the others are not',
  )
  await storage.settleNotice(second)
  await storage.settleNotice(noticeOf('unknown'))
  same(
    await storage.pendingNotices(10),
    [first, third, ...rest],
    'settling again, or what is not there: nothing',
  )
  await Promise.all([first, first, third, ...rest].map((notice) => storage.settleNotice(notice)))
  same(await storage.pendingNotices(10), [], 'all are settled')
}

const laterNotices: Check = async ({ storage }) => {
  const [first, ...rest] = await notified(storage)
  if (first === undefined) return
  await storage.settleNotice(first)
  await committed(storage, [], [noticeOf('late')])
  same(await storage.pendingNotices(10), [...rest, noticeOf('late')], 'what comes later stands behind')
}

/** Trails by the page, and notices until they are settled. */
export const listChecks: Readonly<Record<string, Check>> = {
  'trail · pages begin behind `after` and hold at most `limit`': paging,
  'trail · page by page one reads the whole, in order': longTrail,
  'trail · an unknown record has none': unknownTrail,
  'notices · oldest first, at most `limit`': noticeOrder,
  'notices · settling takes one off the list; again, or an unknown one, does no harm': settling,
  'notices · later ones stand behind those still waiting': laterNotices,
}
