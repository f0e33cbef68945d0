/**
 * When an account's email was registered: later events of the account keep it, and removing the email clears
 * it.
 */
import { expect, test } from 'vitest'
import { HOUR } from '../../src/kernel/instant.ts'
import { good, recordOf, type TestService, testService } from '../support/test-service.ts'
import { locked, registered, setUp, user } from '../support/user-journeys.ts'

const since = async (service: TestService) =>
  ((await recordOf(service, user))?.state as { readonly emailRegisteredAt?: number } | undefined)
    ?.emailRegisteredAt

const by = 'HKEX'

test('MIG-02 · an email that replaces another keeps the first registration date; a first email gets its own date', async () => {
  const service = testService()
  await registered(service, user, { email: null })
  expect(await since(service)).toBeUndefined()
  const first = service.clock.now()
  await good(service.auth.registry.change({ userId: user, by, changes: { email: 'first@bank.example' } }))
  expect(await since(service)).toBe(first)
  service.clock.pass(HOUR)
  await good(service.auth.registry.change({ userId: user, by, changes: { email: 'other@bank.example' } }))
  expect(await since(service)).toBe(first)
  service.clock.pass(HOUR)
  await good(service.auth.registry.change({ userId: user, by, changes: { surname: 'LEE' } }))
  expect(await since(service)).toBe(first)
  await good(service.auth.registry.change({ userId: user, by, changes: { email: null } }))
  expect(await since(service)).toBeUndefined()
  service.clock.pass(HOUR)
  await good(service.auth.registry.change({ userId: user, by, changes: { email: 'third@bank.example' } }))
  expect(await since(service)).toBe(first + 3 * HOUR)
})

test('MIG-02, ACC-08 · a lock, an unlock and a reset keep the registration date of the email', async () => {
  const service = testService()
  const first = service.clock.now()
  await registered(service, user, { email: null })
  await good(service.auth.registry.change({ userId: user, by, changes: { email: 'first@bank.example' } }))
  service.clock.pass(HOUR)
  await locked(service, await setUp(service, user, 'MobileApp'))
  expect((await recordOf(service, user))?.state).toMatchObject({ stage: 'Locked', emailRegisteredAt: first })
  service.clock.pass(HOUR)
  await good(service.auth.registry.unlock({ userId: user, by }))
  expect((await recordOf(service, user))?.state).toMatchObject({
    stage: 'Registered',
    emailRegisteredAt: first,
  })
})
