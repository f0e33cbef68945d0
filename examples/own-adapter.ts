/**
 * An adapter of your own: a storage over plain maps with a classic mistake. It compares, waits, and then
 * writes. The contract detects the mistake, the load tests show its consequences, and the corrected adapter
 * passes both.
 *
 *     npm run example:own-adapter
 */
import assert from 'node:assert/strict'
import type { StoragePort } from 'ccass-2fa'
import { serviceContract, storageContract } from 'ccass-2fa/testing'
import { hastyStorage, mendedStorage } from './own-adapter/map-storage.ts'
import { report } from './own-adapter/report.ts'

/** One storage, twice. The second one acts like a second connection to a database. */
const twice = (make: () => StoragePort) => async () => {
  const storage = make()
  return { storage, second: async () => storage }
}
const contract = (make: () => StoragePort) => storageContract(twice(make))
const storms = (make: () => StoragePort) => serviceContract(twice(make))

const broken = await report('The first version, by the contract of the storage port', contract(hastyStorage))
assert.ok(broken.length > 0, 'the mistake is found')
assert.ok(
  broken.every((name) => /^(races|two storages) ·/.test(name)),
  'one thing after the other, nothing is wrong with it: only races show it',
)

const costs = await report('What that comes to, under storms', storms(hastyStorage))
assert.ok(
  costs.includes('codes · one right code at once in 50 sign-ins: one sign-in'),
  'one code opens several sign-ins',
)

assert.deepEqual(await report('Mended: it compares and writes in one step', contract(mendedStorage)), [])
assert.deepEqual(await report('Mended, under storms', storms(mendedStorage)), [])
console.log('\nThe story went as expected.')
