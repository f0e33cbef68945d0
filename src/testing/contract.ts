import { AssertionError } from 'node:assert/strict'

/**
 * One case of a contract, fit for any test runner.
 *
 * @category Testing kit
 */
export interface ContractCase {
  readonly name: string
  /** Resolves if the case holds, rejects with an `AssertionError` if not. */
  run(): Promise<void>
}

/** What a factory gives, for any port: something to be closed, perhaps. */
interface Closable {
  /** Called when a case is over, regardless of its outcome. */
  readonly close?: () => Promise<void>
}

/** A port that rejects where the contract waits for an answer breaks it: said so, with its own error as the cause. */
const asAssertion = (error: unknown): AssertionError => {
  if (error instanceof AssertionError) return error
  const told = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return Object.assign(new AssertionError({ message: `no answer, but ${told}` }), { cause: error })
}

/** Checks as cases: each with a port of its own, closed when the case is over. */
export const casesOf = <Given extends Closable>(
  checks: Readonly<Record<string, (given: Given) => Promise<void>>>,
  make: () => Promise<Given>,
): readonly ContractCase[] =>
  Object.entries(checks).map(([name, check]) => ({
    name,
    run: async () => {
      const given = await make()
      try {
        await check(given)
      } catch (error) {
        throw asAssertion(error)
      } finally {
        await given.close?.()
      }
    },
  }))

/** What a question came to; a rejection is an answer too where a port leaves that open. */
export const settled = async <T>(question: () => Promise<T>): Promise<T | 'rejected'> => {
  try {
    return await question()
  } catch {
    return 'rejected'
  }
}
