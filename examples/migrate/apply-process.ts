/**
 * Applies the generated listing in a separate process that can be killed: `apply-process.ts <file>
 * <accounts>`.
 */
import { openHost } from './host.ts'
import { linesOf } from './listings.ts'

const [file = '', accounts = '0'] = process.argv.slice(2)
const host = openHost(file)
const lines = await linesOf({ accounts: Number(accounts) })
const done = await host.auth.migration.apply({
  lines,
  by: 'HKEX transition',
  onProgress: (progress) => process.send?.(progress),
})
host.close()
process.exitCode = done.isOk() ? 0 : 1
