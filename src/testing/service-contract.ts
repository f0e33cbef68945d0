import { type ContractCase, casesOf } from './contract.ts'
import { guessChecks } from './service-contract/guesses.ts'
import { honestChecks } from './service-contract/honest.ts'
import { openTestBed } from './service-contract/test-bed.ts'
import type { StorageUnderTest } from './storage-contract/fixtures.ts'

/**
 * Creates the contract of the whole service over a storage, under load: guesses, replays and creations, up to
 * 200 at once, from two services, over two storages if there is a `second`. What is revealed, counted and
 * allocated must be exact. `busy` is repeated, because a storage may be slow.
 *
 * Run {@link storageContract} first. It shows what is wrong with a storage, while this one shows the
 * consequences.
 *
 * @param makeStorage - provides a new, empty storage for each case.
 * @returns the cases. Run each one once. Each takes from a tenth of a second to several seconds, depending on
 * the storage.
 * @example
 * ```ts
 * for (const { name, run } of serviceContract(async () => ({ storage: memoryStorage() }))) test(name, run)
 * ```
 * @rule LOCK-09
 * @rule OTP-05
 * @rule QTA-03
 * @category Testing kit
 */
export const serviceContract = (makeStorage: () => Promise<StorageUnderTest>): readonly ContractCase[] =>
  casesOf({ ...guessChecks, ...honestChecks }, async () => openTestBed(await makeStorage()))
