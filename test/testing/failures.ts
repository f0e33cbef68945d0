import { AssertionError } from 'node:assert'
import type { ContractCase } from 'ccass-2fa/testing'

/**
 * The names of the failing cases; each must fail by an assertion, because a contract that breaks down proves
 * nothing.
 */
export const failuresOf = async (cases: readonly ContractCase[]): Promise<readonly string[]> => {
  const failed: string[] = []
  for (const { name, run } of cases)
    await run().catch((error: unknown) => {
      if (!(error instanceof AssertionError)) throw error
      failed.push(name)
    })
  return failed
}
