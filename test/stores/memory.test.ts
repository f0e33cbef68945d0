/** The storage in memory: the contract of every storage, and the order in which it hands out notices. */

import { storageContract } from 'ccass-2fa/testing'
import { describe, expect, test } from 'vitest'
import { memoryStorage } from '../../src/stores/memory.ts'
import { accountAt, committed, nextWrite, noticeOf } from '../../src/testing/storage-contract/fixtures.ts'

test('API-02 · a notice that cannot be sent does not keep the others waiting', async () => {
  const storage = memoryStorage()
  await committed(storage, [nextWrite(accountAt(), undefined)], [noticeOf('1'), noticeOf('2'), noticeOf('3')])
  const claimed = async (now: number) =>
    (await storage.claimNotices({ now, until: now + 100, limit: 1 })).map(({ id }) => id)
  expect(await claimed(0)).toEqual(['1'])
  expect(await claimed(100)).toEqual(['2'])
  expect(await claimed(200)).toEqual(['3'])
  expect(await claimed(300)).toEqual(['1'])
  expect(await claimed(300)).toEqual(['2'])
})

describe('the storage contract', () => {
  for (const { name, run } of storageContract(async () => ({ storage: memoryStorage() })))
    test(`LOCK-09 · ${name}`, run)
})
