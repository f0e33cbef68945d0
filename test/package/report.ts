/** Prints one line per check; the failures are printed below it, and fail the whole run. */
import { execFile } from 'node:child_process'

/** The failures, line by line; empty if there are none. A note says what was checked. */
export interface Finding {
  readonly problems: readonly string[]
  readonly note?: string
}

let failures = 0

/** The number of checks that have failed so far. */
export const failed = (): number => failures

/** Runs a check and prints its line. An exception is a failure too. */
export const check = async (what: string, look: () => Finding | Promise<Finding>): Promise<void> => {
  let found: Finding
  try {
    found = await look()
  } catch (error) {
    found = { problems: [error instanceof Error ? error.message : String(error)] }
  }
  const { problems, note } = found
  if (problems.length > 0) failures++
  console.log(`${problems.length > 0 ? 'FAILED' : 'ok    '}  ${what}${note === undefined ? '' : `: ${note}`}`)
  for (const problem of problems) console.log(`        ${problem.replaceAll('\n', '\n        ')}`)
}

/** The output of a command and its exit status. */
export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command in a folder until it ends. */
export const run = (command: string, args: readonly string[], cwd: string): Promise<Ran> =>
  new Promise((resolve, reject) => {
    execFile(command, [...args], { cwd, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number') return reject(error)
      return resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
    })
  })

/** Runs a command that must not fail. */
export const must = async (command: string, args: readonly string[], cwd: string): Promise<string> => {
  const { code, stdout, stderr } = await run(command, args, cwd)
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}\n${stdout}${stderr}`)
  return stdout
}
