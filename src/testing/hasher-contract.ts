import type { ContractCase } from './contract.ts'
import { casesOf } from './contract.ts'
import { hashChecks } from './hasher-contract/hashes.ts'
import { type HasherUnderTest, passwordChecks } from './hasher-contract/passwords.ts'

/**
 * Creates the contract of the `PasswordHasher` port, as cases for any test runner. Each case makes about a
 * dozen hashes, so use fast settings. Without a `weaker` hasher, changed settings are not tested.
 *
 * @param makeHasher - provides a hasher for each case.
 * @returns the cases. Run each one once, alone or in parallel.
 * @example
 * ```ts
 * for (const { name, run } of hasherContract(async () => ({ hasher: argon2Hasher() }))) test(name, run)
 * ```
 * @rule PW-15
 * @category Testing kit
 */
export const hasherContract = (makeHasher: () => Promise<HasherUnderTest>): readonly ContractCase[] =>
  casesOf({ ...passwordChecks, ...hashChecks }, makeHasher)
