import type { ContractCase } from './contract.ts'
import { casesOf } from './contract.ts'
import { hashChecks } from './hasher-contract/hashes.ts'
import { type HasherUnderTest, passwordChecks } from './hasher-contract/passwords.ts'

/**
 * The contract of the `PasswordHasher` port, as cases for any test runner. Each makes a dozen hashes: give it
 * settings that are quick. Without a `weaker` one, nothing is known of settings that changed.
 *
 * @param makeHasher - gives a hasher, for each case.
 * @returns the cases, each to be run once, alone or beside others.
 * @example
 * ```ts
 * for (const { name, run } of hasherContract(async () => ({ hasher: argon2Hasher() }))) test(name, run)
 * ```
 * @rule PW-15
 * @category Testing kit
 */
export const hasherContract = (makeHasher: () => Promise<HasherUnderTest>): readonly ContractCase[] =>
  casesOf({ ...passwordChecks, ...hashChecks }, makeHasher)
