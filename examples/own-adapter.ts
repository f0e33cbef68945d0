/**
 * An adapter of one's own: a storage over plain maps, with the classic mistake. It compares, waits, and
 * writes. The contract finds it, the storms show what it costs, and mended it passes both.
 *
 *     npm run example:own-adapter
 */
import assert from 'node:assert/strict'
import type { StoragePort } from 'ccass-2fa'
import { serviceContract, storageContract } from 'ccass-2fa/testing'
import { hastyStorage, mendedStorage } from './own-adapter/map-storage.ts'
import { report } from './own-adapter/report.ts'

/** One storage, and the same once more: what a second connection would be to a database. */
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
