/** MIG-20: the sweep that removes smartcards from the profiles of a decommissioned participant. */
import { expect, test } from 'vitest'
import type { StoragePort } from '../../src/index.ts'
import { memoryStorage } from '../../src/stores/memory.ts'
import { decommissioning, generated, migratingService, supplied } from '../support/migration.ts'
import { counting } from '../support/storages.ts'
import { codeOf, count, good, refusal, type TestServiceOptions, trailOf } from '../support/test-service.ts'

const participant = 'B01234'
const by = 'HKEX'

/** Services over one storage with the supplied listing, decommissioned. */
const decommissioned = async (inner: StoragePort, options: TestServiceOptions = {}) => {
  const before = migratingService({ storage: inner })
  await good(before.auth.migration.apply({ lines: supplied(), by }))
  const service = migratingService({ storage: inner, ...options })
  service.clock.set(decommissioning)
  return service
}

const sweep = ({ auth }: ReturnType<typeof migratingService>, key: string = participant) =>
  auth.migration.decommissionSmartcards({ participant: key, by })

test('MIG-20 · removes each smartcard once, with the caller as its actor, and commits nothing else', async () => {
  const storage = counting()
  const service = await decommissioned(storage)
  await good(
    service.auth.registry.change({ userId: 'B0123401', by: 'B01234X1', changes: { smartcard: null } }),
  )
  await good(service.auth.registry.delete({ userId: 'B0123402', by: 'B01234X1' }))
  storage.trips.commit = 0
  expect(await good(sweep(service))).toEqual({ decommissioned: 4 })
  expect(storage.trips.commit).toBe(4)
  expect((await trailOf(service, 'B0123403')).at(-1)).toMatchObject({
    actor: by,
    event: { type: 'SmartcardDecommissioned', at: decommissioning },
  })
  expect(await good(sweep(service))).toEqual({ decommissioned: 0 })
  expect(storage.trips.commit).toBe(4)
  expect(await count(service, 'B0123403', 'SmartcardDecommissioned')).toBe(1)
})

test('MIG-12 · reads and commits nothing one millisecond before the instant', async () => {
  const storage = counting()
  let lists = 0
  const service = await decommissioned(storage, {
    storage: {
      ...storage,
      list: (...asked) => {
        lists++
        return storage.list(...asked)
      },
    },
  })
  service.clock.set(decommissioning - 1)
  storage.trips.commit = 0
  expect(await good(sweep(service))).toEqual({ decommissioned: 0 })
  expect([lists, storage.trips.commit]).toEqual([0, 0])
})

test('MIG-20 · continues over pages of accounts, and after an interruption with those that are left', async () => {
  const storage = memoryStorage()
  const large = migratingService({ storage })
  await good(large.auth.migration.apply({ lines: generated(1, 420), by }))
  let left = 150
  const dying = await decommissioned(storage, {
    storage: {
      ...storage,
      commit: (commit) => (left-- > 0 ? storage.commit(commit) : Promise.reject(new Error('down'))),
    },
  })
  expect(await codeOf(sweep(dying, 'B10000'))).toBe('port-failed')
  const next = migratingService({ storage })
  next.clock.set(decommissioning)
  expect(await good(sweep(next, 'B10000'))).toEqual({ decommissioned: 422 - 150 })
  expect(await good(sweep(next, 'B10000'))).toEqual({ decommissioned: 0 })
})

test('API-02 · is refused if the clock, the list or a commit fails', async () => {
  const down = () => Promise.reject(new Error('down'))
  const inner = memoryStorage()
  await decommissioned(inner)
  const broken: readonly TestServiceOptions[] = [
    { between: (ports) => ({ ...ports, clock: { now: () => Number.NaN } }) },
    { storage: { ...inner, list: down } },
    { storage: { ...inner, commit: down } },
  ]
  for (const options of broken) {
    const service = migratingService({ storage: inner, ...options })
    service.clock.set(decommissioning)
    expect(await codeOf(sweep(service))).toBe('port-failed')
  }
})

test('API-01 · needs a participant and an actor', async () => {
  const { auth } = migratingService()
  const wrong = [
    ['participant', { participant: 'b1', by }],
    ['participant', { by }],
    ['by', { participant }],
    ['by', { participant, by: '' }],
  ] as const
  for (const [field, input] of wrong)
    expect(await refusal(auth.migration.decommissionSmartcards(input as never))).toMatchObject({
      code: 'malformed-input',
      field,
    })
})
