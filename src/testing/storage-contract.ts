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
 * Creates the contract of the `Storage` port, as cases for any test runner. An adapter that passes all of
 * them keeps the port's guarantees as far as tests can show. Power loss is not tested.
 *
 * @param makeStorage - provides a new, empty storage for each case. If it also provides a `second` one on the
 * same data, the cases for two storages use both. Otherwise they pass without testing anything.
 * @returns the cases. Run each one once, alone or in parallel.
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
