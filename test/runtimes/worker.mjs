/** Runs a Worker in workerd through Miniflare, asks it once, prints its answer. Run by Node 24. */

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const { Miniflare } = createRequire(import.meta.url)('miniflare')
const worker = new Miniflare({
  modules: true,
  script: readFileSync(process.argv[2], 'utf8'),
  compatibilityDate: '2026-07-01',
  compatibilityFlags: ['nodejs_compat'],
  d1Databases: { DB: 'trial' },
})
const answer = await worker.dispatchFetch('http://localhost/')
const text = await answer.text()
if (!answer.ok) throw new Error(text)
console.log(text)
await worker.dispose()
