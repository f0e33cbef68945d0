/**
 * Puts load on running processes of the service, in development, and records every answer in a ledger.
 *
 *     INTERNAL_TOKEN=… tsx examples/service/load.ts <url>[,<url>…] [ledger] [users] [at once]
 *
 * @module
 */
import { ledgerIn, readLedgers } from './load/ledger.ts'
import { putLoad } from './load/put-load.ts'
import { tallied } from './verify/figures.ts'

const [urls = '', file = 'ledger.jsonl', users = '100', atOnce = '16'] = process.argv.slice(2)
const { INTERNAL_TOKEN: internalToken = '' } = process.env
if (urls === '' || internalToken === '') {
  console.error('INTERNAL_TOKEN=… load.ts <url>[,<url>…] [ledger] [users] [at once]')
  process.exit(2)
}
const startedAt = performance.now()
await putLoad({
  urls: urls.split(','),
  internalToken,
  users: Number(users),
  atOnce: Number(atOnce),
  ledger: ledgerIn(file),
  onProgress: (served) => served % 20 === 0 && console.log(`${served} of ${users} users`),
})
console.log(tallied(readLedgers([file])).join('\n'))
console.log(`${((performance.now() - startedAt) / 1_000).toFixed(1)} s; ledger: ${file}`)
