import { type ContractCase, casesOf } from './contract.ts'
import { macChecks } from './secret-box-contract/macs.ts'
import { type SecretBoxUnderTest, sealChecks } from './secret-box-contract/seals.ts'

/**
 * Creates the contract of the `SecretBox` port, as cases for any test runner. Without an `other` box, it is
 * not tested whether the key matters, and without a `second` one, whether only the key matters. Cases that
 * need what is missing pass without testing anything.
 *
 * @param makeBox - provides a secret box for each case.
 * @returns the cases. Run each one once, alone or in parallel.
 * @example
 * ```ts
 * const boxUnder = (id: string) => webCryptoSecretBox([{ id, key: random.bytes(32) }])
 * const boxes = async () => ({ box: boxUnder('k1'), other: boxUnder('k1') })
 * for (const { name, run } of secretBoxContract(boxes)) test(name, run)
 * ```
 * @rule OTP-06
 * @rule AUD-06
 * @category Testing kit
 */
export const secretBoxContract = (makeBox: () => Promise<SecretBoxUnderTest>): readonly ContractCase[] =>
  casesOf({ ...sealChecks, ...macChecks }, makeBox)
