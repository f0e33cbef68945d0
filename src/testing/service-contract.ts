import { type ContractCase, casesOf } from './contract.ts'
import { guessChecks } from './service-contract/guesses.ts'
import { honestChecks } from './service-contract/honest.ts'
import { openTestBed } from './service-contract/test-bed.ts'
import type { StorageUnderTest } from './storage-contract/fixtures.ts'

/**
 * The whole service over a storage, under storms: guesses, replays and creations, up to 200 at once, from two
 * services; on two storages where there is a `second`. What is revealed, counted and given must be exact.
 * `busy` is asked again: a storage may be slow.
 *
 * Put a storage through {@link storageContract} first: it says what is wrong, this says what comes of it.
 *
 * @param makeStorage - gives a storage with nothing in it, a new one for each case.
 * @returns the cases, each to be run once. Each takes from a tenth of a second to some, by the storage.
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
