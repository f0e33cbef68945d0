import { type ContractCase, casesOf } from './contract.ts'
import { commitChecks } from './storage-contract/commits.ts'
import type { StorageUnderTest } from './storage-contract/fixtures.ts'
import { journalChecks } from './storage-contract/journal.ts'
import { listChecks } from './storage-contract/lists.ts'
import { noticeChecks } from './storage-contract/notices.ts'
import { personalDataChecks } from './storage-contract/personal-data.ts'
import { raceChecks } from './storage-contract/races.ts'
import { recordChecks } from './storage-contract/records.ts'

/**
 * The contract of the `Storage` port, as cases for any test runner. An adapter that passes them all
 * keeps what the port promises, as far as tests can tell: they do not pull the plug.
 *
 * @param makeStorage - gives a storage with nothing in it, a new one for each case. If it can also give
 * a `second` one on the same data, the cases of two storages run on both; otherwise they pass idly.
 * @returns the cases, each to be run once, alone or beside others.
 * @example
 * ```ts
 * for (const { name, run } of storageContract(async () => ({ storage: memoryStorage() }))) test(name, run)
 * ```
 * @rule LOCK-09
 * @category Testing kit
 */
export const storageContract = (makeStorage: () => Promise<StorageUnderTest>): readonly ContractCase[] =>
  casesOf(
    {
      ...recordChecks,
      ...commitChecks,
      ...raceChecks,
      ...listChecks,
      ...journalChecks,
      ...noticeChecks,
      ...personalDataChecks,
    },
    makeStorage,
  )
