/** The maximum number of accounts of a participant, and the accounts to which it applies. */
import { expect, test } from 'vitest'
import { carriedThrough, creating, deleting, dmsTestService } from '../support/dms.ts'
import { good, refusal, testService } from '../support/test-service.ts'

const registering = (userId: string, origin: 'created' | 'imported') =>
  ({ userId, role: 'User', origin, by: 'HKEX' }) as const

test('QTA-04 · the maximum applies to accounts that are created and not to imported ones', async () => {
  const { auth } = testService()
  const participant = 'B01234'
  await good(auth.registry.setMaximum({ participant, maximum: 2, by: 'HKEX' }))
  await good(auth.registry.register(registering('B0123401', 'created')))
  await good(auth.registry.register(registering('B0123402', 'imported')))
  expect(await refusal(auth.registry.register(registering('B0123403', 'created')))).toEqual({
    code: 'quota-exceeded',
    rule: 'QTA-03',
  })
  await good(auth.registry.register(registering('B0123404', 'imported')))
  expect(await good(auth.registry.totals({ participant }))).toEqual({
    ...{ maximum: 2, total: 3, administrators: 0, users: 3, available: 0 },
  })
})

test('QTA-02 · the quota of a deleted account is released, and its ID is not', async () => {
  const { auth } = testService()
  await good(auth.registry.setMaximum({ participant: 'B01234', maximum: 1, by: 'HKEX' }))
  await good(auth.registry.register(registering('B0123401', 'created')))
  await good(auth.registry.delete({ userId: 'B0123401', by: 'HKEX' }))
  expect(await refusal(auth.registry.register(registering('B0123401', 'created')))).toEqual({
    code: 'user-id-taken',
    rule: 'ID-12',
  })
  await good(auth.registry.register(registering('B0123402', 'created')))
})

test('QTA-03 · in DMS a new user beyond the maximum is refused at entry, and no request is stored', async () => {
  // Two Delegated Administrators and one user exist.
  const service = await dmsTestService({ maximum: 3 })
  const { session } = service.maker
  expect(await refusal(service.auth.dms.enter({ session, entry: creating('B0123402') }))).toEqual({
    code: 'quota-exceeded',
    rule: 'QTA-03',
  })
  expect((await good(service.auth.dms.ownRequests({ session }))).lines).toEqual([])
  await carriedThrough(service, deleting())
  await good(service.auth.dms.enter({ session, entry: creating('B0123402') }))
})
