import assert from 'node:assert/strict'
import type { OutboxNotice, StoragePort } from '../../ports/storage.ts'
import {
  accountAt,
  type Check,
  committed,
  nextWrite,
  noticeOf,
  type StorageUnderTest,
  same,
  waiting,
} from './fixtures.ts'

/** Some epoch milliseconds, beyond 32 bits as in reality. */
const noon = 1_682_643_600_000

/** Five notices in three commits: one with a record, one without, and one with two more. */
const notified = async (storage: StoragePort) => {
  const notices = ['e', 'd', 'a', 'c', 'b'].map(noticeOf)
  await committed(storage, [nextWrite(accountAt(), undefined)], notices.slice(0, 1))
  await committed(storage, [], notices.slice(1, 3))
  await committed(storage, [nextWrite(accountAt('other'), undefined)], notices.slice(3))
  return notices
}

const order: Check = async ({ storage }) => {
  same(await waiting(storage), [], 'a new storage has no notices')
  const notices = await notified(storage)
  for (const limit of [0, 1, 3, 5, 6])
    same(await waiting(storage, limit), notices.slice(0, limit), `oldest first, at most ${limit}`)
}

const settling: Check = async ({ storage }) => {
  const [first, second, third, ...rest] = await notified(storage)
  if (first === undefined || second === undefined || third === undefined) return
  const left = [first, third, ...rest]
  await storage.settleNotice(second)
  same(await waiting(storage), left, 'only the settled notice is removed')
  await storage.settleNotice(second)
  await storage.settleNotice(noticeOf('unknown'))
  same(await waiting(storage), left, 'settling again, or settling an unknown notice, changes nothing')
  await Promise.all([first, ...left].map((notice) => storage.settleNotice(notice)))
  same(await waiting(storage), [], 'all are settled')
}

const later: Check = async ({ storage }) => {
  const [first, ...rest] = await notified(storage)
  if (first !== undefined) await storage.settleNotice(first)
  await committed(storage, [], [noticeOf('0')])
  same(await waiting(storage), [...rest, noticeOf('0')], 'later notices come last')
}

const claiming: Check = async ({ storage }) => {
  const [first, second, third, ...rest] = await notified(storage)
  const claim = (now: number, until: number, limit = 10) => storage.claimNotices({ now, until, limit })
  same(await claim(noon, noon + 60, 2), [first, second], 'the oldest are claimed')
  same(await claim(noon, noon + 90, 1), [third], 'the next claim gets the next notice')
  same(await claim(noon, noon + 60), rest, 'the last claim gets the rest')
  same(await claim(noon + 59, noon + 99), [], 'while a claim lasts, no other claim gets the notice')
  same(await claim(noon + 60, noon + 80, 1), [first], 'a claim expires at the millisecond of its end')
  same(
    await claim(noon + 60, noon + 99),
    [second, ...rest],
    'each notice expires with its own claim and keeps its position',
  )
  same(await claim(noon + 80, noon + 81), [first], 'an expired claim is replaced by the new one')
  same(await claim(noon + 99, noon + 200), [first, second, third, ...rest], 'no notice is lost')
  await committed(storage, [], [noticeOf('new')])
  same(
    await claim(noon + 200, noon + 300, 1),
    [noticeOf('new')],
    'a new notice comes before those whose claim expired',
  )
}

const settledMeanwhile: Check = async ({ storage }) => {
  const [first, second, ...rest] = await notified(storage)
  const [claimed] = await storage.claimNotices({ now: noon, until: noon + 60, limit: 1 })
  same(claimed, first, 'a claim returns the notice as committed')
  if (claimed !== undefined) await storage.settleNotice(claimed)
  same(
    await storage.claimNotices({ now: noon, until: noon + 60, limit: 10 }),
    [second, ...rest],
    'a settled notice is not claimed again',
  )
  if (second !== undefined) await storage.settleNotice(second)
  same(await waiting(storage), rest, 'a claimed notice can be settled, and does not return')
}

const names = (notices: readonly OutboxNotice[]) => notices.map(({ id }) => id)

/** Twenty claims at once. No notice is claimed twice, and what was not claimed can be claimed later. */
const claimRace = async (storages: readonly StoragePort[], storage: StoragePort) => {
  const all = Array.from({ length: 50 }, (_, i) => noticeOf(`notice ${String(i).padStart(2, '0')}`))
  await committed(storage, [], all)
  const claim = { now: noon, until: noon + 60, limit: 3 }
  const racing = await Promise.all(
    Array.from({ length: 20 }, (_, i) => (storages[i % storages.length] ?? storage).claimNotices(claim)),
  )
  for (const each of racing) assert.ok(each.length <= claim.limit, 'a claim returns at most `limit` notices')
  const got = names(racing.flat())
  assert.equal(new Set(got).size, got.length, 'concurrent claims share no notice')
  for (
    let left = await storage.claimNotices(claim);
    left.length > 0;
    left = await storage.claimNotices(claim)
  )
    got.push(...names(left))
  same(got.sort(), names(all), 'concurrent claims together return every notice once')
  const after = { now: noon + 60, until: noon + 61, limit: 100 }
  same(await storage.claimNotices(after), all, 'every notice can be claimed again after the claims expired')
}

const raced: Check = ({ storage }: StorageUnderTest) => claimRace([storage], storage)
const racedByTwo: Check = async ({ storage, second }) => {
  if (second !== undefined) await claimRace([storage, await second()], storage)
}

/** Notices: claimed, sent by the process that claimed them, and settled. */
export const noticeChecks: Readonly<Record<string, Check>> = {
  'notices · oldest first, at most `limit`': order,
  'notices · settling removes a notice; settling it again, or an unknown one, changes nothing': settling,
  'notices · later notices come after those still waiting': later,
  'notices · a claim excludes other claims until it expires, exact to the millisecond': claiming,
  'notices · a claimed notice can be settled': settledMeanwhile,
  'races · concurrent claims never return the same notice, and no notice is lost': raced,
  'two storages · concurrent claims never return the same notice, and no notice is lost': racedByTwo,
}
