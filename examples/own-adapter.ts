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
import { correctedStorage, firstStorage } from './own-adapter/map-storage.ts'
import { report } from './own-adapter/report.ts'

/** The same storage for both connections: the second acts like a second connection to a database. */
const shared = (make: () => StoragePort) => async () => {
  const storage = make()
  return { storage, second: async () => storage }
}
const contract = (make: () => StoragePort) => storageContract(shared(make))
const underLoad = (make: () => StoragePort) => serviceContract(shared(make))

const broken = await report('The first version, tested by the storage contract', contract(firstStorage))
assert.ok(broken.length > 0, 'the contract finds the mistake')
assert.ok(
  broken.every((name) => /^(races|two storages) ·/.test(name)),
  'only concurrent operations reveal the mistake',
)

const consequences = await report('The first version under load', underLoad(firstStorage))
assert.ok(
  consequences.includes('codes · one correct code concurrently in 50 sign-ins: one sign-in'),
  'one code completes several sign-ins',
)

assert.deepEqual(
  await report('The corrected version, which compares and writes in one step', contract(correctedStorage)),
  [],
)
assert.deepEqual(await report('The corrected version under load', underLoad(correctedStorage)), [])
console.log('\nAll results are as expected.')
