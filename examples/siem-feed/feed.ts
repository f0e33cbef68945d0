/**
 * The process that feeds the SIEM: `tsx examples/siem-feed/feed.ts DATABASE LOG CURSOR`. With a fourth argument `killed` it
 * is killed at the worst moment: the events are in the log, and the cursor is not stored yet.
 */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { deliver } from './deliver.ts'
import { openService } from './service.ts'

const [, , database = '', log = '', cursor = '', ending] = process.argv
if (ending === 'killed') {
  fs.renameSync = () => process.kill(process.pid, 'SIGKILL')
  syncBuiltinESMExports()
}
const { auth, close } = openService(database)
const product = { name: 'Terminal access', vendor_name: 'Example', version: '1.0.0' }
console.log(await deliver(auth.audit, { log, cursor, product }))
close()
