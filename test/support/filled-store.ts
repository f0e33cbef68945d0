/** A storage with records, trails and notices in it, and every kind of call on it: for tests of what statements cost. */
import type { OutboxNotice, RecordKey, RecordWrite, StoragePort } from '../../src/ports/storage.ts'
import {
  accountAt,
  committed,
  conditional,
  nextWrite,
  noticeOf,
} from '../../src/testing/storage-contract/fixtures.ts'

/** Long after the claims of the filling have begun, and before they end. */
const now = 1_700_000_000_000

const participantOf = (n: number) => `B${10_000 + n}`
const idOf = (n: number) => String(n).padStart(6, '0')
const noticeAt = (participant: string, n: number): OutboxNotice => ({
  ...noticeOf(`${participant}-${n}`),
  participant,
})

/** A state of the size that a real account has. */
const state = { text: 'x'.repeat(1_000) }

/** The record that the calls are about, among all others. */
const key: RecordKey = accountAt(idOf(0), participantOf(0))

const commitAll = async (storage: StoragePort, writes: readonly RecordWrite[]) => {
  for (let from = 0; from < writes.length; from += 100)
    await committed(storage, writes.slice(from, from + 100))
}

/** Writes three accounts of the first participant, as its service does on its first day. */
export const beginStorage = (storage: StoragePort): Promise<void> =>
  commitAll(
    storage,
    ['early-1', 'early-2', 'early-3'].map((id) =>
      nextWrite(accountAt(id, participantOf(0)), undefined, { state, entries: 3 }),
    ),
  )

/**
 * Fills a storage: `size` participants with one account each; `size` accounts and half as many requests of the first
 * participant; a trail of `size` entries; `size` notices that are claimed. What the calls touch is the same at each size.
 */
export const fillStorage = async (storage: StoragePort, size: number): Promise<void> => {
  const numbers = Array.from({ length: size }, (_, n) => n)
  const own = participantOf(0)
  const writes = [
    ...numbers.map((n) => nextWrite(accountAt(idOf(0), participantOf(n)), undefined, { state, entries: 3 })),
    ...numbers.slice(1).map((n) => nextWrite(accountAt(idOf(n), own), undefined, { state, entries: 3 })),
    ...numbers
      .slice(size >> 1)
      .map((n) => nextWrite({ ...key, kind: 'request', id: idOf(n) }, undefined, { state })),
    nextWrite({ ...key, kind: 'refusals' }, undefined, { entries: size }),
  ]
  await commitAll(storage, writes)
  for (let from = 0; from < size; from += 100) {
    const claimed = numbers.slice(from, from + 100).map((n) => noticeAt(participantOf(n), n))
    await committed(storage, [], claimed)
    await storage.claimNotices({ now, until: now + 60_000, limit: 100 })
  }
}

/** One call of each kind, each on a few rows; by name. */
export const callsOn = (
  storage: StoragePort,
): Readonly<Record<string, () => Promise<unknown> | undefined>> => {
  const account = nextWrite(key, nextWrite(key, undefined, { entries: 3 }).record, { state })
  const refusals: RecordKey = { ...key, kind: 'refusals' }
  const added = nextWrite(accountAt('new', key.participant), undefined, { state })
  const free = [1, 2, 3].map((n) => noticeAt('B99999', n))
  const erasing = { ...nextWrite(key, account.record, { state }), erase: { identity: 3 } as const }
  return {
    'load · one record': () => storage.load([key]),
    'load · an account and its refusals': () => storage.load([key, refusals]),
    'load · records of two participants': () =>
      storage.load([key, accountAt(idOf(1), key.participant), accountAt(idOf(0), participantOf(1))]),
    'list · a page of accounts': () =>
      storage.list(key.participant, 'account', { after: idOf(5), limit: 10 }),
    'list · a page of requests': () => storage.list(key.participant, 'request', { after: '', limit: 10 }),
    'trail · a page': () => storage.trail(key, { after: 0, limit: 10 }),
    'trail · a page of a long one': () => storage.trail(refusals, { after: 30, limit: 10 }),
    'trails · of two records': () => storage.trails?.([key, accountAt(idOf(1), key.participant)], 10),
    'journal · the first page': () => storage.journal({ from: '', limit: 10 }),
    'journal · a page behind it': async () => {
      const last = (await storage.journal({ from: '', limit: 10 })).at(-1)
      return storage.journal({ from: last?.position ?? '', limit: 10 })
    },
    'participants · the next one': () => storage.participants({ after: participantOf(3), limit: 1 }),
    'commit · one record': () => committed(storage, [account]),
    'commit · a new record, a condition, notices': () =>
      storage.commit({
        ...conditional([added], [refusals, 0], [accountAt(idOf(1), key.participant), 3]),
        notices: free,
      }),
    'commit · with notices': () => committed(storage, [added], free),
    'commit · erases personal data': () => committed(storage, [erasing]),
    'claim · those that are free, behind many that are claimed': () =>
      storage.claimNotices({ now, until: now + 60_000, limit: 2 }),
    'settle · one': () => storage.settleNotice(free[0] ?? noticeOf('')),
  }
}
