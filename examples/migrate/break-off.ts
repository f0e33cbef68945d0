import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { ApplyTotals } from 'ccass-2fa/migration'

const program = fileURLToPath(new URL('./apply-process.ts', import.meta.url))

/**
 * Applies a generated listing in another process and kills it after this many accounts were applied, as a
 * power failure would.
 *
 * @returns the last progress report of the process.
 */
export const applyAndKill = (
  file: string,
  accounts: number,
  killAt: number,
  onProgress: (applied: ApplyTotals) => void,
): Promise<ApplyTotals> =>
  new Promise((resolve, reject) => {
    const child = fork(program, [file, String(accounts)], { execArgv: process.execArgv })
    let last: ApplyTotals | undefined
    child.on('message', (message) => {
      last = message as ApplyTotals
      onProgress(last)
      if (last.imported >= killAt) child.kill('SIGKILL')
    })
    child.once('error', reject)
    child.once('exit', (code, signal) =>
      signal === 'SIGKILL' && last !== undefined
        ? resolve(last)
        : reject(new Error(`the process ended before it was killed (exit code ${code})`)),
    )
  })
