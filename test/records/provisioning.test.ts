/** Accounts are created and deleted together with the participant's quota, or not at all. */
import { describe, expect, test } from 'vitest'
import { counting } from '../support/storages.ts'
import { eventsOf, good, refusal, testService, trailOf } from '../support/test-service.ts'

const [participant, userId, by] = ['B01234', 'B0123401', 'HKEX']
const registration = { userId, role: 'User', origin: 'created', by } as const

describe('QTA-03, ID-12 · an account', () => {
  test('is created and deleted by one commit that also writes the participant', async () => {
    const storage = counting()
    const { auth } = testService({ storage })
    await good(auth.registry.register(registration))
    await good(auth.registry.delete({ userId, by }))
    expect(storage.commits.map(({ writes }) => writes.map(({ key }) => key.kind))).toEqual([
      ['participant', 'account'],
      ['participant', 'account'],
    ])
    const trail = await storage.trail(
      { participant, kind: 'participant', id: participant },
      { after: 0, limit: 9 },
    )
    expect(trail.map(({ event }) => event.type)).toEqual(['UserIdsAllocated', 'QuotaReleased'])
  })

  test('that exists is not created again: the account’s trail has the operation, the reason and the subject', async () => {
    const service = testService()
    await good(service.auth.registry.register(registration))
    const answer = await refusal(service.auth.registry.register(registration))
    expect(answer).toMatchObject({ code: 'user-id-taken', rule: 'ID-12' })
    const last = (await trailOf(service, userId)).at(-1)
    expect(last).toMatchObject({
      actor: by,
      event: {
        ...{ type: 'AdministrationRefused', at: service.clock.now(), operation: 'Register' },
        ...{ subject: userId, reason: 'user-id-taken' },
      },
    })
  })

  test('that does not exist is not deleted', async () => {
    const service = testService()
    expect(await refusal(service.auth.registry.delete({ userId, by }))).toMatchObject({ rule: 'ID-12' })
    expect((await eventsOf(service, userId)).at(-1)).toMatchObject({
      ...{ type: 'AdministrationRefused', operation: 'Delete', subject: userId },
    })
  })

  test('is not created beyond the participant’s maximum, and its User ID stays free', async () => {
    const service = testService()
    await good(service.auth.registry.setMaximum({ participant, maximum: 1, by }))
    await good(service.auth.registry.register(registration))
    const second = { ...registration, userId: 'B0123402' }
    expect(await refusal(service.auth.registry.register(second))).toMatchObject({ code: 'quota-exceeded' })
    expect(await eventsOf(service, second.userId)).toMatchObject([{ reason: 'quota-exceeded' }])
    await good(service.auth.registry.delete({ userId, by }))
    await good(service.auth.registry.register(second))
  })
})

test('API-02 · a list whose storage fails is refused with the port', async () => {
  const { storage } = testService()
  const broken = testService({ storage: { ...storage, list: () => Promise.reject(new Error('down')) } })
  expect(await refusal(broken.auth.migration.notInitialised({ participant }))).toMatchObject({
    code: 'port-failed',
    port: 'storage',
  })
  expect(broken.faults).toMatchObject([{ port: 'storage' }])
})
