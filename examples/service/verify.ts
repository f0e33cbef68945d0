/**
 * Verifies a whole store of the service: hash chains, states, limits and, with ledgers, that no answered
 * operation is missing.
 *
 *     tsx examples/service/verify.ts <connection string | SQLite file> [--at-rest] [ledger …]
 *
 * It changes no record and needs no key. `--at-rest` means that no process is running, so that notices
 * claimed by dead processes are included. Exit code 1 means that something is wrong.
 *
 * @module
 */
import { existsSync } from 'node:fs'
import { readLedgers } from './load/ledger.ts'
import { openStorage } from './server/storage.ts'
import { summaryOf } from './verify/figures.ts'
import { verifyStore } from './verify/verify-store.ts'

const given = process.argv.slice(2)
const [store = '', ...ledgers] = given.filter((each) => !each.startsWith('--'))
if (store === '') {
  console.error('verify.ts <connection string | SQLite file> [--at-rest] [ledger …]')
  process.exit(2)
}
const { DATABASE_SCHEMA: schema } = process.env
const isServer = /^postgres(ql)?:/.test(store)
if (!isServer && !existsSync(store)) {
  console.error('there is no such file')
  process.exit(2)
}
const open = await openStorage(
  isServer
    ? { databases: store.split(','), ...(schema === undefined ? {} : { schema }) }
    : { databases: [], sqliteFile: store },
)
const verified = await verifyStore(open.storage, readLedgers(ledgers), given.includes('--at-rest'))
await open.close()
console.log(summaryOf(verified).join('\n'))
process.exitCode = verified.problems.length === 0 ? 0 : 1
