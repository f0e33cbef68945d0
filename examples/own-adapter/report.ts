import { AssertionError } from 'node:assert/strict'
import type { ContractCase } from 'ccass-2fa/testing'
import colours from 'picocolors'

/** Longer values are left out. A test runner shows them line by line. */
const longest = 120

/** Explains a failed case: what it checks and, if they are short, the expected and the actual value. */
const explained = (error: unknown): string => {
  if (!(error instanceof AssertionError)) return String(error)
  const [what = ''] = error.message.split('\n')
  const compared = error.operator === 'deepStrictEqual' || error.operator === 'strictEqual'
  const values = `${JSON.stringify(error.expected)}, not ${JSON.stringify(error.actual)}`
  return compared && values.length <= longest ? `${what}: ${values}` : what
}

/**
 * Runs the cases of a contract one after the other and prints the result of each, like a test runner.
 *
 * @returns the names of the failed cases.
 */
export const report = async (title: string, cases: readonly ContractCase[]): Promise<readonly string[]> => {
  console.log(`\n${colours.bold(title)}`)
  const failed: string[] = []
  for (const { name, run } of cases)
    try {
      await run()
      console.log(`  ${colours.green('✓')} ${name}`)
    } catch (error) {
      failed.push(name)
      console.log(`  ${colours.red('✗')} ${name}\n      ${colours.red(explained(error))}`)
    }
  const summary = failed.length === 0 ? colours.green('all pass') : colours.red(`${failed.length} fail`)
  console.log(`  ${summary}, of ${cases.length}`)
  return failed
}
