import { AssertionError } from 'node:assert/strict'

/**
 * One case of a contract, for any test runner.
 *
 * @category Testing kit
 */
export interface ContractCase {
  readonly name: string
  /** Resolves if the case passes. Rejects with an `AssertionError` if it fails. */
  run(): Promise<void>
}

/** What a factory returns for any port, with an optional clean-up. */
interface Closable {
  /** Called when a case has ended, successfully or not. */
  readonly close?: () => Promise<void>
}

/**
 * Converts the rejection of a port that should have answered to an `AssertionError` with that error as its
 * cause.
 */
const asAssertion = (error: unknown): AssertionError => {
  if (error instanceof AssertionError) return error
  const description = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return Object.assign(new AssertionError({ message: `the port rejected with ${description}` }), {
    cause: error,
  })
}

/** Converts checks to cases. Each case has its own port, which is closed when the case ends. */
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

/** The outcome of a call, for ports that may either answer or reject. */
export const settled = async <T>(call: () => Promise<T>): Promise<T | 'rejected'> => {
  try {
    return await call()
  } catch {
    return 'rejected'
  }
}
